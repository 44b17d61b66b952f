"""Checking a YAML file against the shape it should have, all mistakes at once.

A shape turns a YAML node into plain data (dict, list, str, int, float, bool, None) and notes
every mistake with its place. Plain data is what the cache keeps.
"""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from advisor.knowledge.files import RETIRED
from advisor.model.text import printable

MAX_NODES = 20_000
MAX_DEPTH = 20
_TOO_DEEP = f"is nested too deep: at most {MAX_DEPTH} levels"
_STANDARD_TAG = "tag:yaml.org,2002:"

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing wrong in one file; *line* and *column* count from 1, 0 for the whole file."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = f":{self.line}:{self.column}" if self.line else ""
        return f"{printable(self.file)}{place}: {printable(self.message)}"


@dataclass(slots=True)
class Reader:
    """Collects the mistakes found while one file is read."""

    file: str
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, node: yaml.Node | yaml.Event | None, message: str) -> None:
        """Note that *message* is true of *node*, or of the whole file."""
        mark = node.start_mark if node else None
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        self.mistakes.append(Mistake(self.file, line, column, message))


Shape = Callable[[yaml.Node, Reader], Any]


def read(content: bytes, shape: Shape, reader: Reader) -> Any:
    """The plain data of a YAML document with *shape*; None, with mistakes noted, if it has not."""
    try:
        document = content.decode("utf-8")
        if not _is_tame(document, reader):
            return None
        node = yaml.compose(document, Loader=_Loader)
    except UnicodeDecodeError as error:
        reader.wrong(None, f"is not UTF-8 text: byte {error.start} cannot be read")
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problem = error.problem or error.context
        # libyaml has a limit of its own, which it may meet while it reads ahead.
        is_deep = problem is not None and "nesting depth" in problem
        what = _TOO_DEEP if is_deep else f"is not valid YAML: {problem}"
        reader.mistakes.append(Mistake(reader.file, line, column, what))
        return None
    except (yaml.YAMLError, RecursionError) as error:
        reader.wrong(None, f"is not valid YAML: {str(error).splitlines()[0]}")
        return None
    if node is None:
        reader.wrong(None, "is empty: expected a mapping")
        return None
    return shape(node, reader)


def _is_tame(document: str, reader: Reader) -> bool:
    """Is nothing in *document* an alias, of a strange type, too deep or too much?

    Looked at event by event: composing a document nests as deep as the document does.
    """
    depth = nodes = 0
    for event in yaml.parse(document, Loader=_Loader):
        if isinstance(event, yaml.NodeEvent):
            nodes += 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        fault = _fault(event, depth, nodes)
        if fault:
            reader.wrong(event, fault)
            return False
    return True


def _fault(event: yaml.Event, depth: int, nodes: int) -> str:
    if isinstance(event, yaml.AliasEvent):
        return "is an alias (*name): write out what it stands for"
    if depth > MAX_DEPTH:
        return _TOO_DEEP
    if nodes > MAX_NODES:
        return f"is too much for one file: at most {MAX_NODES} values"
    tag = getattr(event, "tag", None)
    if tag and not tag.startswith(_STANDARD_TAG):
        return f"has the tag {tag}: leave it out"
    return ""


def plain(node: yaml.Node) -> Any:
    """The scalar value of *node* as YAML reads it; dates as ISO text, None for what is no value."""
    try:
        value = _Loader("").construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
        return None
    return value.isoformat() if isinstance(value, datetime.date) else value


def kind_of(node: yaml.Node) -> str:
    """What *node* is, in words."""
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return f"“{node.value}”" if node.value else "nothing"


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint such as "; did you mean “port”?", or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean “{close[0]}”?" if close else ""


def text(limit: int = 2000) -> Shape:
    """A text of at most *limit* characters; numbers and dates are taken as written."""

    def shape(node: yaml.Node, reader: Reader) -> Any:
        if not isinstance(node, yaml.ScalarNode) or node.tag.endswith((":null", ":bool")):
            reader.wrong(node, f"expected a text, found {kind_of(node)}")
            return None
        value = " ".join(str(node.value).split())
        if not value and limit:
            reader.wrong(node, "expected a text, found nothing")
        elif len(value) > limit:
            reader.wrong(node, f"expected at most {limit} characters, found {len(value)}")
        return value

    return shape


