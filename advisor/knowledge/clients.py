"""The mail clients we know: found however people write their names, read in their versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.knowledge.client_names import Names
from advisor.knowledge.versions import Version, bounds, covers, numbers
from advisor.model.client import Client, Label, Limit, SignIn

__all__ = ["Clients", "Entry", "Unknown", "covers", "numbers", "read"]

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unknown:
    """No client was recognised; *near* are the ids of up to three that look like it."""

    text: str
    near: tuple[str, ...]


class Clients:
    """The clients by id and by the names that people type; *entries* are checked knowledge."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = entries
        self._names = Names(
            (
                (name, key)
                for key, entry in entries.items()
                for name in (key, entry["name"], *entry["also"])
            ),
            self._has,
        )

    def find(self, text: str) -> Client | Unknown:
        """The client and version that *text* means: ``tb@2``, ``Outlook 2016``, ``iPhone``.

        Without a version the newest is taken; with one that is in no range, the range below it,
        and the oldest where there is none below.
        """
        meant = self._names.meant(text)
        if meant is None:
            return Unknown(text, self._names.nearest(text))
        return self._read(*meant)

    def within(self, sentence: str) -> Client | None:
        """The client that a sentence names, with the version that follows its name."""
        meant = self._names.within(sentence)
        return self._read(*meant) if meant else None

    def every(self) -> list[Client]:
        """All versions of all clients, by id, newest first."""
        return [
            _client(key, entry, section, None)
            for key, entry in sorted(self._entries.items())
            for section in entry["versions"]
        ]

    def _has(self, key: str, version: str) -> bool:
        sections = self._entries[key]["versions"]
        return any(covers(one["range"], numbers(version)) for one in sections)

    def _read(self, key: str, version: str | None) -> Client:
        return read(key, self._entries[key], version)


def read(key: str, entry: Entry, version: str | None) -> Client:
    """The client of *entry* in *version*, or in its newest where none is given."""
    sections: Sequence[Entry] = entry["versions"]
    section = sections[0] if version is None else _section(sections, numbers(version))
    return _client(key, entry, section, version)


def _section(sections: Sequence[Entry], version: Version) -> Entry:
    """The section that holds *version*, or else the one below it, or else the oldest."""
    for section in sections:
        if covers(section["range"], version):
            return section
    ordered = sorted(sections, key=lambda one: bounds(one["range"]))
    below = [one for one in ordered if bounds(one["range"])[0] <= version]
    return below[-1] if below else ordered[0]


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
        verified=entry["verified"],
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
        hosts=tuple(one.get("hosts") or ()),
    )
