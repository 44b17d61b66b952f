"""Property lists → values that know their places; those of binary ones are lost."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from advisor.errors import FormatError
from advisor.formats._xml import Placed, name, read
from advisor.linting._values import Value
from advisor.linting._xml import at
from advisor.model.evidence import Problem

MAX_BINARY = 256 * 1024
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+plist[^\[\]<>]*>", re.IGNORECASE)
_KINDS = {"string": "string", "integer": "integer", "real": "real", "date": "date", "data": "data",
          "true": "boolean", "false": "boolean", "dict": "dict", "array": "array"}  # fmt: skip


def parse(document: bytes) -> Value:
    """The value of a property list.

    Raises:
        FormatError: it is none, or cannot be read.
    """
    if document.startswith(b"bplist"):
        return _binary(document)
    blank = _DOCTYPE.sub(lambda found: re.sub(rb"[^\n]", b" ", found.group()), document, count=1)
    root = read(blank, "plist", "a property list")
    if len(root) != 1:
        raise _bad("a property list holds one value", root)
    return _value(root[0])


def _binary(document: bytes) -> Value:
    import plistlib

    if len(document) > MAX_BINARY:
        raise FormatError(Problem.TOO_LARGE, "the document is too large for a property list")
    try:
        found = plistlib.loads(document, fmt=plistlib.FMT_BINARY)
    except Exception as error:  # noqa: BLE001 - a parser of strangers' bytes may raise anything
        said = type(error).__name__
        raise FormatError(
            Problem.BAD_DOCUMENT, f"the document is no binary property list ({said})"
        ) from None
    return _placeless(found, 0)


def _placeless(found: Any, depth: int) -> Value:
    if depth > 8:
        return Value("string", "")
    if isinstance(found, dict):
        return Value("dict", {str(k): _placeless(v, depth + 1) for k, v in found.items()})
    if isinstance(found, list):
        return Value("array", [_placeless(one, depth + 1) for one in found[:100]])
    kinds = {bool: "boolean", int: "integer", float: "real", bytes: "data", str: "string"}
    return Value(kinds.get(type(found), "date"), found)


def _value(element: Element) -> Value:
    kind = _KINDS.get(name(element))
    where = at(element)
    match kind:
        case "dict":
            return _dict(element)
        case "array":
            return Value("array", [_value(child) for child in element], where)
        case "boolean":
            return Value("boolean", name(element) == "true", where)
        case "integer":
            return Value("integer", _integer(element), where)
        case None:
            raise _bad(f"<{name(element)[:40]}> is no value of a property list", element)
    return Value(kind, (element.text or "").strip(), where)


def _integer(element: Element) -> int:
    text = (element.text or "").strip()
    if not re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
        raise _bad("an <integer> of the property list is no whole number", element)
    return int(text)


def _dict(element: Element) -> Value:
    found: dict[str, Value] = {}
    twice = []
    parts = list(element)
    for place in range(0, len(parts), 2):
        key = parts[place]
        if name(key) != "key" or place + 1 >= len(parts):
            raise _bad("in a <dict> of the property list <key> and value do not alternate", key)
        called = (key.text or "").strip()
        twice += [called] if called in found else []
        found[called] = _value(parts[place + 1])
    return Value("dict", found, at(element), tuple(twice))


def _bad(message: str, element: Element) -> FormatError:
    line, column = (element.line, element.column) if isinstance(element, Placed) else (0, 0)
    return FormatError(Problem.BAD_DOCUMENT, message, line, column)
