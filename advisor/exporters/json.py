"""The whole report as JSON (``advisor schema`` has its schema)."""

from __future__ import annotations

import json

import msgspec

from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.report import Report
from advisor.model.text import escaped


def render(report: Report, wish: Wish) -> Export:  # noqa: ARG001 - it hides nothing
    """Indented UTF-8 JSON, ``schema`` first, the rest in the order of the documentation.

    Characters that nobody can see are escaped.
    """
    plain = msgspec.to_builtins(report, str_keys=True)
    ordered = {"schema": plain.pop("schema"), **plain}
    text = json.dumps(ordered, indent=2, ensure_ascii=False)
    return Export((escaped(text, lambda one: json.dumps(one)[1:-1]) + "\n").encode())


EXPORTER = Exporter("json", "the whole report", "application/json", "report.json", render)
