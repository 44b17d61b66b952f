"""Everything that is wrong with a folder of rules, and what its languages lack."""

from __future__ import annotations

from pathlib import Path

from advisor.knowledge import translations
from advisor.knowledge.checks import check, shown
from advisor.knowledge.files import KINDS, Root, bundled, read_contents
from advisor.knowledge.library import Library
from advisor.knowledge.shapes import Mistake


def check_folder(path: Path | None) -> tuple[dict[str, int], list[Mistake]]:
    """How many files of each kind stand in *path* (the bundled rules if None), and all mistakes.

    Raises:
        InputError: the folder cannot be read.
    """
    root = Root(path or bundled(), "overlay" if path else "bundled")
    counts: dict[str, int] = {}
    mistakes = [
        Mistake(shown(stray, root.path), 0, 0, _unread(stray)) for stray in root.strangers()
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
    library = _library(path)
    return {
        tag: lacking
        for tag in translations.languages(path or bundled())
        if (lacking := translations.missing(library, tag))
    }


def _stale(path: Path | None) -> list[Mistake]:
    """Translations in *path* of what the rules no longer say."""
    library, root = _library(path), path or bundled()
    return [
        mistake
        for tag in translations.languages(root)
        for mistake in translations.stale(library, tag, root / "languages" / f"{tag}.yaml")
    ]


def _library(path: Path | None) -> Library:
    return Library([path] if path else [])


def _unread(path: Path) -> str:
    if path.suffix == ".yaml":
        return "is not read: it stands too deep, in a folder of a folder"
    return "is not read: rename it to end in .yaml, or take it away"
