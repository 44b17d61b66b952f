"""Checks files of one kind of knowledge, and hands on what they hold as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from advisor._plugins import collect
from advisor.knowledge.files import RETIRABLE, RETIRED
from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import Mistake, Reader, read, retirable

_ID = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")


@cache
def _kinds() -> dict[str, Kind]:
    return collect("advisor.knowledge.kinds", "KIND")


def check(
    contents: Iterable[tuple[Path, bytes]], kind: str, base: Path, *, overlay: bool = False
) -> tuple[dict[str, Any], list[Mistake]]:
    """The entries of the files by id, and everything that is wrong with them.

    Files of an *overlay* may do no more than retire what has their id.
    """
    checked = _kinds()[kind]
    shape = retirable(checked.shape) if overlay and kind in RETIRABLE else checked.shape
    found: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for path, content in contents:
        reader = Reader(shown(path, base))
        entry = read(content, shape, reader)
        if not _ID.fullmatch(path.stem):
            reader.wrong(None, "its name is its id: use lower case letters, digits and hyphens")
        if path.stem in found:
            reader.wrong(None, f"there is another file with the id “{path.stem}”")
        if isinstance(entry, dict):
            entry["file"] = reader.file
        found[path.stem] = entry
        mistakes += reader.mistakes
    if not mistakes:
        mistakes = checked.across(
            {key: entry for key, entry in found.items() if not RETIRED.items() <= entry.items()}
        )
    return found, sorted(mistakes)


def shown(path: Path, base: Path) -> str:
    """*path* as mistakes name it: below the folder *base*, with its name."""
    return str(Path(base.name) / path.relative_to(base))
