"""From the text of an error to its causes and the step that mends it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from advisor.engine.recognise import Pasted
from advisor.knowledge.library import Library
from advisor.model.address import host_name
from advisor.model.diagnosis import Cause, Diagnosis, Match
from advisor.model.text import printable

# How much of a text is read; of a longer log the end tells most.
MOST = 1 << 20
MOST_MATCHES = 12

Entry = Mapping[str, Any]


_HOST = re.compile(
    r"\b((?:imap|imaps|pop|pop3|smtp|mail|mx|send|out)[a-z0-9-]{0,20}(?:\.[a-z0-9-]{1,63}){1,6})",
    re.IGNORECASE,
)


def host_in(text: str) -> str | None:
    """The first name in *text* that looks like a mail server's, or None."""
    found = (host_name(match.group(1)) for match in _HOST.finditer(text[-MOST:]))
    return next(filter(None, found), None)


def diagnose(text: str, library: Library, out: frozenset[str] = frozenset()) -> Diagnosis:
    """What the messages in *text* mean, the most specific first, with causes in order.

    *out* are causes that a live look has ruled out: they are told apart, not dropped. Text that
    nobody knows gives a diagnosis without matches, and the nearest known messages.
    """
    pasted = Pasted(text[-MOST:])
    entries = list(_entries(library))
    matches = _ranked(_found(pasted, entries))
    weighed = tuple(dict.fromkeys(cause for match in matches for cause in match.causes))
    causes = tuple(cause for cause in weighed if cause not in out)
    classes = library.single("causes")["classes"]
    return Diagnosis(
        matches=matches,
        causes=causes,
        explained=tuple(Cause(c, classes[c]["means"], classes[c]["fix"]) for c in causes),
        ruled_out=tuple(cause for cause in weighed if cause in out),
        near=() if matches else _near(pasted.text, entries),
        findings=(),
    )


def _entries(library: Library) -> Iterator[Entry]:
    for key, family in sorted(library.entries("errors").items()):
        for one in family["entries"]:
            yield {**one, "family": key, "origin": family["origin"]}


def _found(pasted: Pasted, entries: Iterable[Entry]) -> Iterator[Match]:
    for one in entries:
        if matched := pasted.recognised(one):
            yield _match(one, matched)


def _match(one: Entry, matched: str) -> Match:
    return Match(
        id=one["id"],
        matched=printable(matched, 200),
        where=tuple(one["where"]),
        means=one["means"],
        causes=tuple(one["causes"]),
        tells_apart=one["tells_apart"],
        fixes=tuple(one["fixes"]),
        generic=one["generic"],
        confidence=one["confidence"],
        source=one["source"],
        origin=one["origin"],
    )


def _ranked(matches: Iterable[Match]) -> tuple[Match, ...]:
    ordered = sorted(matches, key=lambda m: (m.generic, -len(m.matched), m.id))
    return tuple(ordered[:MOST_MATCHES])


def _near(text: str, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Up to three known messages that resemble the first line of *text*."""
    line = text[:200].lower()
    scored = sorted(
        (
            (SequenceMatcher(None, line, example[:200].lower()).quick_ratio(), example)
            for one in entries
            for example in one["examples"][:1]
        ),
        reverse=True,
    )
    return tuple(printable(example, 120) for ratio, example in scored[:3] if ratio > 0.3)
