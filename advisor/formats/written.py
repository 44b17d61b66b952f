"""Documents of ours as JSON and YAML, with what nobody can see written as escapes.

Both formats have such escapes, so that readers get the same text back.
"""

from __future__ import annotations

from typing import Any

from advisor.model.text import escaped


def as_json(document: Any) -> str:
    """*document* as indented JSON; the same document gives the same bytes (RFC 8259 §7)."""
    import json

    text = json.dumps(as_plain(document), indent=2, ensure_ascii=False)
    return escaped(text, _utf16)


def _utf16(sign: str) -> str:
    """*sign* as JSON's escapes, also where they are not compulsory (DEL)."""
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def as_yaml(document: Any) -> str:
    """*document* as YAML; text that needs escapes stands in double quotes (YAML 1.2 §5.7)."""
    import yaml

    from advisor.formats._yaml import Dumper

    plain = as_plain(document)
    text = yaml.dump(plain, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)
    return escaped(text, lambda one: f"\\U{ord(one):08x}")


def as_plain(document: Any) -> Any:
    """*document* in dicts and lists, its ``schema`` first."""
    if isinstance(document, dict | list):
        return document
    import msgspec

    plain = msgspec.to_builtins(document, str_keys=True)
    if isinstance(plain, dict) and "schema" in plain:
        return {"schema": plain.pop("schema"), **plain}
    return plain
