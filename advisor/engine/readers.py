"""What each known mail program would make of a document: its quirks are data (``rules/readers``).

A program passes over what it does not know, may refuse the whole document, may misread a value,
and takes one server for each direction: the first, the last, or the one that it prefers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from advisor.engine import published
from advisor.engine.evaluate import fill
from advisor.engine.when import compile_condition
from advisor.model.endpoint import INCOMING, OUTGOING, Security
from advisor.model.published import Entry, ReaderRow, Reading, ReadServer

_DIRECTIONS = {"incoming": INCOMING, "outgoing": OUTGOING}


def rows(
    reading: Reading, form: str, readers: Mapping[str, Mapping[str, Any]]
) -> tuple[ReaderRow, ...]:
    """A row for each of *readers* (checked knowledge) that has something to do with *form*."""
    whole = published.document(reading, form)
    facts = published.entries(reading, form)
    entries = list(zip(reading.entries, facts, strict=True))
    return tuple(
        _row(key, reader, reader["reads"][form], whole, entries)
        for key, reader in sorted(readers.items())
        if form in reader["reads"]
    )


def server(entry: Entry) -> ReadServer:
    """*entry* as somebody reads it who misunderstands nothing."""
    return ReadServer(
        entry.protocol,
        entry.host or entry.host_written,
        entry.port,
        entry.security,
        entry.username,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """An entry that a program would use, as it understands it."""

    entry: Entry
    server: ReadServer
    says: tuple[str, ...]


def _row(
    key: str,
    reader: Mapping[str, Any],
    how: Mapping[str, Any],
    whole: dict[str, Any],
    entries: Sequence[tuple[Entry, dict[str, Any]]],
) -> ReaderRow:
    if how.get("ignores"):
        return _without(key, reader, how, "ignores", (how["ignores"],))
    if not whole["document.whole"]:
        return _without(key, reader, how, "refuses", ("It cannot use it as it is.",))
    known = [
        (entry, facts)
        for entry, facts in entries
        if entry.protocol in how["protocols"] and not entry.denied
    ]
    against = _said(how.get("refuses-file-when"), whole)
    for _, facts in known:
        against += _said(how.get("refuses-file-with"), facts)
    if against:
        return _without(key, reader, how, "refuses", tuple(dict.fromkeys(against)))
    skipped: list[str] = []
    usable = []
    for entry, facts in known:
        reasons = _said(how.get("skips-section-with"), facts)
        skipped += reasons
        if not reasons:
            usable.append(_read(entry, facts, how))
    taken = {name: _taken(name, usable, how) for name in _DIRECTIONS}
    missing = [name for name in how.get("needs") or () if taken[name] is None]
    if missing or not any(taken.values()):
        why = skipped or [f"It finds no {name} server that it can use." for name in missing]
        outcome = "refuses" if missing else "nothing"
        return _without(key, reader, how, outcome, tuple(dict.fromkeys(why)))
    chosen = [one for one in taken.values() if one is not None]
    says = [note for one in chosen for note in one.says] + skipped + list(how.get("notes") or ())
    return ReaderRow(
        key,
        reader["name"],
        "uses",
        taken["incoming"].server if taken["incoming"] else None,
        taken["outgoing"].server if taken["outgoing"] else None,
        tuple(dict.fromkeys(says)),
        how["confidence"],
    )


def _without(
    key: str, reader: Mapping[str, Any], how: Mapping[str, Any], outcome: str, says: tuple[str, ...]
) -> ReaderRow:
    return ReaderRow(key, reader["name"], outcome, None, None, says, how["confidence"])


def _said(quirks: Iterable[Mapping[str, Any]] | None, facts: dict[str, Any]) -> list[str]:
    return [
        fill(quirk["says"], facts)
        for quirk in quirks or ()
        if compile_condition(quirk["when"])(facts)
    ]


def _read(entry: Entry, facts: dict[str, Any], how: Mapping[str, Any]) -> _Read:
    found, says = server(entry), []
    for quirk in how.get("misreads-section-with") or ():
        if compile_condition(quirk["when"])(facts):
            found = _changed(found, quirk["as"], facts)
            says.append(fill(quirk["says"], facts))
    says += _said(how.get("doubts-section-with"), facts)
    filled = how.get("fills", facts["published.placeholders"])
    literal = [one for one in facts["published.placeholders"] if one not in filled]
    if literal:
        says.append(f"It takes {', '.join(literal)} in the user name literally.")
    return _Read(entry, found, tuple(says))


def _changed(found: ReadServer, values: Mapping[str, Any], facts: dict[str, Any]) -> ReadServer:
    if "security" in values:
        security = values["security"]
        found = replace(found, security=None if security == "unknown" else Security(security))
    if "username" in values:
        found = replace(found, username=values["username"])
    if "port" in values:
        mode = "tls" if found.security is Security.TLS else "starttls"
        found = replace(found, port=facts[f"published.port_{mode}"])
    return found


def _taken(direction: str, usable: Sequence[_Read], how: Mapping[str, Any]) -> _Read | None:
    """The one of *usable* that the program takes to receive or to send."""
    fitting = [one for one in usable if one.entry.protocol in _DIRECTIONS[direction]]
    order = (how.get("prefers") or {}).get(direction)
    if order is not None:
        fitting = [one for one in fitting if one.entry.security_written in order]
        fitting.sort(key=lambda one: order.index(one.entry.security_written))
    if not fitting:
        return None
    return fitting[-1] if how["takes"][direction] == "last" else fitting[0]
