"""One ``Protocol`` of an Autodiscover response.

``Encryption`` counts before ``SSL``; ``SSL``, ``SPA`` and ``AuthRequired`` are on where nothing
is said. ``SSL`` alone does not tell implicit TLS from STARTTLS: programs go by the port.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from advisor.linting._linter import Slips
from advisor.linting._xml import at, first, value
from advisor.model.address import host_name
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import CONVENTIONAL, Protocol, Security, conventional_ports
from advisor.model.published import Entry
from advisor.model.text import printable

_TYPES = {"IMAP": Protocol.IMAP, "POP3": Protocol.POP3, "SMTP": Protocol.SMTP}
_OTHERS = frozenset({"EXCH", "EXPR", "EXHTTP", "WEB", "DAV", "NNTP", "CalDAV", "CardDAV"})
_ENCRYPTIONS = {"SSL": Security.TLS, "TLS": Security.STARTTLS, "None": Security.NONE}
_PLACEHOLDER = re.compile(r"%[A-Z]{4,}%|\{\{?\w+\}?\}|\$\{\w+\}")


def protocol(section: Element, slips: Slips) -> Entry | None:
    """The server of a section for IMAP, POP3 or SMTP; None for others."""
    kind = _text(section, "Type", slips) or section.get("Type", "").strip()
    spoken = _TYPES.get(kind.upper())
    if spoken is None:
        if not kind:
            slips.add("type-missing", at(section))
        elif kind not in _OTHERS:
            slips.add("type-unknown", at(section), kind=kind, instead=", ".join(_TYPES))
        return None
    if kind not in _TYPES:
        slips.add("type-case", at(section), kind=kind, right=kind.upper())
    host, written = _server(section, slips)
    port = _port(section, spoken, slips)
    security, said = _security(section, spoken, port, slips)
    _switches(section, spoken, slips)
    return Entry(
        spoken, *at(section), host, written, port, security, said,
        (_method(section, slips),), (), _login(section, slips),
        protocol_written=printable(kind, 40), ssl_written=_word(section, "SSL"),
        write_tls="<SSL>on</SSL><Encryption>SSL</Encryption>",
        write_starttls="<SSL>on</SSL><Encryption>TLS</Encryption>",
    )  # fmt: skip


def _text(section: Element, called: str, slips: Slips) -> str:
    part = first(section, called)
    return value(part, slips) if part is not None else ""


def _place(section: Element, called: str) -> tuple[int, int]:
    part = first(section, called)
    return at(section if part is None else part)


def _server(section: Element, slips: Slips) -> tuple[str | None, str]:
    text = _text(section, "Server", slips)
    found = host_name(text)
    if not text:
        slips.add("hostname-missing", at(section))
    elif found is None:
        slips.add("hostname-invalid", _place(section, "Server"), text=text)
    return found, printable(text, 253)


def _port(section: Element, spoken: Protocol, slips: Slips) -> int | None:
    text = _text(section, "Port", slips)
    if text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535:
        return int(text)
    if text:
        slips.add("port-invalid", _place(section, "Port"), text=text)
    else:
        slips.add("port-missing", at(section), port=conventional_ports(spoken)[0][0])
    return None


def _switch(section: Element, called: str, slips: Slips) -> bool | None:
    """on, off, or None where nothing is said."""
    text = _text(section, called, slips)
    part = first(section, called)
    if part is None:
        return None
    if text not in ("on", "off"):
        on = text.lower() in ("on", "true", "yes", "1")
        slips.add("switch-value", at(part), text=text, name=called, right="on" if on else "off")
        return on
    return text == "on"


def _word(section: Element, called: str) -> str:
    part = first(section, called)
    return "" if part is None else printable((part.text or "").strip(), 40)


def _security(
    section: Element, spoken: Protocol, port: int | None, slips: Slips
) -> tuple[Security, str]:
    ssl = _switch(section, "SSL", slips)
    text = _text(section, "Encryption", slips)
    by_port = CONVENTIONAL.get((spoken, port or 0), Security.TLS)
    if text in _ENCRYPTIONS:
        found = _ENCRYPTIONS[text]
        if ssl is not None and ssl is (found is Security.NONE):
            slips.add(
                "ssl-and-encryption",
                _place(section, "Encryption"),
                ssl="on" if ssl else "off",
                text=text,
                right="off" if found is Security.NONE else "on",
            )
        return found, f"Encryption {text}"
    if text:
        right = next((one for one in _ENCRYPTIONS if one.lower() == text.lower()), "SSL")
        if text != "Auto":
            slips.add("encryption-value", _place(section, "Encryption"), text=text, right=right)
        return by_port, f"Encryption {printable(text, 20)}"
    if ssl is None:
        slips.add("ssl-missing", at(section))
    if ssl is False:
        return Security.NONE, "SSL off"
    if by_port is Security.STARTTLS:
        slips.add("ssl-ambiguous", _place(section, "SSL"), port=port)
    return by_port, "SSL on"


def _switches(section: Element, spoken: Protocol, slips: Slips) -> None:
    if _switch(section, "SPA", slips) is None:
        slips.add("spa-missing", at(section))
    if _switch(section, "DomainRequired", slips) and not _text(section, "DomainName", slips):
        slips.add("domain-name-missing", at(section))
    if spoken is not Protocol.SMTP:
        for called in ("UsePOPAuth", "SMTPLast"):
            if first(section, called) is not None:
                slips.add("for-smtp-only", _place(section, called), name=called)


def _method(section: Element, slips: Slips) -> AuthMethod:
    if _switch(section, "AuthRequired", slips) is False:
        return AuthMethod.NONE
    part = first(section, "SPA")
    spa = part is not None and (part.text or "").strip() == "on"
    return AuthMethod.NTLM if spa else AuthMethod.PASSWORD


def _login(section: Element, slips: Slips) -> str:
    text = _text(section, "LoginName", slips)
    if not text and first(section, "LoginName") is None:
        slips.add("login-missing", at(section))
    if _PLACEHOLDER.search(text):
        slips.add("placeholder-in-login", _place(section, "LoginName"), text=text)
    return printable(text, 300)
