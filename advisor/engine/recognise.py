"""Finding known messages in a long text, at a cost that the text cannot drive up.

A pattern is tried only around the plain text that it cannot do without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from advisor.engine.secrets import masked, shortened

# Letters that re.IGNORECASE takes for these, and that lower() leaves or makes longer.
_ALIKE = str.maketrans({"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k"})

# How far a pattern may look ahead, in characters.
_AHEAD = 600

_compiled = lru_cache(maxsize=4096)(re.compile)


def folded(text: str) -> str:
    """*text* of the same length, in which letters that match without regard to case are equal."""
    return text.translate(_ALIKE).lower()


class Recognised(NamedTuple):
    """What is shown of a recognised message, and where in the text on one line it stands."""

    shown: str
    start: int
    end: int


class Pasted:
    """A text in which messages are looked for, on one line; what is shown of it has no secrets."""

    def __init__(self, text: str) -> None:
        self.text = " ".join(text.split())
        self._folded = folded(self.text)
        self._shown = " ".join(masked(text).split())

    def recognised(self, entry: Mapping[str, Any]) -> Recognised | None:
        """What *entry* recognises: its longest match, with what must stand there ``also``."""
        longest = self._longest(entry["patterns"], entry["needles"], entry["widths"])
        if longest is None:
            return None
        shown = self._quoted(longest)
        for one, needle, width in entry["also"]:
            found = self._longest([one], [needle], [width])
            if found is None:
                return None
            more = self._quoted(found)
            shown += "" if more in shown else f" … {more}"
        return Recognised(shown, *longest.span())

    def _quoted(self, hit: re.Match[str]) -> str:
        return shortened(self._shown[hit.start() : hit.end()])

    def _longest(
        self, patterns: list[str], needles: list[str], widths: list[int]
    ) -> re.Match[str] | None:
        hits = map(self._first, patterns, needles, widths)
        return max(filter(None, hits), key=lambda hit: len(hit.group()), default=None)

    def _first(self, pattern: str, needle: str, width: int) -> re.Match[str] | None:
        """The first match of one pattern, if there is any."""
        compiled = _compiled(pattern, re.IGNORECASE)
        hits = (compiled.search(self.text, *place) for place in self._around(needle, width))
        return next(filter(None, hits), None)

    def _around(self, needle: str, width: int) -> Iterator[tuple[int, int]]:
        """Where matches of at most *width* characters around *needle* can stand, apart."""
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
