"""One person's account, as programs want it: one server to receive, one to send.

Each program says what it can be told; the best setting that fits is taken, and what did not fit
is told in phrases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.errors import ExportError
from advisor.exporters._advisable import advisable
from advisor.exporters._exporter import Wish
from advisor.model.address import Subject, host_name
from advisor.model.auth import AuthMethod, Username, UsernameForm
from advisor.model.endpoint import Protocol, Security
from advisor.model.report import Report, Setting, Verdict
from advisor.model.text import printable

_TEMPLATES = {
    UsernameForm.ADDRESS: "%EMAILADDRESS%",
    UsernameForm.LOCALPART: "%EMAILLOCALPART%",
    UsernameForm.DOMAIN_LOCALPART: "%EMAILDOMAIN%\\%EMAILLOCALPART%",
    UsernameForm.UNKNOWN: "%EMAILADDRESS%",
}
# Where a command has to fetch the token, programs are better off with a password.
_LAST = (AuthMethod.CHALLENGE, AuthMethod.OAUTH2)
_WAYS = {
    Security.TLS: "TLS from the first byte",
    Security.STARTTLS: "STARTTLS",
    Security.NONE: "no encryption",
}
_ADDRESS = re.compile(r"localhost|\d{1,3}(\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Program:
    """What *name* can be told: ways to begin TLS by protocol, and ways to sign in.

    *leaks* maps a way that can be told, but not be made safe, to what happens with it.
    *token_hosts* are the hosts for which it fetches OAuth2 tokens by itself, and for no others;
    None where a command of the user's has to.
    """

    name: str
    ways: Mapping[Protocol, tuple[Security, ...]]
    methods: Sequence[AuthMethod]
    leaks: Mapping[Security, str] | None = None
    token_hosts: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to connect, and how to sign in; *is_unsafe* where rules forbid it.

    *username* is "" where nobody signs in, or where nobody is named.
    """

    protocol: Protocol
    host: str
    port: int
    security: Security
    username: str
    method: AuthMethod
    mechanisms: tuple[str, ...] = ()
    is_unsafe: bool = False

    @property
    def authority(self) -> str:
        """Host and port as they stand in a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def template(one: Setting) -> str:
    """The user name of *one* with the placeholders of autoconfig, good for everybody."""
    return one.username_template or _TEMPLATES.get(one.username_form) or one.username


def username(one: Setting, person: Subject) -> str:
    """The user name of *person* at *one*.

    Raises:
        ExportError: it has characters that no document should carry.
    """
    name = Username(template(one)).fill(person.local_part, person.domain.ascii)
    return checked(name, f"the user name for {one.host}")


def address(report: Report, wish: Wish, program: Program) -> str:
    """The address that the document is for, safe to write down.

    Raises:
        ExportError: nobody is named, or the address has characters that nobody can see.
    """
    if wish.person is None or wish.person.address is None:
        raise ExportError(
            f"a configuration of {program.name} is for one person: "
            f"give the address, such as alice@{report.domain}, or add --user"
        )
    return checked(wish.person.address, "the address")


def checked(text: str, what: str) -> str:
    """*text*, if it is one line of visible characters, and does not begin or end with a space.

    Raises:
        ExportError: it is not.
    """
    shown = printable(text, 400)
    if not text or shown != text.strip():
        raise ExportError(
            f"{what} cannot be written down, for it is empty or has spaces around it, control "
            f"characters or invisible ones: “{printable(text, 80)}”"
        )
    return text


def sender(wish: Wish) -> str:
    """The name that recipients see, or "" where none is wished for.

    Raises:
        ExportError: it has characters that no document should carry.
    """
    return checked(wish.name, "the name") if wish.name else ""


def ca_file(wish: Wish) -> str:
    """The file with authorities to trust, or "" for the system's.

    Raises:
        ExportError: its path has characters that no document should carry.
    """
    return checked(wish.ca_file, "the path of the CA file") if wish.ca_file else ""


def incoming(report: Report, wish: Wish, program: Program) -> tuple[Server, tuple[str, ...]]:
    """The server to receive from, and what could not be said.

    Raises:
        ExportError: no safe server is known, or none that *program* can be told.
    """
    return _server(report.incoming, "incoming", report, wish, program)


def outgoing(report: Report, wish: Wish, program: Program) -> tuple[Server, tuple[str, ...]]:
    """The server to send through, and what could not be said.

    Raises:
        ExportError: no safe server is known, or none that *program* can be told.
    """
    return _server(report.outgoing, "outgoing", report, wish, program)


def _server(
    settings: Sequence[Setting], direction: str, report: Report, wish: Wish, program: Program
) -> tuple[Server, tuple[str, ...]]:
    found = advisable(settings, wish.even_if_unsafe)
    if not found:
        raise ExportError(
            f"no safe {direction} server is known for {report.domain}: advisor recommend says why "
            "(--even-if-unsafe exports forbidden ones too)"
        )
    leaks = program.leaks or {}
    troubles = []
    for one in sorted(found, key=lambda one: wish.even_if_unsafe and one.security in leaks):
        method, trouble = _fitting(one, program, wish)
        if method is None:
            troubles.append(f"{_shown(one)} ({trouble})")
            continue
        server = Server(
            one.protocol,
            host(one),
            one.port,
            one.security,
            username(one, wish.person) if wish.person and method is not AuthMethod.NONE else "",
            method,
            one.mechanisms,
            one.verdict is Verdict.FORBIDDEN,
        )
        return server, tuple(troubles[:1])
    raise ExportError(f"{program.name} cannot be told to use {'; nor '.join(troubles[:3])}")


def _fitting(one: Setting, program: Program, wish: Wish) -> tuple[AuthMethod | None, str]:
    if one.protocol not in program.ways:
        return None, f"{program.name} does not speak {one.protocol.upper()}"
    if one.security not in program.ways[one.protocol]:
        return None, f"{program.name} cannot do {_WAYS[one.security]}"
    leak = (program.leaks or {}).get(one.security)
    if leak and not wish.even_if_unsafe:
        return None, leak
    for method in _in_order(one, program):
        if method in program.methods:
            return method, ""
    return None, f"it asks for {', '.join(one.auth)}, which {program.name} does not know there"


def _in_order(one: Setting, program: Program) -> list[AuthMethod]:
    methods = one.auth or (AuthMethod.PASSWORD,)
    if program.token_hosts is not None:
        if AuthMethod.OAUTH2 in methods and one.host in program.token_hosts:
            return [AuthMethod.OAUTH2]
        methods = tuple(method for method in methods if method is not AuthMethod.OAUTH2)
    last = [method for method in _LAST if method in methods]
    return [*(method for method in methods if method not in last), *last]


def _shown(one: Setting) -> str:
    return printable(f"{one.protocol.upper()} on {one.host}:{one.port} with {_WAYS[one.security]}")


def host(one: Setting) -> str:
    """The host of *one*, which is a name or an address and nothing else.

    Raises:
        ExportError: it is not.
    """
    if host_name(one.host) != one.host and not _ADDRESS.fullmatch(one.host):
        raise ExportError(f"“{printable(one.host, 80)}” is no host name that can be exported")
    return one.host
