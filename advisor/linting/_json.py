"""JSON → values that know their places (RFC 8259), bounded in depth."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Any

from advisor.errors import FormatError
from advisor.linting._values import Value
from advisor.model.evidence import Problem

MAX_DOCUMENT = 256 * 1024
MAX_DEPTH = 20

_DECODER = json.JSONDecoder()
_BLANKS = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?(?:[eE][-+]?\d{1,3})?", re.ASCII)
_WORDS: dict[str, tuple[str, Any]] = {
    "true": ("boolean", True),
    "false": ("boolean", False),
    "null": ("null", None),
}


def parse(document: bytes) -> Value:
    """The value of a JSON text.

    Raises:
        FormatError: too large, not UTF-8, no JSON, or too deep; with its place.
    """
    if len(document) > MAX_DOCUMENT:
        raise FormatError(Problem.TOO_LARGE, "the document is too large for JSON settings")
    try:
        text = document.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = document.count(b"\n", 0, error.start) + 1
        raise FormatError(Problem.BAD_DOCUMENT, "the document is not UTF-8", line, 1) from None
    reader = _Reader(text)
    found, at = reader.value(0, 0)
    at = reader.blanks(at)
    if at != len(text):
        raise reader.bad("more text follows", at)
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def place(self, at: int) -> tuple[int, int]:
        line = bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1

    def bad(self, what: str, at: int) -> FormatError:
        return FormatError(
            Problem.BAD_DOCUMENT, f"the document is not valid JSON: {what}", *self.place(at)
        )

    def blanks(self, at: int) -> int:
        found = _BLANKS.match(self._text, at)
        return found.end() if found else at

    def value(self, at: int, depth: int) -> tuple[Value, int]:
        at = self.blanks(at)
        if depth > MAX_DEPTH:
            raise self.bad("it is nested too deep", at)
        sign, where = self._text[at : at + 1], self.place(at)
        if sign == "{":
            return self._object(at + 1, depth, where)
        if sign == "[":
            return self._array(at + 1, depth, where)
        if sign == '"':
            text, end = self._string(at)
            return Value("string", text, where), end
        for word, (kind, meant) in _WORDS.items():
            if self._text.startswith(word, at):
                return Value(kind, meant, where), at + len(word)
        number = _NUMBER.match(self._text, at)
        if number is None:
            raise self.bad("a value is expected here", at)
        return Value("number", float(number.group()), where), number.end()

    def _string(self, at: int) -> tuple[str, int]:
        try:
            text, end = _DECODER.raw_decode(self._text, at)
        except json.JSONDecodeError as error:
            raise self.bad("a text is not closed or has wrong escapes", error.pos) from None
        return str(text), end

    def _array(self, at: int, depth: int, where: tuple[int, int]) -> tuple[Value, int]:
        found: list[Value] = []
        at = self.blanks(at)
        if self._text.startswith("]", at):
            return Value("array", found, where), at + 1
        while True:
            one, at = self.value(at, depth + 1)
            found.append(one)
            at = self.blanks(at)
            if self._text.startswith("]", at):
                return Value("array", found, where), at + 1
            at = self._comma(at)

    def _object(self, at: int, depth: int, where: tuple[int, int]) -> tuple[Value, int]:
        found: dict[str, Value] = {}
        twice: list[str] = []
        at = self.blanks(at)
        if self._text.startswith("}", at):
            return Value("object", found, where), at + 1
        while True:
            at = self.blanks(at)
            if not self._text.startswith('"', at):
                raise self.bad("the name of a member is expected here, in double quotes", at)
            name, at = self._string(at)
            at = self.blanks(at)
            if not self._text.startswith(":", at):
                raise self.bad("“:” is expected here", at)
            twice += [name] if name in found else []
            found[name], at = self.value(at + 1, depth + 1)
            at = self.blanks(at)
            if self._text.startswith("}", at):
                return Value("object", found, where, tuple(twice)), at + 1
            at = self._comma(at)

    def _comma(self, at: int) -> int:
        if not self._text.startswith(",", at):
            raise self.bad("“,” is expected here, or the end of the list", at)
        return at + 1
