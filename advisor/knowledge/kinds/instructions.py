"""Instructions: how an account is set up in one client, step by step."""

from __future__ import annotations

from typing import Any

import yaml

from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.kinds.causes import cause_class
from advisor.knowledge.kinds.clients import CONFIDENCES, version_range
from advisor.knowledge.kinds.languages import sentence_key
from advisor.knowledge.shapes import Reader, Shape, choice, date, listing, mapping, record, text
from advisor.model.language import places

WHEN = (
    "imap", "pop3", "incoming", "outgoing", "no-incoming", "no-outgoing", "both",
    "password", "app-password", "oauth2", "tls", "starttls", "switch-on-first", "same-login",
    "own-login", "mail-program", "settings",
)  # fmt: skip
VALUES = (
    "name", "address", "password", "protocol", "host", "port", "security", "sign-in", "username",
    "host-and-port", "server-line", "same-login", "on", "off", "description",
    "signed-in", "encrypted", "starttls",
)  # fmt: skip

# Beside these, only the labels of the step itself.
_COMMAND_PLACES = {"address"}
_AT_PLACES = {"add", "incoming", "outgoing", "protocol"}

_WHEN = listing(choice(*WHEN), at_least=1)
_VALUE = choice(*VALUES)
_FIELDS = mapping(_VALUE, text(160))


def _with_places(limit: int, allowed: set[str]) -> Shape:
    shape = text(limit)

    def of(node: yaml.Node, reader: Reader) -> Any:
        found = shape(node, reader)
        try:
            strange = places(found or "") - allowed
        except ValueError:
            reader.wrong(node, "has a brace that stands alone: write {{ or }} for a real one")
            return found
        for name in sorted(strange):
            known = ", ".join(f"{{{one}}}" for one in sorted(allowed))
            reader.wrong(node, f"has the place {{{name}}}; known here: {known}")
        return found

    return of


_STEP = record(
    {},
    optional={
        "say": sentence_key,
        "text": text(400),
        "at": _with_places(300, _AT_PLACES),
        "when": _WHEN,
        "of": choice("incoming", "outgoing"),
        "enter": listing(_VALUE, at_least=1),
        "fields": _FIELDS,
        "words": mapping(text(160), text(160)),
        "command": _with_places(300, _COMMAND_PLACES),
        "then": text(120),
    },
)


def _step(node: yaml.Node, reader: Reader) -> Any:
    """One step: a sentence of the languages, or a text of one's own that no language translates."""
    found = _STEP(node, reader)
    if ("say" in found) == ("text" in found):
        reader.wrong(node, "expected either “say” (a sentence’s key) or “text” (your own words)")
    return found


_GUIDE = record(
    {
        "range": version_range,
        "steps": listing(_step, at_least=1),
        "confidence": choice(*CONFIDENCES),
        "source": text(),
    },
    optional={
        "fields": _FIELDS,
        "pop3": text(20),
        "prefers": choice("password"),
        "warnings": listing(
            record({"say": sentence_key}, optional={"shows": text(300), "when": _WHEN})
        ),
    },
)

KIND = Kind(
    record(
        {"guides": listing(_GUIDE, at_least=1), "verified": date()},
        optional={
            "errors": listing(text(80), at_least=1),
            "likely": listing(record({"cause": cause_class}, optional={"when": _WHEN})),
        },
    )
)
