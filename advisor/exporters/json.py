"""The whole report as JSON (``advisor schema`` has its schema)."""

from __future__ import annotations

import json

import msgspec

from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.report import Report


def render(report: Report, wish: Wish) -> Export:  # noqa: ARG001 - it hides nothing
    """Indented UTF-8 JSON, ``schema`` first, the rest in the order of the documentation."""
    plain = msgspec.to_builtins(report, str_keys=True)
    ordered = {"schema": plain.pop("schema"), **plain}
    return Export((json.dumps(ordered, indent=2, ensure_ascii=False) + "\n").encode())


EXPORTER = Exporter("json", "the whole report", "application/json", "report.json", render)
