"""Finding known messages in a long text, at a cost that the text cannot drive up.

A pattern is tried only around the plain text that it cannot do without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from advisor.engine.secrets import masked, shortened

# Letters that re.IGNORECASE takes for these, and that lower() leaves or makes longer.
_ALIKE = str.maketrans({"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k"})

# How far a pattern may look ahead, in characters.
_AHEAD = 600

_compiled = lru_cache(maxsize=4096)(re.compile)


def folded(text: str) -> str:
    """*text* of the same length, in which letters that match without regard to case are equal."""
    return text.translate(_ALIKE).lower()


class Pasted:
    """A text in which messages are looked for, on one line; what is shown of it has no secrets."""

    def __init__(self, text: str) -> None:
        self.text = " ".join(text.split())
        self._folded = folded(self.text)
        self._shown = " ".join(masked(text).split())

    def recognised(self, entry: Mapping[str, Any]) -> str:
        """What *entry* recognises: its longest match, with what must stand there ``also``.

        Empty where the entry is not in the text.
        """
        longest = self._longest(entry["patterns"], entry["needles"], entry["widths"])
        if not longest:
            return ""
        more = []
        for one, needle, width in entry["also"]:
            found = self._longest([one], [needle], [width])
            if not found:
                return ""
            more.append(found)
        return " … ".join([longest, *(one for one in more if one not in longest)])

    def _longest(self, patterns: list[str], needles: list[str], widths: list[int]) -> str:
        found = (
            hit
            for one, needle, width in zip(patterns, needles, widths, strict=True)
            for hit in self._first(one, needle, width)
        )
        return max(found, key=len, default="")

    def _first(self, pattern: str, needle: str, width: int) -> Iterator[str]:
        """The first match of one pattern, if there is any."""
        for start, end in self._around(needle, width):
            if hit := _compiled(pattern, re.IGNORECASE).search(self.text, start, end):
                yield shortened(self._shown[hit.start() : hit.end()])
                return

    def _around(self, needle: str, width: int) -> Iterator[tuple[int, int]]:
        """Where a match of at most *width* characters around *needle* can stand, without overlap."""
        if not needle:
            yield 0, len(self.text)
            return
        at = self._folded.find(needle)
        while at >= 0:
            start, end = max(at - width, 0), at + width + _AHEAD
            at = self._folded.find(needle, at + 1)
            while 0 <= at <= end + width:
                end, at = at + width + _AHEAD, self._folded.find(needle, at + 1)
            yield start, end
