"""Service records for mail: their labels, what they lead to, and the order to try them in.

See: RFC 2782; RFC 6186 §3; RFC 8314 §5.1; RFC 5804 §1.8; RFC 6764 §3; RFC 8620 §2.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol as Shape
from typing import TypeVar

from advisor.model.address import host_name
from advisor.model.endpoint import Endpoint, Protocol, Security


class ServiceRecord(Shape):
    """The fields of an SRV record, whoever read it; *target* is "." where nothing is offered."""

    @property
    def priority(self) -> int: ...
    @property
    def weight(self) -> int: ...
    @property
    def port(self) -> int: ...
    @property
    def target(self) -> str: ...


R = TypeVar("R", bound=ServiceRecord)

MAIL = {
    "_imaps": (Protocol.IMAP, Security.TLS),
    "_imap": (Protocol.IMAP, Security.STARTTLS),
    "_pop3s": (Protocol.POP3, Security.TLS),
    "_pop3": (Protocol.POP3, Security.STARTTLS),
    "_submissions": (Protocol.SMTP, Security.TLS),
    "_submission": (Protocol.SMTP, Security.STARTTLS),
}
SERVICES = {
    "_sieve": (Protocol.MANAGESIEVE, Security.STARTTLS),
    "_jmap": (Protocol.JMAP, Security.TLS),
    "_caldavs": (Protocol.CALDAV, Security.TLS),
    "_carddavs": (Protocol.CARDDAV, Security.TLS),
}
LABELS = MAIL | SERVICES
# RFC 8620 §2.2, RFC 6764 §5: where the service is found when nothing else is said.
WELL_KNOWN = {
    Protocol.JMAP: "/.well-known/jmap",
    Protocol.CALDAV: "/.well-known/caldav",
    Protocol.CARDDAV: "/.well-known/carddav",
}


def owner(label: str, domain: str) -> str:
    """The name at which *domain* publishes the records of *label*."""
    return f"{label}._tcp.{domain}"


def label(protocol: Protocol, security: Security) -> str | None:
    """The label under which such a server is published, or None where there is none."""
    wanted = (protocol, security)
    return next((name for name, stands_for in LABELS.items() if stands_for == wanted), None)


def endpoint(label: str, record: ServiceRecord) -> Endpoint | None:
    """Where *record*, found under *label*, leads; None where its target or port is none."""
    protocol, security = LABELS[label]
    host = host_name(record.target)
    if host is None or not 1 <= record.port <= 65535:
        return None
    return Endpoint(protocol, host, record.port, security)


def url(endpoint: Endpoint, path: str = "") -> str | None:
    """The web address of a service that is spoken over HTTPS; None for the others."""
    default = WELL_KNOWN.get(endpoint.protocol)
    if default is None:
        return None
    port = "" if endpoint.port == 443 else f":{endpoint.port}"
    return f"https://{endpoint.host}{port}{path or default}"


def zone_line(name: str, rdtype: str, data: str, *, ttl: int) -> str:
    """One record as a master file has it, with the full name, so that it fits into any zone.

    *name* without its last dot, *ttl* in seconds. See: RFC 1035 §5.1.
    """
    return f"{name}. {ttl} IN {rdtype} {data}"


def order(records: Iterable[R]) -> tuple[R, ...]:
    """*records* in the order to try them: priority, then the highest weight, then by name.

    RFC 2782 draws among equal priorities at random by weight; advice must come out the same
    every time, so the likeliest is taken first. A target of "." is left out.
    """
    offered = (record for record in records if record.target != ".")
    return tuple(sorted(offered, key=_key))


def _key(record: ServiceRecord) -> tuple[int, int, str, int]:
    return record.priority, -record.weight, record.target, record.port


def is_denied(records: Iterable[ServiceRecord]) -> bool:
    """Do *records* say that the service is definitely not offered (RFC 6186 §3.4)?"""
    targets = {record.target for record in records}
    return targets == {"."}


def is_path(path: str) -> bool:
    """May *path* (RFC 6764 §4) be put into a web address as it is?"""
    return re.fullmatch(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/-]{0,200}", path) is not None
