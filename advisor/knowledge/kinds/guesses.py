"""Host names to try where nobody publishes anything; "" stands for the domain itself."""

from __future__ import annotations

from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import empty_or, listing, record, text

_NAMES = listing(empty_or(text(63)))

KIND = Kind(record({"imap": _NAMES, "pop3": _NAMES, "smtp": _NAMES}))
