"""The whole report as JSON (``advisor schema`` has its schema)."""

from __future__ import annotations

import msgspec

from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.exporters._plain import as_json
from advisor.model.report import Report


def render(report: Report, wish: Wish) -> Export:  # noqa: ARG001 - it hides nothing
    """Indented UTF-8 JSON, ``schema`` first, the rest in the order of the documentation.

    Characters that nobody can see are escaped.
    """
    plain = msgspec.to_builtins(report, str_keys=True)
    ordered = {"schema": plain.pop("schema"), **plain}
    return Export(f"{as_json(ordered)}\n".encode())


EXPORTER = Exporter("json", "the whole report", "application/json", "report.json", render)
