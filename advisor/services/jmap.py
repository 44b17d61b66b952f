"""JMAP: the session object, or the wish for a login before it is handed out (RFC 8620 §2)."""

from __future__ import annotations

from advisor.formats.jmap import capabilities
from advisor.formats.srv import WELL_KNOWN
from advisor.model.endpoint import Protocol
from advisor.services._base import Reply, Request, Service


def _is_there(reply: Reply) -> bool:
    """A web site that has a page for everything is none: JSON, or 401 (RFC 8620 §2.2)."""
    return reply.status == 401 or bool(_capabilities(reply))


def _capabilities(reply: Reply) -> tuple[str, ...]:
    return capabilities(reply.body) if reply.status == 200 and reply.cut is None else ()


SERVICE = Service(
    protocol=Protocol.JMAP,
    name="JMAP",
    path=WELL_KNOWN[Protocol.JMAP],
    ask=Request(headers=(("Accept", "application/json"),)),
    is_there=_is_there,
    capabilities=_capabilities,
)
