"""Regular expressions that run in linear time, and the plain text each one cannot do without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from advisor.knowledge.shapes import Reader, kind_of

# Python's own parser: its tree tells what a pattern may cost before it is ever run.
_parser: Any = __import__("re._parser", fromlist=["parse"])

MOST_REPEATS = 500
MOST_WAYS = 50_000
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_FORBIDDEN = {
    "GROUPREF": "a back-reference",
    "GROUPREF_EXISTS": "a conditional",
}


def pattern(node: yaml.Node, reader: Reader) -> Any:
    """A regular expression that is tried without regard to case, in linear time."""
    value = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
    if not value:
        reader.wrong(node, f"expected a regular expression, found {kind_of(node)}")
        return None
    try:
        tree = _parser.parse(value, re.IGNORECASE)
    except re.error as error:
        reader.wrong(node, f"is not a regular expression: {error}")
        return None
    for trouble in _troubles(tree, repeated=False):
        reader.wrong(node, f"could run for ever on hostile text: {trouble}")
    return value


def _troubles(tree: Any, *, repeated: bool) -> Iterator[str]:
    for code, value in tree:
        name = str(code)
        if name in _FORBIDDEN:
            yield f"{_FORBIDDEN[name]} is not allowed"
        high = value[1] if name in _REPEATS else 1
        if high > MOST_REPEATS:
            yield f"bound the repeat, as in {{0,60}} (at most {MOST_REPEATS})"
        if repeated and high > 1:
            yield "a repeat inside a repeat is not allowed"
        for inner in _inside(name, value):
            yield from _troubles(inner, repeated=repeated or high > 1)
    if not repeated and _ways(tree) > MOST_WAYS:
        yield f"its open repeats, multiplied, give more than {MOST_WAYS} ways to match"


def _inside(name: str, value: Any) -> list[Any]:
    """The trees within one node."""
    if name in _REPEATS:
        return [value[2]]
    if name in ("ASSERT", "ASSERT_NOT"):
        return [value[1]]
    if name == "SUBPATTERN":
        return [value[-1]]
    if name == "ATOMIC_GROUP":
        return [value]
    return list(value[1]) if name == "BRANCH" else []


def _ways(tree: Any) -> int:
    """In how many ways the repeats of *tree* can share a text out, at most."""
    ways = 1
    for code, value in tree:
        name = str(code)
        inner = [_ways(one) for one in _inside(name, value)]
        open_ends = min(value[1], MOST_REPEATS) - value[0] + 1 if name in _REPEATS else 1
        ways *= max(open_ends, 1) * max(sum(inner), 1)
    return ways


def width(value: str) -> int:
    """How many characters a match of the pattern has at most."""
    return int(_parser.parse(value, re.IGNORECASE).getwidth()[1])


def needle(value: str) -> str:
    """The longest plain text, lower-cased, that every match of the pattern holds; "" for none."""
    runs = _literals(_parser.parse(value, re.IGNORECASE))
    longest = max(runs, key=len, default="")
    return longest.lower() if len(longest) >= 3 else ""


def _literals(tree: Any) -> list[str]:
    runs, run = [], ""
    for code, value in tree:
        name = str(code)
        if name == "LITERAL" and chr(value).isascii():
            run += chr(value)
            continue
        runs.append(run)
        run = ""
        if name == "SUBPATTERN":
            runs += _literals(value[-1])
        elif name in ("MAX_REPEAT", "MIN_REPEAT") and value[0] > 0:
            runs += _literals(value[2])
    return [*runs, run]
