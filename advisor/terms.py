"""What does a word mean? Terms, labels on screens, ports, rules and findings."""

from __future__ import annotations

import re

from advisor.engine.rulebook import references
from advisor.errors import InputError
from advisor.knowledge.library import Library
from advisor.model.answers import Meaning, Term


def explain(word: str, library: Library, client: str | None = None) -> Term:
    """What *word* means: a term, a label on a screen, a port, a rule's id or a finding's code.

    With *client* (``thunderbird@2``) only what it means there, where that is known.

    Raises:
        InputError: *client* is not written as name or name@version.
    """
    wanted = _folded(word)
    terms = library.entries("terms")
    found = [
        meaning
        for key, entry in sorted(terms.items())
        if wanted in {_folded(entry["term"]), _folded(key), *map(_folded, entry["also"])}
        for meaning in entry["meanings"]
    ]
    meanings = [
        Meaning(m["means"], m["where"], m["because"], references(m["references"])) for m in found
    ]
    meanings += _other_meanings(word, library)
    if client is not None:
        there = [m for m in meanings if m.where and applies(m.where, client)]
        meanings = there or [m for m in meanings if m.where is None]
    return Term(word, tuple(dict.fromkeys(meanings)))


def _other_meanings(word: str, library: Library) -> list[Meaning]:
    key = word.strip().lower()
    meanings = []
    if key in library.entries("ports"):
        port = library.entries("ports")[key]
        meanings.append(
            Meaning(port["answer"], None, port["because"], references(port["references"]))
        )
    if key in library.entries("rules"):
        rule = library.entries("rules")[key]
        meanings.append(
            Meaning(rule["title"], None, rule["because"], references(rule["references"]))
        )
    return meanings


def _folded(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.strip().strip("\"'“”").lower())


def near(word: str, library: Library) -> list[str]:
    """Up to three known words near *word*."""
    from difflib import get_close_matches

    terms = library.entries("terms")
    known = {_folded(entry["term"]): entry["term"] for entry in terms.values()}
    known |= {key: key for key in (*library.entries("rules"), *library.entries("ports"))}
    return [known[key] for key in get_close_matches(_folded(word), known, n=3, cutoff=0.55)]


_RANGE = re.compile(r"([a-z0-9-]+)(?:@(<|<=|>|>=|=)?(\d+)(?:-(\d+))?)?")


def applies(where: str, client: str) -> bool:
    """Does *where* (``thunderbird@<3``, ``outlook@2003-2019``) cover *client* (``thunderbird@2``)?

    Raises:
        InputError: *client* is not written as name or name@version.
    """
    named = re.fullmatch(r"([a-z0-9-]+)(?:@(\d+)(?:\.\d+)*)?", client.strip().lower())
    if named is None:
        raise InputError(f"{client[:60]} is no client: write it as thunderbird or thunderbird@2")
    name, version = named.group(1), named.group(2)
    for part in where.split(","):
        told = _RANGE.fullmatch(part.strip().lower())
        if told is None or told.group(1) != name:
            continue
        if version is None or told.group(3) is None:
            return True
        if _covers(told.group(2), int(told.group(3)), told.group(4), int(version)):
            return True
    return False


def _covers(sign: str | None, low: int, high: str | None, version: int) -> bool:
    match sign:
        case "<":
            return version < low
        case "<=":
            return version <= low
        case ">":
            return version > low
        case ">=":
            return version >= low
    return low <= version <= (int(high) if high else low)
