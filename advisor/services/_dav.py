"""What CalDAV and CardDAV have in common: a DAV server is asked who somebody would be there.

See: RFC 6764 §5 and §6, RFC 4918 §10.1, RFC 5397 §3.
"""

from __future__ import annotations

from advisor.formats.srv import WELL_KNOWN
from advisor.model.endpoint import Protocol
from advisor.services._base import Reply, Request, Service

_PRINCIPAL = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>'
)
_ASK = Request(
    "PROPFIND",
    (("Depth", "0"), ("Content-Type", "application/xml; charset=utf-8"), ("Accept", "*/*")),
    _PRINCIPAL,
)


def service(protocol: Protocol, name: str) -> Service:
    """The look at *protocol*."""
    return Service(
        protocol=protocol,
        name=name,
        path=WELL_KNOWN[protocol],
        ask=_ASK,
        is_there=_is_there,
        capabilities=_classes,
        also=Request("OPTIONS", (("Accept", "*/*"),)),
        at_root=True,
    )


def _is_there(reply: Reply) -> bool:
    """A wish for a login, an answer in several parts, or the header of DAV."""
    return reply.status in (401, 207) or (reply.status == 200 and bool(reply.values("dav")))


def _classes(reply: Reply) -> tuple[str, ...]:
    """The compliance classes: 1, 3, calendar-access, addressbook … (RFC 4918 §10.1)."""
    words = (word.strip() for value in reply.values("dav") for word in value.split(","))
    return tuple(dict.fromkeys(word for word in words if word))
