"""A configuration profile for iPhone, iPad and Mac.

One bit says that there is TLS, none says how it begins: the system takes STARTTLS on the ports that
are usual for it. So implicit TLS is taken where a good server has it. Without a person in it, the
device asks for address and user name; it always asks for the password.

See: Apple, device-management, ``TopLevel``, ``com.apple.mail.managed``,
``com.apple.caldav.account`` and ``com.apple.carddav.account``.
"""

from __future__ import annotations

import plistlib
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from advisor.errors import ExportError
from advisor.exporters import _account as account
from advisor.exporters._advisable import advisable, is_home
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.auth import AuthMethod, UsernameForm
from advisor.model.endpoint import CONVENTIONAL, Protocol, Security
from advisor.model.report import Report, Setting, Verdict
from advisor.model.text import printable

_METHODS = {
    AuthMethod.PASSWORD: "EmailAuthPassword",
    AuthMethod.NTLM: "EmailAuthNTLM",
    AuthMethod.CHALLENGE: "EmailAuthCRAMMD5",
    AuthMethod.NONE: "EmailAuthNone",
}
_TYPES = {Protocol.IMAP: "EmailTypeIMAP", Protocol.POP3: "EmailTypePOP"}
_DAV = {Protocol.CALDAV: "CalDAV", Protocol.CARDDAV: "CardDAV"}
_MAIL = (*_TYPES, Protocol.SMTP)
_EXACTLY = account.Program("a profile", dict.fromkeys(_MAIL, (Security.TLS,)), tuple(_METHODS))
_ROUGHLY = replace(_EXACTLY, ways=dict.fromkeys(_MAIL, tuple(Security)))

Payload = dict[str, Any]
Found = tuple[account.Server, tuple[str, ...]]


def export(report: Report, wish: Wish) -> Export:
    """A profile with one mail account, and the calendars and address books beside it.

    The same report gives the same identifiers, so that a newer profile replaces the older one.

    Raises:
        ExportError: no server that a profile can name, or only one on the user's own computer.
    """
    receive, lost = _best(account.incoming, report, wish)
    send, lost_too = _best(account.outgoing, report, wish)
    shared = advisable(report.services, wish.even_if_unsafe)
    dav = [one for one in shared if one.protocol in _DAV and one.security is Security.TLS]
    who = wish.person
    about = who.shown if who else report.domain_unicode
    names = _Names(report.domain, who.local_part if who else None)
    parts = [
        {**_mail(report, wish, receive, send), **names.payload("mail", "com.apple.mail.managed")},
        *(
            {
                **_service(one, report, wish),
                **names.payload(f"{one.protocol}.{at}", f"com.apple.{one.protocol}.account"),
            }
            for at, one in enumerate(dav, 1)
        ),
    ]
    profile = {
        "PayloadContent": parts,
        "PayloadDescription": f"Sets up the mail account of {about}. It holds no password.",
        "PayloadDisplayName": printable(f"Mail for {about}", 200),
        "PayloadOrganization": _provider(report),
        **names.payload("", "Configuration"),
    }
    document = plistlib.dumps(profile, sort_keys=True)
    forbidden = [f"{one.protocol}://{one.authority}" for one in (receive, send) if one.is_unsafe]
    forbidden += [str(one.endpoint) for one in dav if one.verdict is Verdict.FORBIDDEN]
    return Export(
        _with_warning(document, forbidden),
        (*lost, *lost_too, *_lost(report, wish, (receive, send), dav)),
    )


class _Names:
    """Identifiers in reverse DNS, and UUIDs made of them, for a domain or one person in it."""

    def __init__(self, domain: str, local_part: str | None) -> None:
        self._base = ".".join((*reversed(domain.split(".")), "mail"))
        self._unique = uuid.uuid5(uuid.NAMESPACE_URL, f"mailto:{local_part or ''}@{domain}")
        if local_part is not None:
            self._base += f".{self._unique}"

    def payload(self, part: str, kind: str) -> Payload:
        """The members that every payload has."""
        return {
            "PayloadIdentifier": f"{self._base}.{part}" if part else self._base,
            "PayloadType": kind,
            "PayloadUUID": str(uuid.uuid5(self._unique, part or "profile")).upper(),
            "PayloadVersion": 1,
        }


