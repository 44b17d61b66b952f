"""Checks files of knowledge, one kind at a time, and hands on what they hold as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor._plugins import collect
from advisor.knowledge.files import KINDS, RETIRABLE, RETIRED, Root, bundled, read_contents
from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import Mistake, Reader, read, retirable

if TYPE_CHECKING:
    from advisor.knowledge.library import Library

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
        reader = Reader(_shown(path, base))
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


def check_folder(path: Path | None) -> tuple[dict[str, int], list[Mistake]]:
    """How many files of each kind stand in *path* (the bundled rules if None), and all mistakes.

    Raises:
        InputError: the folder cannot be read.
    """
    root = Root(path or bundled(), "overlay" if path else "bundled")
    counts: dict[str, int] = {}
    mistakes = [
        Mistake(_shown(stray, root.path), 0, 0, _unread(stray)) for stray in root.strangers()
    ]
    for kind in KINDS:
        contents = read_contents(root, kind)
        found, wrong = check(contents, kind, root.path, overlay=path is not None)
        mistakes += wrong
        if contents:
            counts[kind] = len(found)
    if not mistakes:
        mistakes += _stale(path)
    return counts, sorted(mistakes)


def untranslated(path: Path | None) -> dict[str, dict[str, str]]:
    """What each language that stands in *path* (the bundled ones if None) does not translate yet.

    By language, the English texts with their files; for rules without a mistake.
    """
    from advisor.knowledge import translations

    library = _library(path)
    return {
        tag: lacking
        for tag in translations.languages(path or bundled())
        if (lacking := translations.missing(library, tag))
    }


def _stale(path: Path | None) -> list[Mistake]:
    """Translations in *path* of what the rules no longer say."""
    from advisor.knowledge import translations

    library, root = _library(path), path or bundled()
    return [
        mistake
        for tag in translations.languages(root)
        for mistake in translations.stale(library, tag, root / "languages" / f"{tag}.yaml")
    ]


def _library(path: Path | None) -> Library:
    from advisor.knowledge.library import Library

    return Library([path] if path else [])


def _unread(path: Path) -> str:
    if path.suffix == ".yaml":
        return "is not read: it stands too deep, in a folder of a folder"
    return "is not read: rename it to end in .yaml, or take it away"


def _shown(path: Path, base: Path) -> str:
    return str(Path(base.name) / path.relative_to(base))
