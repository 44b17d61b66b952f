"""Zone text → records with their lines, as far as it can be read.

Reads master files (RFC 1035 §5.1) record by record, so that one bad line does not hide the next.
Nothing is included or generated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from advisor.linting._linter import Slips

MAX_RECORDS = 2000
MAX_LINE = 4000
CLASSES = ("IN", "CH", "HS")

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|;[^\n]*|[()]|(?:[^\s;()"\\]|\\.)+|"')
_TTL = re.compile(r"\d[\dsmhdw]{0,19}", re.IGNORECASE)
_TYPE = re.compile(
    r"A|AAAA|AFSDB|ALIAS|ANAME|APL|CAA|CDNSKEY|CDS|CERT|CNAME|CSYNC|DHCID|DNAME|DNSKEY|DS|HINFO|"
    r"HTTPS|IPSECKEY|KEY|KX|LOC|MX|NAPTR|NS|NSEC|NSEC3|NSEC3PARAM|OPENPGPKEY|PTR|RP|RRSIG|SMIMEA|"
    r"SOA|SPF|SRV|SSHFP|SVCB|TLSA|TXT|URI|ZONEMD|TYPE\d{1,5}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Record:
    """One record: *name* absolute and in lower case, *data* as written; *at* is line and column."""

    at: tuple[int, int]
    name: str
    written: str
    type: str
    data: tuple[str, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class _Line:
    """One logical line; *inherits* where it begins with a blank."""

    at: tuple[int, int]
    words: tuple[str, ...]
    inherits: bool


def absolute(name: str, origin: str) -> str:
    """*name* as it counts below *origin*, without the final dot, in lower case."""
    if name == "@":
        return origin.lower()
    if name.endswith("."):
        return name[:-1].lower()
    return f"{name}.{origin}".lower() if origin else name.lower()


def records(text: str, slips: Slips) -> Iterator[Record]:
    """The records of *text*; what is none becomes a slip."""
    origin, owner, count = "", "", 0
    for line in _lines(text, slips):
        if line.words[0].startswith("$"):
            origin = _directive(line, origin, slips)
            continue
        count += 1
        if count > MAX_RECORDS:
            slips.add("records-too-many", line.at, limit=MAX_RECORDS)
            return
        words = list(line.words)
        if not line.inherits:
            owner = words.pop(0)
        found = _record(line.at, owner, words, origin, slips)
        if found is not None:
            yield found


def _directive(line: _Line, origin: str, slips: Slips) -> str:
    match line.words[0].upper():
        case "$ORIGIN" if len(line.words) > 1:
            return absolute(line.words[1], origin)
        case "$TTL":
            pass
        case "$INCLUDE" | "$GENERATE":
            slips.add("not-followed", line.at, directive=line.words[0].upper())
        case _:
            slips.add("directive-unknown", line.at, directive=line.words[0])
    return origin


def _record(
    at: tuple[int, int], owner: str, words: list[str], origin: str, slips: Slips
) -> Record | None:
    while words and (words[0].upper() in CLASSES or _TTL.fullmatch(words[0])):
        words.pop(0)
    if not owner or not words or not _TYPE.fullmatch(words[0]):
        slips.add("zone-syntax", at)
        return None
    return Record(at, absolute(owner, origin), owner, words[0].upper(), tuple(words[1:]), origin)


def _lines(text: str, slips: Slips) -> Iterator[_Line]:
    """Logical lines: parentheses join, comments go."""
    words: list[str] = []
    begun, inherits, depth = (0, 0), False, 0
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MAX_LINE:
            slips.add("line-too-long", (number, 1), limit=MAX_LINE)
            continue
        for found in _TOKEN.finditer(line):
            word = found.group()
            if word.startswith(";"):
                break
            if word in "()":
                depth = max(0, depth + (1 if word == "(" else -1))
                continue
            if not words:
                begun, inherits = (number, found.start() + 1), line[:1].isspace()
            words.append(word)
        if words and not depth:
            yield _Line(begun, tuple(words), inherits)
            words = []
    if words:
        slips.add("parenthesis-open", begun)
