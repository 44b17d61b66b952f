"""Text as it may stand in Markdown."""

from __future__ import annotations

from advisor.model.text import printable


def escaped(text: str) -> str:
    """*text* on one line, with nothing in it that Markdown or HTML would take for markup."""
    safe = printable(text)
    for sign in "\\`*_<>[]|":
        safe = safe.replace(sign, "\\" + sign)
    return safe
