"""The whole report as YAML: the same members as in JSON, in the same order."""

from __future__ import annotations

import msgspec
import yaml

from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.report import Report


def render(report: Report, wish: Wish) -> Export:  # noqa: ARG001 - it hides nothing
    """UTF-8 YAML, ``schema`` first, the rest in the order of the documentation."""
    plain = msgspec.to_builtins(report, str_keys=True)
    ordered = {"schema": plain.pop("schema"), **plain}
    text = yaml.safe_dump(ordered, sort_keys=False, allow_unicode=True, width=100)
    return Export(text.encode("utf-8"))


EXPORTER = Exporter("yaml", "the whole report, as YAML", "application/yaml", "report.yaml", render)
