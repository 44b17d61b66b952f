"""The contract of a kind of knowledge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from advisor.knowledge.shapes import Mistake, Shape


def _nothing(_: dict[str, Any]) -> list[Mistake]:
    return []


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: the *shape* of each file, and what can be wrong *across* files fine alone."""

    shape: Shape
    across: Callable[[dict[str, Any]], list[Mistake]] = _nothing
