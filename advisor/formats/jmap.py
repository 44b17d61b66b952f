"""The JMAP session object, as far as finding the service needs it.

See: RFC 8620 §2.
"""

from __future__ import annotations

from advisor.errors import FormatError
from advisor.formats import _json
from advisor.model.text import printable

CORE = "urn:ietf:params:jmap:core"


def is_session(document: bytes) -> bool:
    """Is *document* a session object? It must name the core capability (RFC 8620 §2)."""
    return bool(capabilities(document))


def capabilities(document: bytes) -> tuple[str, ...]:
    """The URNs of what the server of a session can do, as safe text; none for what is no session.

    Extensions count only beside the core.
    """
    try:
        found = _json.read(document, "a JMAP session").get("capabilities")
    except FormatError:
        return ()
    if not isinstance(found, dict) or CORE not in found:
        return ()
    return tuple(printable(urn, 200) for urn in found)
