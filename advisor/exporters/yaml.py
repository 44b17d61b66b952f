"""The whole report as YAML: the same members as in JSON, in the same order."""

from __future__ import annotations

import msgspec

from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.exporters._plain import as_yaml
from advisor.model.report import Report


def render(report: Report, wish: Wish) -> Export:  # noqa: ARG001 - it hides nothing
    """UTF-8 YAML, ``schema`` first, the rest in the order of the documentation.

    Characters that nobody can see are escaped.
    """
    plain = msgspec.to_builtins(report, str_keys=True)
    ordered = {"schema": plain.pop("schema"), **plain}
    return Export(as_yaml(ordered).encode("utf-8"))


EXPORTER = Exporter("yaml", "the whole report, as YAML", "application/yaml", "report.yaml", render)
