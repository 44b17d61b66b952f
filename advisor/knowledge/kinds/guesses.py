"""Host names and ports to try where nobody publishes anything."""

from __future__ import annotations

from advisor.knowledge.kinds._fields import PORT, SECURITY
from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import Shape, empty_or, listing, record, text

_NAMES = listing(empty_or(text(63)))
_PORTS = listing(record({"port": PORT, "security": SECURITY}))


def _each(shape: Shape) -> Shape:
    return record({"imap": shape, "pop3": shape, "smtp": shape})


KIND = Kind(record({"domain": _each(_NAMES), "exchanger": _each(_NAMES), "ports": _each(_PORTS)}))
