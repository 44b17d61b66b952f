"""From the text of an error to its causes and the step that mends it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from advisor.engine.mending import choices, spoken_in
from advisor.engine.recognise import Pasted, Recognised
from advisor.knowledge.library import Library
from advisor.model.address import host_name
from advisor.model.client import Client
from advisor.model.diagnosis import Cause, Diagnosis, Match, Seen
from advisor.model.endpoint import Protocol
from advisor.model.observation import Live
from advisor.model.text import printable
from advisor.reporting import client_row

# How much of a text is read; of a longer log the end tells most.
MOST = 1 << 20
MOST_MATCHES = 12

Entry = Mapping[str, Any]
Found = tuple[Entry, Recognised]


_HOST = re.compile(
    r"\b((?:imap|imaps|pop|pop3|smtp|mail|mx|send|out)[a-z0-9-]{0,20}(?:\.[a-z0-9-]{1,63}){1,6})",
    re.IGNORECASE,
)


def host_in(text: str) -> str | None:
    """The first name in *text* that looks like a mail server's, or None."""
    found = (host_name(match.group(1)) for match in _HOST.finditer(text[-MOST:]))
    return next(filter(None, found), None)


def diagnose(
    text: str,
    library: Library | None = None,
    out: frozenset[str] = frozenset(),
    *,
    seen: tuple[Seen, ...] = (),
    client: Client | None = None,
    protocol: Protocol | None = None,
) -> Diagnosis:
    """What the messages in *text* mean, the most specific first, with causes in order.

    *out* are causes that a live look has ruled out: they are told apart, not dropped. Text that
    nobody knows gives a diagnosis without matches, and the nearest known messages. With *client*
    it tells what to choose there, for *protocol* or those that the text speaks of, but nothing
    that a look at the server has *seen* fail.
    """
    library = library or Library()
    pasted = Pasted(text[-MOST:])
    entries = list(_entries(library))
    matches = tuple(_match(one, hit.shown) for one, hit in _ranked(_found(pasted, entries)))
    telling = [match for match in matches if not match.generic] or matches
    weighed = tuple(dict.fromkeys(cause for match in telling for cause in match.causes))
    causes = tuple(cause for cause in weighed if cause not in out)
    classes = library.single("causes")["classes"]
    first = [cause for match in matches[:1] for cause in match.causes if cause not in out]
    failed = {(one.protocol, one.port) for one in seen if one.live is Live.FAILED}
    protocols = (protocol,) if protocol else spoken_in(pasted.text)
    return Diagnosis(
        matches=matches,
        causes=causes,
        explained=tuple(Cause(c, classes[c]["means"], classes[c]["fix"]) for c in causes),
        ruled_out=tuple(cause for cause in weighed if cause in out),
        near=() if matches else _near(pasted.text, entries),
        findings=(),
        client=client_row(client),
        choices=tuple(
            one
            for one in (choices(client, classes, first, protocols) if client else ())
            if (one.protocol, one.port) not in failed
        ),
        seen=seen,
    )


def _entries(library: Library) -> Iterator[Entry]:
    for key, family in sorted(library.entries("errors").items()):
        for one in family["entries"]:
            yield {**one, "family": key, "origin": family["origin"]}


def _found(pasted: Pasted, entries: Iterable[Entry]) -> Iterator[Found]:
    for one in entries:
        if hit := pasted.recognised(one):
            yield one, hit


def _ranked(found: Iterable[Found]) -> list[Found]:
    """The specific before the generic, what recognises more of the text before what does less.

    A generic message that is no more than a part of a specific one is left out.
    """
    ordered = sorted(found, key=lambda f: (f[0]["generic"], -len(f[1].shown), f[0]["id"]))
    specific = [hit for one, hit in ordered if not one["generic"]]
    return [
        (one, hit)
        for one, hit in ordered
        if not (one["generic"] and any(a.start < hit.end and hit.start < a.end for a in specific))
    ][:MOST_MATCHES]


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
