"""The languages that instructions can be written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from advisor.errors import InputError
from advisor.model.language import Language
from advisor.model.text import printable

if TYPE_CHECKING:
    from advisor.knowledge.library import Library

Entry = Mapping[str, Any]

ENGLISH = "en"

# How the keys of those sentences begin that are no sentences, but words in findings.
_WORDS = ("word-", "source-")


def language(library: Library, tag: str) -> Language:
    """The language that *tag* means: ``de``, also as ``de-AT`` or ``DE``.

    Raises:
        InputError: there is no such language; the message names those that there are.
    """
    known = library.entries("languages")
    wanted = tag.strip().lower().replace("_", "-")
    key = next((one for one in (wanted, wanted.partition("-")[0]) if one in known), None)
    if key is None:
        names = ", ".join(f"{one} ({entry['name']})" for one, entry in sorted(known.items()))
        raise InputError(f"no language “{printable(tag, 40)}” is known; known: {names}")
    entry = known[key]
    english = known[ENGLISH]["sentences"]
    return Language(
        id=key,
        name=entry["name"],
        sentences=entry["sentences"],
        words={
            english[one]: said for one, said in entry["sentences"].items() if one.startswith(_WORDS)
        },
        texts={**_own(library, key), **(entry.get("texts") or {})},
        labels={one: found["words"] for one, found in (entry.get("labels") or {}).items()},
    )


def _own(library: Library, tag: str) -> dict[str, str]:
    """What the helpdesk's own files say, which needs no translation where they are in *tag*."""
    desk = library.entries("helpdesk").get("helpdesk") or {}
    if desk.get("language") != tag:
        return {}
    kinds = {"rules": _of_rule, "providers": _of_provider, "clients": _of_client,
             "errors": _of_errors}  # fmt: skip
    return {
        said: said
        for kind, texts in kinds.items()
        for entry in library.entries(kind).values()
        if entry["origin"] == "overlay"
        for said in texts(entry)
    }


def _of_rule(rule: Entry) -> Iterator[str]:
    yield rule["then"].get("finding") or rule["title"]


def _of_provider(provider: Entry) -> Iterator[str]:
    yield from provider["notes"]


def _of_client(client: Entry) -> Iterator[str]:
    for version in client["versions"]:
        yield from (one["says"] for one in version.get("limits") or ())
        yield from (one["note"] for one in version.get("labels") or () if one.get("note"))


def _of_errors(family: Entry) -> Iterator[str]:
    for one in family["entries"]:
        yield from (one["means"], *one["fixes"])
