"""Classes of causes behind error messages: what each means, and the step that mends it.

``enter`` is what a client's form has to show against it, best first.
``ruled_out_when`` is a condition over what a live look at the server showed.
"""

from __future__ import annotations

from typing import Any

import yaml

from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.kinds.rules import condition
from advisor.knowledge.shapes import Reader, choice, listing, mapping, record, text

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


KIND = Kind(causes)