def _best(choose: Callable[..., Found], report: Report, wish: Wish) -> Found:
    clear = replace(
        report,
        incoming=tuple(one for one in report.incoming if not _is_misread(one)),
        outgoing=tuple(one for one in report.outgoing if not _is_misread(one)),
    )
    try:
        found = choose(clear, replace(wish, even_if_unsafe=False), _EXACTLY)
    except ExportError:
        found = choose(report, wish, _ROUGHLY)
    if is_home(found[0].host):
        raise ExportError(
            f"mail of {report.domain} goes through a program on the user's own computer, "
            "which no profile can set up: advisor recommend says more"
        )
    return found


def _is_misread(one: Setting | account.Server) -> bool:
    """Would a device that goes by the port begin TLS in the other way?"""
    usual = CONVENTIONAL.get((one.protocol, one.port), one.security)
    return Security.NONE not in (one.security, usual) and one.security is not usual


def _mail(report: Report, wish: Wish, receive: account.Server, send: account.Server) -> Payload:
    payload: Payload = {
        "EmailAccountDescription": _provider(report),
        "EmailAccountType": _TYPES[receive.protocol],
        "OutgoingPasswordSameAsIncomingPassword": send.method is not AuthMethod.NONE,
        **_server("Incoming", receive),
        **_server("Outgoing", send),
    }
    if wish.person and wish.person.address:
        payload["EmailAddress"] = account.checked(wish.person.address, "the address")
    if wish.name:
        payload["EmailAccountName"] = account.checked(wish.name, "the name")
    return payload


def _server(way: str, server: account.Server) -> Payload:
    payload: Payload = {
        f"{way}MailServerHostName": server.host,
        f"{way}MailServerPortNumber": server.port,
        f"{way}MailServerUseSSL": server.security is not Security.NONE,
        f"{way}MailServerAuthentication": _METHODS[server.method],
    }
    if server.username:
        payload[f"{way}MailServerUsername"] = server.username
    return payload


def _service(one: Setting, report: Report, wish: Wish) -> Payload:
    prefix = _DAV[one.protocol]
    payload: Payload = {
        f"{prefix}AccountDescription": _provider(report),
        f"{prefix}HostName": account.host(one),
        f"{prefix}Port": one.port,
        f"{prefix}UseSSL": True,
    }
    path = urlsplit(one.url or "").path
    if path not in ("", "/"):
        payload[f"{prefix}PrincipalURL"] = printable(one.url or "", 2000)
    if wish.person:
        payload[f"{prefix}Username"] = account.username(one, wish.person)
    return payload


def _provider(report: Report) -> str:
    return printable(report.provider.name if report.provider else report.domain_unicode, 200)


def _lost(
    report: Report, wish: Wish, servers: tuple[account.Server, ...], dav: list[Setting]
) -> Iterator[str]:
    for one in servers:
        if _is_misread(one):
            yield (
                f"how TLS begins on {one.authority} (one switch stands for both ways, and by the "
                "port the device would take the other one)"
            )
        elif one.security is Security.STARTTLS:
            yield (
                f"that TLS begins with STARTTLS on {one.authority} (one switch stands for both "
                "ways, and the device chooses by the port)"
            )
    used = {(one.host, one.port) for one in servers}
    forms = {
        one.username_form
        for one in (*report.incoming, *report.outgoing)
        if (one.host, one.port) in used
    }
    if wish.person is None and forms - {UsernameForm.ADDRESS, UsernameForm.UNKNOWN}:
        yield "that the user name is not the address (the device asks for it; add --user)"
    for service in report.services:
        if service.is_usable and service not in dav:
            yield f"{service.endpoint} (a profile has no such account)"


def _with_warning(document: bytes, unsafe: list[str]) -> bytes:
    if not unsafe:
        return document
    names = re.sub("-(?=-)", "- ", printable(", ".join(unsafe)))
    head, mark, rest = document.partition(b"<plist")
    comment = f"<!-- UNSAFE, exported on request, do not publish: {names} -->\n"
    return head + comment.encode() + mark + rest


EXPORTER = Exporter(
    "mobileconfig",
    "configuration profile for iPhone, iPad and Mac",
    "application/x-apple-aspen-config",
    "mail.mobileconfig",
    export,
    is_signable=True,
    is_opened=True,
    places=("https://autoconfig.{domain}/mail.mobileconfig",),
)
