"""Protocols, ways to begin TLS, and the endpoints they are spoken at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit


class Protocol(StrEnum):
    """What is spoken; mail clients need IMAP or POP3 to read, SMTP (submission) to send."""

    IMAP = "imap"
    POP3 = "pop3"
    SMTP = "smtp"
    MANAGESIEVE = "managesieve"
    JMAP = "jmap"
    CALDAV = "caldav"
    CARDDAV = "carddav"
    EWS = "ews"
    ACTIVESYNC = "activesync"

    @property
    def shown(self) -> str:
        """The name as people write it: IMAP, CalDAV."""
        return _NAMES.get(self.value, self.value.upper())


# Where it is not written in capitals.
_NAMES = {
    "managesieve": "ManageSieve",
    "caldav": "CalDAV",
    "carddav": "CardDAV",
    "activesync": "ActiveSync",
}


INCOMING = (Protocol.IMAP, Protocol.POP3)
OUTGOING = (Protocol.SMTP,)


class Security(StrEnum):
    """How TLS begins, never which version of it (RFC 8314 §2).

    ``TLS`` is implicit TLS, ``STARTTLS`` an upgrade that must succeed, ``NONE`` no encryption.
    """

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True, order=True)
class Endpoint:
    """One way to reach one server: *host* in A-labels, *port* 1-65535.

    *path* is where a service over HTTPS lives there, with its query; empty for all others.
    """

    protocol: Protocol
    host: str
    port: int
    security: Security
    path: str = ""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.protocol}://{host}:{self.port}{self.path}"


def path_of(url: str | None) -> str:
    """What stands behind the host in *url*; "" where there is none."""
    if url is None:
        return ""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


# RFC 8314 §3 and §7, RFC 6409 §3.1, RFC 5804 §1.8.
CONVENTIONAL: dict[tuple[Protocol, int], Security] = {
    (Protocol.IMAP, 993): Security.TLS,
    (Protocol.IMAP, 143): Security.STARTTLS,
    (Protocol.POP3, 995): Security.TLS,
    (Protocol.POP3, 110): Security.STARTTLS,
    (Protocol.SMTP, 465): Security.TLS,
    (Protocol.SMTP, 587): Security.STARTTLS,
    (Protocol.SMTP, 25): Security.STARTTLS,
    (Protocol.MANAGESIEVE, 4190): Security.STARTTLS,
}


def conventional_ports(protocol: Protocol) -> tuple[tuple[int, Security], ...]:
    """The ports clients use for *protocol*, implicit TLS first; port 25 is not among them."""
    return tuple(
        (port, security)
        for (spoken, port), security in CONVENTIONAL.items()
        if spoken is protocol and port != 25
    )
