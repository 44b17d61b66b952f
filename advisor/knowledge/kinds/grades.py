"""The letters of an audit's grade, and the least score that earns each."""

from __future__ import annotations

from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import mapping, number, record, text

KIND = Kind(record({"letters": mapping(text(2), number(0, 100))}))
