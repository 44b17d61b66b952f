"""A helpdesk's own words: who it is, and what it adds to the instructions."""

from __future__ import annotations

import re
from typing import Any

import yaml

from advisor.knowledge.files import PICTURES
from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import Reader, kind_of, listing, mapping, record, text


def _picture(node: yaml.Node, reader: Reader) -> Any:
    """The name of a picture that stands beside this file."""
    value = str(node.value)
    if "/" in value or "\\" in value or not value.lower().endswith(tuple(PICTURES)):
        reader.wrong(
            node,
            f"expected a picture beside this file ({', '.join(PICTURES)}), found {kind_of(node)}",
        )
        return None
    return value


def _link(node: yaml.Node, reader: Reader) -> Any:
    """An address of the web; ``{domain}`` in it is the mail domain."""
    value = str(node.value)
    if not re.fullmatch(r"https://[^\s<>\"{}]+", value.replace("{domain}", "d")):
        reader.wrong(node, f"expected an https address, found {kind_of(node)}")
        return None
    return value


def _tag(node: yaml.Node, reader: Reader) -> Any:
    """A language tag (RFC 5646 §2.1), in lower case as the names of the languages' files."""
    if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}", str(node.value)):
        return node.value
    reader.wrong(node, f"expected a language tag such as en or de, found {kind_of(node)}")
    return None


KIND = Kind(
    record(
        {"name": text(80)},
        optional={
            "contact": text(300),
            "language": _tag,
            "logo": _picture,
            "links": mapping(text(60), _link),
            "notes": mapping(text(60), listing(text(600), at_least=1)),
        },
    )
)
