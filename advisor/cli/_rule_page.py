"""One rule for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from advisor.cli._markdown import cited, escaped
from advisor.cli._output import Paint
from advisor.cli._wrap import wrapped
from advisor.engine.rulebook import effect


def text(entry: Mapping[str, Any], paint: Paint) -> str:
    """The rule as a short page for a terminal."""
    own = " (yours)" if entry["origin"] == "overlay" else ""
    lines = [
        paint.bold(f"{entry['id']}: {entry['title']}") + own,
        f"{entry['severity']}, {entry['status']}, each {entry['each']}: {effect(entry['then'])}",
        paint.dim(entry["file"]),
        "",
        *wrapped(entry["because"]),
    ]
    if entry["then"].get("finding"):
        lines += ["", *wrapped(f"Says: {entry['then']['finding']}")]
    lines += ["", *(f"  {_reference(ref)}" for ref in entry["references"])]
    return "\n".join(lines)


def markdown(entry: Mapping[str, Any]) -> str:
    """The rule as Markdown."""
    lines = [
        f"## `{entry['id']}`: {escaped(entry['title'])}",
        "",
        f"{entry['severity']}, for each {entry['each']}: {escaped(effect(entry['then']))}.",
        "",
        escaped(entry["because"]),
        "",
        *(f"- {cited(_cited(ref))}: {escaped(ref['says'])}" for ref in entry["references"]),
    ]
    return "\n".join(lines)


def _reference(ref: Mapping[str, str]) -> str:
    return f"{_cited(ref)}: {ref['says']}"


def _cited(ref: Mapping[str, str]) -> str:
    return f"{ref['id']} §{ref['section']}" if ref["section"] else ref["id"]
