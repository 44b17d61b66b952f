"""Checks files of knowledge, one kind at a time, and hands on what they hold as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from advisor._plugins import collect
from advisor.knowledge.files import KINDS, Root, bundled, read_contents
from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import Mistake, Reader, read

_ID = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")


@cache
def _kinds() -> dict[str, Kind]:
    return collect("advisor.knowledge.kinds", "KIND")


def check(
    contents: Iterable[tuple[Path, bytes]], kind: str, base: Path
) -> tuple[dict[str, Any], list[Mistake]]:
    """The entries of the files by id, and everything that is wrong with them."""
    checked = _kinds()[kind]
    found: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for path, content in contents:
        reader = Reader(_shown(path, base))
        entry = read(content, checked.shape, reader)
        if not _ID.fullmatch(path.stem):
            reader.wrong(None, "its name is its id: use lower case letters, digits and hyphens")
        if path.stem in found:
            reader.wrong(None, f"there is another file with the id “{path.stem}”")
        if isinstance(entry, dict):
            entry["file"] = reader.file
        found[path.stem] = entry
        mistakes += reader.mistakes
    if not mistakes:
        mistakes = checked.across(found)
    return found, sorted(mistakes)


def check_folder(path: Path | None) -> tuple[dict[str, int], list[Mistake]]:
    """How many files of each kind stand in *path* (the bundled rules if None), and all mistakes.

    Raises:
        InputError: the folder cannot be read.
    """
    root = Root(path or bundled(), "overlay" if path else "bundled")
    counts: dict[str, int] = {}
    mistakes = [
        Mistake(_shown(path, root.path), 0, 0, "is not read: rename it to end in .yaml")
        for path in sorted(root.path.rglob("*.yml"))
    ]
    for kind in KINDS:
        contents = read_contents(root, kind)
        found, wrong = check(contents, kind, root.path)
        mistakes += wrong
        if contents:
            counts[kind] = len(found)
    return counts, sorted(mistakes)


def _shown(path: Path, base: Path) -> str:
    return str(Path(base.name) / path.relative_to(base))
