"""The languages that instructions can be written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.errors import InputError
from advisor.model.language import Language
from advisor.model.text import printable

if TYPE_CHECKING:
    from advisor.knowledge.library import Library

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
        texts=entry.get("texts") or {},
        labels={one: found["words"] for one, found in (entry.get("labels") or {}).items()},
    )
