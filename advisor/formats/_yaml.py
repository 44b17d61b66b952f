"""How text is written in YAML."""

from __future__ import annotations

import yaml

from advisor.model.text import printable


class Dumper(yaml.SafeDumper):
    """Puts text with characters that nobody can see into double quotes, where they have escapes."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    is_plain = printable(text, len(text)) == text
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if is_plain else '"')


Dumper.add_representer(str, _text)
