"""What of the English rules a page of instructions may show, and what a language lacks of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from advisor.engine.clients import LEAKING, UNJUDGED
from advisor.knowledge.failures import ANY, fixes, message
from advisor.knowledge.languages import ENGLISH
from advisor.knowledge.shapes import Mistake
from advisor.model.language import ASIDE

if TYPE_CHECKING:
    from advisor.knowledge.library import Library

Entry = Mapping[str, Any]

# Rules for other things never speak in a report.
_SCOPES = ("setting", "source", "conflict", "domain")
# The choices that a page tells people to make.
_CHOSEN = ("implicit", "starttls")


def languages(path: Path) -> list[str]:
    """The languages besides English that have a file in the folder *path*."""
    found = (path / "languages").glob("*.yaml")
    return sorted(one.stem for one in found if one.stem != ENGLISH)


def shown(library: Library) -> dict[str, str]:
    """Every English text that a page may show beside the steps, and the file that has it.

    Raises:
        RuleError: the rules are wrong.
    """
    found: dict[str, str] = {}
    for said, file in (
        *_findings(library.entries("rules")),
        *_notes(library.entries("providers")),
        *_choices(library.entries("clients")),
        *_failures(library),
    ):
        found.setdefault(said, file)
    return found


def optional(library: Library) -> set[str]:
    """What a language may say in its own way, and need not: names that describe, and paths."""
    clients = library.entries("clients").values()
    described = {one["name"] for one in (*clients, *library.entries("providers").values())}
    ways = [
        *(path for one in clients for version in one["versions"] for path in _ways(version)),
        *(
            step["at"]
            for entry in library.entries("instructions").values()
            for guide in entry["guides"]
            for step in guide["steps"]
            if "at" in step
        ),
    ]
    return described | set(ways) | {aside for way in ways for aside in ASIDE.findall(way)}


def _ways(version: Entry) -> Iterator[str]:
    """The paths in one version of a client, and the choices that have no label there."""
    yield from (version.get("paths") or {}).values()
    for one in (*(version.get("labels") or ()), *(version.get("sign_in") or ())):
        if ASIDE.fullmatch(one["label"]):
            yield one["label"]


def missing(library: Library, tag: str) -> dict[str, str]:
    """The texts that the language *tag* has no translation of, and the file of each."""
    texts = library.entries("languages")[tag].get("texts") or {}
    return {said: file for said, file in shown(library).items() if said not in texts}


def stale(library: Library, tag: str, path: Path) -> Iterator[Mistake]:
    """The translations in *path*, the file of the language *tag*, of what nobody says."""
    entry = library.entries("languages")[tag]
    known = shown(library).keys() | optional(library)
    lacking = missing(library, tag)
    for node in _keys(path):
        if node.value in known:
            continue
        close = difflib.get_close_matches(node.value, lacking, n=1, cutoff=0.5)
        hint = f"; it may read now: “{close[0]}” ({lacking[close[0]]})" if close else ""
        mark = node.start_mark
        said = f"no rule says “{node.value}” (any more){hint}"
        yield Mistake(entry["file"], mark.line + 1, mark.column + 1, said)


def _keys(path: Path) -> list[yaml.Node]:
    """The English texts in a language's file, with their places."""
    root = yaml.compose(path.read_bytes(), Loader=yaml.SafeLoader)
    fields: list[tuple[yaml.Node, yaml.Node]] = root.value if root else []
    texts = next((value for key, value in fields if key.value == "texts"), None)
    return [key for key, _ in texts.value] if texts else []


def _findings(rules: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    for rule in rules.values():
        said = rule["then"].get("finding")
        if said and rule["each"] in _SCOPES and rule["status"] == "stable":
            yield said, rule["file"]


def _notes(providers: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    for provider in providers.values():
        for note in provider["notes"]:
            yield note, provider["file"]


def _choices(clients: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    """What is told of the limits of clients, and of what is chosen there."""
    for client in clients.values():
        for version in client["versions"]:
            limits: Iterable[Entry] = version.get("limits") or ()
            for limit in limits:
                if limit["limit"] in (*UNJUDGED, *LEAKING):
                    yield limit["says"], client["file"]
            for label in version.get("labels") or ():
                if label.get("note") and label["does"] in _CHOSEN:
                    yield label["note"], client["file"]


def _failures(library: Library) -> Iterator[tuple[str, str]]:
    """What may have gone wrong, and what mends it: in general, and as each program says it."""
    causes, errors = library.single("causes"), library.entries("errors")
    for one in causes["classes"].values():
        yield one["means"], causes["file"]
        yield one["fix"], causes["file"]
    guides = library.entries("instructions")
    for guide in guides.values():
        causes_told = [one["cause"] for one in guides[ANY].get("likely") or ()]
        for cause, is_pop3 in product(causes_told, (False, True)):
            told = message(cause, guide.get("errors") or (), errors, is_pop3=is_pop3)
            if told:
                file = next(one["file"] for one in errors.values() if told in one["entries"])
                for said in (told["means"], *fixes(told)):
                    yield said, file
