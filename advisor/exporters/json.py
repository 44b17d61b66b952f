"""The whole report as JSON (``advisor schema`` has its schema)."""

from __future__ import annotations

from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.formats.written import as_json
from advisor.model.report import Report


def render(report: Report, wish: Wish) -> Export:  # noqa: ARG001 - it hides nothing
    """Indented UTF-8 JSON, ``schema`` first, the rest in the order of the documentation.

    Characters that nobody can see are escaped.
    """
    return Export(f"{as_json(report)}\n".encode())


EXPORTER = Exporter("json", "the whole report", "application/json", "report.json", render)
