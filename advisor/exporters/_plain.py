"""Plain data as JSON and YAML, in which characters that nobody can see are escaped."""

from __future__ import annotations

import json
from typing import Any

from advisor.model.text import escaped, printable


def as_json(plain: Any) -> str:
    """*plain*, indented, members in their order."""
    text = json.dumps(plain, indent=2, ensure_ascii=False)
    return escaped(text, _json_escape)


def as_yaml(plain: Any) -> str:
    """*plain*, members in their order; text with something hidden in it stands in quotes."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Its own, so that nobody else's is changed."""

    Dumper.add_representer(str, _text)
    text = yaml.dump(plain, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)
    return escaped(text, lambda one: f"\\U{ord(one):08x}")


def _json_escape(sign: str) -> str:
    """*sign* in UTF-16, as RFC 8259 §7 has it."""
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _text(dumper: Any, text: str) -> Any:
    """Double quotes, inside of which YAML has escapes, only where they are needed."""
    style = None if printable(text, len(text)) == text else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)
