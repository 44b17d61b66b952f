"""Values out of property lists and JSON, with the places where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Value:
    """One value: *kind* is the format's word for its type.

    *value* is a dict of texts to ``Value``, a list of ``Value``, a bool, a number, a text or None.
    *at* is line and column, (0, 0) where nobody knows. *twice* are the keys that a dict has more
    than once.
    """

    kind: str
    value: Any
    at: tuple[int, int] = (0, 0)
    twice: tuple[str, ...] = ()

    def get(self, key: str) -> Value | None:
        """What stands at *key*, or None; None too where this is no dict."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return found if isinstance(found, Value) else None

    def text(self, key: str) -> str:
        """The text at *key*, or ""."""
        found = self.get(key)
        return found.value if found is not None and isinstance(found.value, str) else ""
