"""The whole report as YAML: the same members as in JSON, in the same order."""

from __future__ import annotations

from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.formats.written import as_yaml
from advisor.model.report import Report


def render(report: Report, wish: Wish) -> Export:  # noqa: ARG001 - it hides nothing
    """UTF-8 YAML, ``schema`` first, the rest in the order of the documentation.

    Characters that nobody can see are escaped.
    """
    return Export(as_yaml(report).encode())


EXPORTER = Exporter("yaml", "the whole report, as YAML", "application/yaml", "report.yaml", render)
