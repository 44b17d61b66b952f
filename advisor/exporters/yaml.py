"""The whole report as YAML: the same members as in JSON, in the same order."""

from __future__ import annotations

import msgspec
import yaml

from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.report import Report
from advisor.model.text import escaped, printable


class _Dumper(yaml.SafeDumper):
    """Puts text with characters that nobody can see into double quotes, where they have escapes."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    is_plain = printable(text, len(text)) == text
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if is_plain else '"')


_Dumper.add_representer(str, _text)


def render(report: Report, wish: Wish) -> Export:  # noqa: ARG001 - it hides nothing
    """UTF-8 YAML, ``schema`` first, the rest in the order of the documentation.

    Characters that nobody can see are escaped.
    """
    plain = msgspec.to_builtins(report, str_keys=True)
    ordered = {"schema": plain.pop("schema"), **plain}
    text = yaml.dump(ordered, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return Export(escaped(text, lambda one: f"\\U{ord(one):08x}").encode("utf-8"))


EXPORTER = Exporter("yaml", "the whole report, as YAML", "application/yaml", "report.yaml", render)
