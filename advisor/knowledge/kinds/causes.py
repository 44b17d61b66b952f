"""Classes of causes behind error messages: what each means, and the step that mends it.

``enter`` is what a client's form has to show against it, best first.
``ruled_out_when`` is a condition over what a live look at the server showed.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from advisor.knowledge.files import Root, bundled, read_contents
from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.kinds.rules import condition
from advisor.knowledge.shapes import (
    Mistake,
    Reader,
    choice,
    kind_of,
    listing,
    mapping,
    nearest,
    read,
    record,
    text,
)

_ENTER = record(
    {},
    optional={
        "security": listing(choice("tls", "starttls")),
        "sign_in": listing(choice("password", "oauth2")),
    },
)
_CLASSES = mapping(
    text(40),
    record(
        {"means": text(400), "fix": text(400)},
        optional={"enter": _ENTER, "ruled_out_when": condition("diagnosis")},
    ),
)


def causes(node: yaml.Node, reader: Reader) -> Any:
    """The classes under one key, so that an entry can carry its file beside them."""
    return {"classes": _CLASSES(node, reader)}


@cache
def bundled_classes() -> tuple[str, ...]:
    """The names of the bundled classes: those that a message can name."""
    contents = read_contents(Root(bundled(), "bundled"), "causes")
    return tuple(read(contents[0][1], mapping(text(), lambda *_: None), Reader("causes.yaml")))


def cause_class(node: yaml.Node, reader: Reader) -> Any:
    """One class of ``causes.yaml``."""
    known = bundled_classes()
    if not isinstance(node, yaml.ScalarNode) or node.value not in known:
        hint = nearest(str(node.value), known) if isinstance(node, yaml.ScalarNode) else ""
        reader.wrong(node, f"expected a class of causes.yaml, found {kind_of(node)}{hint}")
        return None
    return node.value


def complete(found: dict[str, Any]) -> list[Mistake]:
    """A file that replaces the bundled one has its classes, since the messages name them."""
    return [
        Mistake(one["file"], 0, 0, f"the class “{name}” is missing, which bundled messages name")
        for one in found.values()
        for name in bundled_classes()
        if name not in one["classes"]
    ]


KIND = Kind(causes, complete)
