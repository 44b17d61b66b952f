"""Readers: what mail programs make of published documents, quirk by quirk."""

from __future__ import annotations

from typing import Any

import yaml

from advisor.knowledge.kinds._fields import PROTOCOL
from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.kinds.rules import condition
from advisor.knowledge.shapes import (
    Reader,
    Shape,
    choice,
    date,
    empty_or,
    listing,
    nullable,
    record,
    text,
)

FORMATS = ("autoconfig", "autodiscover", "mobileconfig", "zone", "pacc")

_TAKES = choice("first", "last", "all")
_DIRECTIONS = {"incoming": listing(text(40)), "outgoing": listing(text(40))}
_SOURCED = {
    "confidence": choice("source", "measured", "vendor", "unverified"),
    "source": text(),
}


def _quirks(scope: str, more: dict[str, Shape] | None = None) -> Shape:
    """Conditions over the facts of *scope*, each with what it means for the reader."""
    return listing(record({"when": condition(scope), **(more or {}), "says": text(400)}))


_AS = record(
    {},
    optional={
        "security": choice("tls", "starttls", "none", "unknown"),
        "username": empty_or(text(80)),
        "port": choice("usual"),
    },
)
_READS = record(
    {
        "protocols": listing(PROTOCOL, at_least=1),
        "takes": record({"incoming": _TAKES, "outgoing": _TAKES}),
        **_SOURCED,
    },
    optional={
        "needs": listing(choice("incoming", "outgoing")),
        "prefers": record({}, optional=_DIRECTIONS),
        "fills": listing(text(40)),
        "refuses-file-when": _quirks("document"),
        "refuses-file-with": _quirks("published"),
        "skips-section-with": _quirks("published"),
        "misreads-section-with": _quirks("published", {"as": _AS}),
        "doubts-section-with": _quirks("published"),
        "notes": listing(text(400)),
    },
)
_IGNORES = record({"ignores": text(400), **_SOURCED})


def _reads(node: yaml.Node, reader: Reader) -> Any:
    """How one format is read, or why it is not."""
    found = node.value if isinstance(node, yaml.MappingNode) else ()
    ignored = any(key.value == "ignores" for key, _ in found)
    return (_IGNORES if ignored else _READS)(node, reader)


KIND = Kind(
    record(
        {
            "name": text(60),
            "client": nullable(text(60)),
            "reads": record({}, optional=dict.fromkeys(FORMATS, _reads)),
            "verified": date(),
        }
    )
)
