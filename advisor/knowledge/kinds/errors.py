"""Error messages: how to recognise each, what lies behind it, and what mends it."""

from __future__ import annotations

import re
from typing import Any

import yaml

from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.kinds._patterns import needle, pattern, width
from advisor.knowledge.kinds.causes import cause_class
from advisor.knowledge.shapes import (
    Mistake,
    Reader,
    choice,
    date,
    listing,
    nullable,
    record,
    text,
)

_ENTRY = record(
    {
        "id": text(80),
        "patterns": listing(pattern, at_least=1),
        "where": listing(text(80), at_least=1),
        "causes": listing(cause_class),
        "means": text(400),
        "tells_apart": nullable(text(400)),
        "fixes": listing(text(400), at_least=1),
        "generic": choice("true", "false"),
        "examples": listing(text(600), at_least=1),
        "confidence": choice("source", "vendor", "guide", "unverified"),
        "source": text(200),
    },
    optional={"also": listing(pattern)},
)


def entry(node: yaml.Node, reader: Reader) -> Any:
    """One message, with the plain text that each of its patterns needs."""
    found = _ENTRY(node, reader)
    if not isinstance(found.get("patterns"), list) or None in found["patterns"]:
        return found
    found["generic"] = found["generic"] == "true"
    found["needles"] = [needle(one) for one in found["patterns"]]
    found["widths"] = [width(one) for one in found["patterns"]]
    also = [one for one in found.get("also") or [] if one is not None]
    found["also"] = [(one, needle(one), width(one)) for one in also]
    if not reader.mistakes:
        _check_examples(node, found, reader)
    return found


def _check_examples(node: yaml.Node, found: dict[str, Any], reader: Reader) -> None:
    for one in found["patterns"]:
        if not any(re.search(one, example, re.IGNORECASE) for example in found["examples"]):
            reader.wrong(node, f"no example of “{found['id']}” shows the pattern {one}")
    for example in found["examples"]:
        if not any(re.search(one, example, re.IGNORECASE) for one in found["patterns"]):
            reader.wrong(node, f"an example of “{found['id']}” is not matched: {example[:60]}")


def one_id(found: dict[str, Any]) -> list[Mistake]:
    """An id belongs to one entry over all files."""
    owners: dict[str, str] = {}
    mistakes = []
    for family in found.values():
        for one in family["entries"]:
            if one["id"] in owners:
                message = f"the id “{one['id']}” stands in {owners[one['id']]} too"
                mistakes.append(Mistake(family["file"], 0, 0, message))
            owners[one["id"]] = family["file"]
    return mistakes


KIND = Kind(
    record({"title": text(80), "entries": listing(entry, at_least=1), "verified": date()}), one_id
)
