"""The mail clients we know: found however people write their names, read in their versions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from advisor.model.client import Client, Label, Limit, SignIn

Entry = Mapping[str, Any]
Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """No client was recognised; *near* are ids that the name may have meant."""

    text: str
    near: tuple[str, ...]


class Clients:
    """The clients by id and by the names that people type; *entries* are checked knowledge."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = entries
        self._names = {
            _folded(name): key
            for key, entry in entries.items()
            for name in (key, entry["name"], *entry["also"])
        }

    def find(self, text: str) -> Client | Unknown:
        """The client and version that *text* means: ``tb@2``, ``Outlook 2016``, ``iPhone``.

        Without a version, or with one that is in no range, the newest is taken.
        """
        name, version = self._split(text)
        key = self._names.get(name)
        if key is None:
            close = get_close_matches(name, self._names, n=8, cutoff=0.5)
            near = tuple(dict.fromkeys(self._names[one] for one in close))[:3]
            return Unknown(text, near)
        return read(key, self._entries[key], version)

    def _split(self, text: str) -> tuple[str, str | None]:
        """A name and a version; a name that ends in a number (``outlook 365``) stays whole."""
        named, _, version = text.partition("@")
        if version:
            return _folded(named), version.strip() or None
        whole = _folded(text)
        found = re.fullmatch(r"(.+?)\s+v?(\d+(?:\.\d+)*)(?:\s.*)?", whole)
        if found and self._has(found.group(1), found.group(2)):
            return found.group(1), found.group(2)
        if whole in self._names or found is None:
            return whole, None
        return found.group(1), found.group(2)

    def _has(self, name: str, version: str) -> bool:
        """Is *version* in a range of the client called *name*?"""
        key = self._names.get(name)
        sections = self._entries[key]["versions"] if key else ()
        return any(covers(one["range"], numbers(version)) for one in sections)

    def within(self, sentence: str) -> Client | None:
        """The client that a sentence names, with the version that follows its name."""
        words = re.sub(r"[^\w.@+ -]", " ", sentence)
        text = f" {_folded(words)} "
        named = [name for name in self._names if f" {name} " in text]
        if not named:
            return None
        name = max(named, key=len)
        version = re.search(rf" {re.escape(name)} v?(\d+(?:\.\d+)*) ", text)
        key = self._names[name]
        return read(key, self._entries[key], version.group(1) if version else None)

    def every(self) -> list[Client]:
        """All versions of all clients, by id, newest first."""
        return [
            _client(key, entry, section, None)
            for key, entry in sorted(self._entries.items())
            for section in entry["versions"]
        ]


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[\s_-]+", " ", text.strip().lower()).split())


def read(key: str, entry: Entry, version: str | None) -> Client:
    """The client of *entry* in *version*, or in its newest where that is in no range."""
    sections: Sequence[Entry] = entry["versions"]
    if version is not None:
        for section in sections:
            if covers(section["range"], numbers(version)):
                return _client(key, entry, section, version)
    return _client(key, entry, sections[0], version)


def covers(span: str, version: Version) -> bool:
    """Does the range *span* (``<3``, ``>=132``, ``2007-2019``, ``*``) hold *version*?

    A bound with fewer numbers covers all below it: 2.0.0.24 lies in ``2-2``.
    """
    if span == "*":
        return True
    sign = re.match(r"[<>]=?", span)
    if sign:
        bound = numbers(span[sign.end() :])
        cut = version[: len(bound)]
        match sign.group():
            case "<":
                return cut < bound
            case "<=":
                return cut <= bound
            case ">":
                return cut > bound
        return cut >= bound
    low, _, high = span.partition("-")
    first, last = numbers(low), numbers(high or low)
    return version[: len(first)] >= first and version[: len(last)] <= last


def numbers(text: str) -> Version:
    """The numbers of a version: (2, 0, 0, 24)."""
    return tuple(int(part) for part in re.findall(r"\d+", text))


def _client(key: str, entry: Entry, section: Entry, version: str | None) -> Client:
    return Client(
        id=key,
        name=entry["name"],
        kind=entry["kind"],
        version=version,
        range=section["range"],
        protocols=tuple(entry["protocols"]),
        labels=tuple(_label(one) for one in section["labels"]),
        sign_in=tuple(_sign_in(one) for one in section["sign_in"]),
        reads=tuple(section["reads"]) if section.get("reads") is not None else None,
        fields=dict(section.get("fields") or {}),
        paths=dict(section.get("paths") or {}),
        ports={
            f"{one['protocol']}:{one['does']}": one["port"]
            for one in (section.get("ports") or {}).get("defaults", ())
        },
        ports_follow=(section.get("ports") or {}).get("follows"),
        max_tls=section.get("max_tls"),
        limits=tuple(_limit(one) for one in section.get("limits") or ()),
        notes=tuple(entry.get("notes") or ()),
        origin=entry["origin"],
    )


def _label(one: Entry) -> Label:
    return Label(
        label=one["label"],
        protocols=tuple(one["protocols"]),
        does=one["does"],
        confidence=one["confidence"],
        source=one["source"],
        note=one.get("note"),
        ports=tuple(one.get("ports") or ()),
        except_ports=tuple(one.get("except_ports") or ()),
    )


def _sign_in(one: Entry) -> SignIn:
    return SignIn(
        label=one["label"],
        protocols=tuple(one["protocols"]),
        does=one["does"],
        confidence=one["confidence"],
        source=one["source"],
        note=one.get("note"),
    )


def _limit(one: Entry) -> Limit:
    return Limit(
        limit=one["limit"],
        says=one["says"],
        confidence=one["confidence"],
        source=one["source"],
        protocols=tuple(one.get("protocols") or ()),
    )
