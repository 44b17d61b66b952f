"""Folding text to the width of a page."""

from __future__ import annotations

import textwrap

WIDTH = 92


def wrapped(text: str, indent: str = "", hang: str | None = None, width: int = WIDTH) -> list[str]:
    """*text* in lines of at most *width* columns; lines after the first begin with *hang*."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent if hang is None else hang,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [indent.rstrip()]
