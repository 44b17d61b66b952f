"""Text as it may stand in Markdown."""

from __future__ import annotations

import re

from advisor.model.text import printable

# What means something anywhere, the middle of an address, and what means something in front.
_MARKUP = re.compile(r"[\\`*_<>\[\]|~#&]|:(?=//)|(?<=www)\.")
_BEGINNING = re.compile(r"^(\d*)([-+=]|[.)](?=\s|$))")
_ADDRESS = re.compile(r"https?://[^\s<>\"`|\\]+")


def escaped(text: str) -> str:
    """*text* on one line, with nothing in it that Markdown or HTML would take for markup.

    Nor for a link: many readers make one of a bare address.
    """
    safe = _MARKUP.sub(r"\\\g<0>", printable(text))
    return _BEGINNING.sub(r"\1\\\2", safe)


def cited(reference: str) -> str:
    """A reference of a rule: the address of a page as a link, everything else escaped."""
    address, space, place = reference.partition(" ")
    if _ADDRESS.fullmatch(address):
        return f"<{address}>{space}{escaped(place)}"
    return escaped(reference)
