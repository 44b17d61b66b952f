"""The JMAP session object, as far as finding the service needs it.

See: RFC 8620 §2.
"""

from __future__ import annotations

from advisor.errors import FormatError
from advisor.formats import _json

CORE = "urn:ietf:params:jmap:core"


def is_session(document: bytes) -> bool:
    """Is *document* a session object? It must name the core capability (RFC 8620 §2)."""
    try:
        capabilities = _json.read(document, "a JMAP session").get("capabilities")
    except FormatError:
        return False
    return isinstance(capabilities, dict) and CORE in capabilities
