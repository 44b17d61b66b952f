"""A language: the sentences of instructions, and what clients call things in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True, slots=True)
class Language:
    """*id* is its tag in BCP 47; *labels* are by client, from the English label.

    *causes* hold ``means`` and ``fix`` by class, *findings* a sentence by code; what is not there
    has no translation.
    """

    id: str
    name: str
    sentences: Mapping[str, str]
    causes: Mapping[str, Mapping[str, str]]
    findings: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]

    def say(self, key: str, **values: str) -> str:
        """The sentence *key* with *values* in its places."""
        return filled(self.sentences[key], values)

    def label(self, client: str, text: str) -> str | None:
        """What *client* calls *text*, or a path of labels, in this language."""
        known = self.labels.get(client, {})
        if text in known:
            return known[text]
        parts = [known.get(part) or self._same(part) for part in text.split(" > ")]
        return " > ".join(part for part in parts if part) if all(parts) else None

    def _same(self, part: str) -> str | None:
        """A sign, an abbreviation, a place or a word in brackets, which no client translates."""
        if part.startswith("("):
            return self.sentences.get(f"place-{part.strip('()')}")
        is_the_same = part.startswith("{") or (part == part.upper() and " " not in part)
        return part if is_the_same else None


def filled(sentence: str, values: Mapping[str, str]) -> str:
    """*sentence* with its ``{places}`` filled; *values* are never looked into."""
    return "".join(
        literal + (values[name] if name is not None else "")
        for literal, name, _, _ in Formatter().parse(sentence)
    )


def places(sentence: str) -> set[str]:
    """The names of the ``{places}`` in *sentence*.

    Raises:
        ValueError: a brace stands alone.
    """
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
