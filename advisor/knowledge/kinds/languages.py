"""Languages: the sentences of instructions, the texts of other rules, the labels of clients."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from advisor.knowledge.files import bundled
from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import (
    Reader,
    choice,
    date,
    mapping,
    nearest,
    pairs,
    record,
    text,
)
from advisor.model.language import FACT, places


@cache
def bundled_sentences() -> dict[str, str]:
    """The English sentences by key: what every language has to say."""
    found = yaml.safe_load((bundled() / "languages" / "en.yaml").read_bytes())
    return {str(key): str(value) for key, value in found["sentences"].items()}


def sentence_key(node: yaml.Node, reader: Reader) -> Any:
    """The key of a sentence that English has."""
    known = bundled_sentences()
    if node.value not in known:
        hint = nearest(str(node.value), known)
        reader.wrong(node, f"expected a sentence of languages/en.yaml, found “{node.value}”{hint}")
    return node.value


def _sentence(node: yaml.Node, reader: Reader) -> Any:
    found = text(400)(node, reader)
    try:
        places(found or "")
    except ValueError:
        reader.wrong(node, "has a brace that stands alone: write {{ or }} for a real one")
    return found


def _texts(node: yaml.Node, reader: Reader) -> Any:
    """From an English text of the rules to what it is in this language, with facts of the same."""
    found = {}
    for english, _, value in pairs(node, reader):
        found[english] = text(1000)(value, reader)
        facts = set(FACT.findall(english))
        for name in sorted(set(FACT.findall(found[english] or "")) - facts):
            hint = nearest(name, facts)
            reader.wrong(value, f"names {{{name}}}, which the English text does not{hint}")
    return found


def _sentences(node: yaml.Node, reader: Reader) -> Any:
    """All sentences of English, each with the same places."""
    before = len(reader.mistakes)
    found = mapping(sentence_key, _sentence)(node, reader)
    if len(reader.mistakes) > before:
        return found
    for key, english in bundled_sentences().items():
        if key not in found:
            reader.wrong(node, f"the sentence “{key}” is missing: {english}")
        elif places(found[key]) != places(english):
            named = ", ".join(sorted(f"{{{one}}}" for one in places(english))) or "none"
            reader.wrong(node, f"the sentence “{key}” has other places than English: {named}")
    return found


_LABELS = record(
    {
        "words": mapping(text(300), text(300)),
        "confidence": choice("source", "vendor", "guide", "unverified"),
        "source": text(),
    }
)

KIND = Kind(
    record(
        {"name": text(40), "sentences": _sentences, "verified": date()},
        optional={
            "texts": _texts,
            "labels": mapping(text(60), _LABELS),
        },
    )
)