def empty_or(shape: Shape) -> Shape:
    """An empty text, or *shape*."""

    def either(node: yaml.Node, reader: Reader) -> Any:
        return "" if isinstance(node, yaml.ScalarNode) and node.value == "" else shape(node, reader)

    return either


def nullable(shape: Shape) -> Shape:
    """null, or *shape*."""

    def either(node: yaml.Node, reader: Reader) -> Any:
        is_null = isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")
        return None if is_null else shape(node, reader)

    return either


def retirable(shape: Shape) -> Shape:
    """``status: retired`` and nothing else, or *shape*."""

    def either(node: yaml.Node, reader: Reader) -> Any:
        if isinstance(node, yaml.MappingNode) and len(node.value) == 1:
            ((key, value),) = node.value
            if (key.value, value.value) == ("status", "retired"):
                return dict(RETIRED)
        return shape(node, reader)

    return either


def choice(*allowed: str) -> Shape:
    """One of *allowed*."""

    def shape(node: yaml.Node, reader: Reader) -> Any:
        if not isinstance(node, yaml.ScalarNode) or node.value not in allowed:
            hint = nearest(str(node.value), allowed) if isinstance(node, yaml.ScalarNode) else ""
            reader.wrong(node, f"expected {_listed(allowed)}, found {kind_of(node)}{hint}")
            return None
        return node.value

    return shape


def number(low: int, high: int) -> Shape:
    """A whole number between *low* and *high*."""

    def shape(node: yaml.Node, reader: Reader) -> Any:
        value = plain(node) if isinstance(node, yaml.ScalarNode) else None
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            reader.wrong(node, f"expected a whole number {low} to {high}, found {kind_of(node)}")
            return None
        return value

    return shape


def date() -> Shape:
    """A day, YYYY-MM-DD."""

    def shape(node: yaml.Node, reader: Reader) -> Any:
        try:
            return datetime.date.fromisoformat(str(node.value)).isoformat()
        except ValueError:
            reader.wrong(node, f"expected a day such as 2026-11-23, found {kind_of(node)}")
            return None

    return shape


def listing(shape: Shape, *, at_least: int = 0) -> Shape:
    """A list of *shape*."""

    def of(node: yaml.Node, reader: Reader) -> Any:
        if not isinstance(node, yaml.SequenceNode):
            reader.wrong(node, f"expected a list, found {kind_of(node)}")
            return []
        if len(node.value) < at_least:
            reader.wrong(node, f"expected at least {at_least} in this list")
        return [shape(item, reader) for item in node.value]

    return of


def pairs(node: yaml.Node, reader: Reader) -> list[tuple[str, yaml.Node, yaml.Node]]:
    """Key, key node and value node of a mapping; no mapping and repeated keys are mistakes."""
    if not isinstance(node, yaml.MappingNode):
        reader.wrong(node, f"expected a mapping, found {kind_of(node)}")
        return []
    seen: dict[str, tuple[str, yaml.Node, yaml.Node]] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in seen:
            reader.wrong(key, f"“{name}” stands here twice")
        seen[name] = (name, key, value)
    return list(seen.values())


def mapping(key: Shape, shape: Shape) -> Shape:
    """A mapping from keys of shape *key* to values of *shape*."""

    def of(node: yaml.Node, reader: Reader) -> Any:
        return {
            str(key(key_node, reader)): shape(value, reader)
            for _, key_node, value in pairs(node, reader)
        }

    return of


def record(fields: Mapping[str, Shape], *, optional: Mapping[str, Shape] | None = None) -> Shape:
    """A mapping with exactly these fields, in this order; *optional* ones may be left out."""
    maybe = optional or {}
    known = {**fields, **maybe}

    def of(node: yaml.Node, reader: Reader) -> Any:
        found = {}
        for name, key_node, value in pairs(node, reader):
            if name not in known:
                hint = nearest(name, known)
                reader.wrong(key_node, f"unknown field “{name}”{hint}; known: {', '.join(known)}")
            else:
                found[name] = known[name](value, reader)
        if isinstance(node, yaml.MappingNode):
            for name in fields:
                if name not in found:
                    reader.wrong(node, f"the field “{name}” is missing")
        return {name: found.get(name) for name in known if name in found or name in fields}

    return of


def _listed(words: Iterable[str]) -> str:
    *front, last = words
    return f"{', '.join(front)} or {last}" if front else last
