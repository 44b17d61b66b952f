"""The accounts of a configuration profile."""

from __future__ import annotations

import re
from collections.abc import Iterator

from advisor.linting._linter import Slips
from advisor.linting._values import Value
from advisor.model.address import host_name
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import CONVENTIONAL, Protocol, Security
from advisor.model.published import Entry
from advisor.model.text import printable

PLACEHOLDER = re.compile(r"%[A-Z]{4,}%|\{\{?\w+\}?\}|\$\{\w+\}")
_TYPES = {"EmailTypeIMAP": Protocol.IMAP, "EmailTypePOP": Protocol.POP3}
_METHODS = {
    "EmailAuthNone": AuthMethod.NONE,
    "EmailAuthPassword": AuthMethod.PASSWORD,
    "EmailAuthCRAMMD5": AuthMethod.CHALLENGE,
    "EmailAuthNTLM": AuthMethod.NTLM,
    "EmailAuthHTTPMD5": AuthMethod.CHALLENGE,
}


def mail(payload: Value, slips: Slips) -> Iterator[Entry]:
    """The two servers of a mail account."""
    kind = payload.get("EmailAccountType")
    protocol = _TYPES.get(kind.value if kind and kind.kind == "string" else "")
    if kind is not None and protocol is None:
        slips.add("account-type", kind.at, text=str(kind.value), instead=" or ".join(_TYPES))
    yield _server(payload, "Incoming", protocol or Protocol.IMAP, slips)
    yield _server(payload, "Outgoing", Protocol.SMTP, slips)


def _server(payload: Value, side: str, protocol: Protocol, slips: Slips) -> Entry:
    prefix = f"{side}MailServer"
    host = payload.get(f"{prefix}HostName")
    port = _port(payload, f"{prefix}PortNumber", slips)
    if port is None and side == "Outgoing" and f"{prefix}PortNumber" not in payload.value:
        slips.add("outgoing-port-missing", payload.at)
    if f"{prefix}UseSSL" not in payload.value:
        slips.add("use-ssl-missing", payload.at, prefix=prefix)
    encrypted = _flag(payload, f"{prefix}UseSSL")
    method, written = _method(payload, f"{prefix}Authentication", slips)
    place = host.at if host is not None else payload.at
    usual = {Protocol.IMAP: 993, Protocol.POP3: 995}.get(protocol) if encrypted else None
    return Entry(
        protocol, *place, _host(host, slips), _shown(host), port or usual,
        _security(protocol, port, encrypted=encrypted), f"UseSSL {str(encrypted).lower()}",
        method, written, printable(payload.text(f"{prefix}Username"), 300),
        write_tls=f"<key>{prefix}UseSSL</key><true/>",
        write_starttls=f"<key>{prefix}UseSSL</key><true/>",
    )  # fmt: skip


def _security(protocol: Protocol, port: int | None, *, encrypted: bool) -> Security:
    """UseSSL is one bit: which of the two modes is meant only the port can tell."""
    if not encrypted:
        return Security.NONE
    return CONVENTIONAL.get((protocol, port or 0), Security.TLS)


def dav(payload: Value, kind: str, slips: Slips) -> Iterator[Entry]:
    """The server of a calendar or of an address book."""
    prefix, protocol = ("CalDAV", Protocol.CALDAV)
    if kind == "com.apple.carddav.account":
        prefix, protocol = ("CardDAV", Protocol.CARDDAV)
    host = payload.get(f"{prefix}HostName")
    encrypted = f"{prefix}UseSSL" not in payload.value or _flag(payload, f"{prefix}UseSSL")
    place = host.at if host is not None else payload.at
    if not encrypted:
        slips.add("url-without-encryption", place, prefix=prefix)
    yield Entry(
        protocol, *place, _host(host, slips), _shown(host),
        _port(payload, f"{prefix}Port", slips) or (443 if encrypted else 80),
        Security.TLS if encrypted else Security.NONE, f"UseSSL {str(encrypted).lower()}",
        username=printable(payload.text(f"{prefix}Username"), 300),
    )  # fmt: skip


def _flag(payload: Value, key: str) -> bool:
    found = payload.get(key)
    return found is not None and found.value is True


def _shown(host: Value | None) -> str:
    return printable(str(host.value), 253) if host is not None else ""


def _host(host: Value | None, slips: Slips) -> str | None:
    if host is None or host.kind != "string":
        return None
    found = host_name(host.value)
    if found is None:
        slips.add("hostname-invalid", host.at, text=host.value)
    return found


def _port(payload: Value, key: str, slips: Slips) -> int | None:
    found = payload.get(key)
    if found is None or found.kind != "integer":
        return None
    if 1 <= found.value <= 65535:
        return int(found.value)
    slips.add("port-invalid", found.at, text=found.value)
    return None


def _method(
    payload: Value, key: str, slips: Slips
) -> tuple[tuple[AuthMethod, ...], tuple[str, ...]]:
    found = payload.get(key)
    if found is None or found.kind != "string":
        return (), ()
    method = _METHODS.get(found.value)
    if method is None:
        slips.add("authentication-unusable", found.at, text=found.value, key=key)
        return (), (printable(found.value, 40),)
    return (method,), (found.value,)
