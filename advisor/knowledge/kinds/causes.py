"""Classes of causes behind error messages: what each means, and the step that mends it.

``ruled_out_when`` is a condition over what a live look at the server showed.
"""

from __future__ import annotations

from typing import Any

import yaml

from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.kinds.rules import condition
from advisor.knowledge.shapes import Reader, mapping, record, text

_CLASSES = mapping(
    text(40),
    record(
        {"means": text(400), "fix": text(400)}, optional={"ruled_out_when": condition("diagnosis")}
    ),
)


def causes(node: yaml.Node, reader: Reader) -> Any:
    """The classes under one key, so that an entry can carry its file beside them."""
    return {"classes": _CLASSES(node, reader)}


KIND = Kind(causes)
