"""Making text from strangers safe to show."""

from __future__ import annotations

import re
from collections.abc import Callable

# C0 and C1 controls, bidi and other invisible format characters, separators, surrogates,
# and the Unicode tag block: what can move a cursor, hide or reorder text.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )


def printable(text: str, limit: int = 1000) -> str:
    """*text* on one line, with control, bidi and invisible characters written as escapes.

    At most *limit* characters of the input are kept; a cut is shown as "…".
    """
    cut = text if len(text) <= limit else text[:limit] + "…"
    return _UNSAFE.sub(_escape, cut)


def escaped(text: str, how: Callable[[str], str]) -> str:
    """A document of several lines with what ``printable`` escapes written as *how* says."""
    return _UNSAFE.sub(lambda one: one[0] if one[0] == "\n" else how(one[0]), text)


def visible(text: str) -> str:
    """A page of several lines, for people: what ``printable`` escapes is, but for tabs."""
    return escaped(text, lambda one: one if one == "\t" else printable(one))


def decoded(line: bytes, limit: int = 1000) -> str:
    """Bytes from a server as safe text: UTF-8 where it is that, escapes elsewhere."""
    return printable(line[: limit + 1].decode("utf-8", "backslashreplace"), limit)


def is_plain(text: str) -> bool:
    """Is *text* the same on the screen as in memory? No blanks but spaces, nothing hidden."""
    return printable(text, len(text)) == text and not any(
        sign.isspace() for sign in text if sign != " "
    )
