"""A language: the sentences of instructions, and what clients call things in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

# A fact in the sentence of a rule.
FACT = re.compile(r"\{([a-z][a-z0-9_]*\.[a-z0-9_]+)\}")

# What a path of labels says in words of ours, such as “(account)”.
ASIDE = re.compile(r"\([^()]+\)")


@dataclass(frozen=True, slots=True)
class Language:
    """*id* is its tag in BCP 47; *labels* are by client, from the English label.

    *words* are those that the code puts into findings, *texts* what the other rules say; both are
    from the English. What is not there has no translation.
    """

    id: str
    name: str
    sentences: Mapping[str, str]
    words: Mapping[str, str]
    texts: Mapping[str, str]
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

    def told(self, english: str) -> str | None:
        """*english*, one text of the rules or several with blanks between; None if one has none."""
        return _run(english, self.texts, " ")

    def listed(self, english: str) -> str | None:
        """*english*, one of the words or several with commas between; None if one has none."""
        return _run(english, self.words, ", ")

    def date(self, english: str) -> str | None:
        """ "3 February 2027" as it is written in this language."""
        found = re.fullmatch(r"(\d+) (\w+) (\d+)", english)
        if found is None or found[2] not in self.words:
            return None
        return self.say("date", day=found[1], month=self.words[found[2]], year=found[3])


def _run(english: str, known: Mapping[str, str], between: str) -> str | None:
    """*english* where all of it is *known*: as it is, or in parts with *between* in between."""
    if english in known:
        return known[english]
    for gap in re.finditer(re.escape(between), english):
        first = known.get(english[: gap.start()])
        rest = _run(english[gap.end() :], known, between) if first is not None else None
        if rest is not None:
            return f"{first}{between}{rest}"
    return None


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
