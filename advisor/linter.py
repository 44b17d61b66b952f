"""Checking a document that somebody publishes: what is wrong, and who would read what out of it."""

from __future__ import annotations

from advisor._plugins import collect
from advisor.engine import published, readers
from advisor.errors import InputError
from advisor.knowledge.library import Library
from advisor.linting._linter import Linter
from advisor.model.published import LintReport

MAX_DOCUMENT = 1024 * 1024


def linters() -> tuple[Linter, ...]:
    """Every format that can be checked, by module name."""
    return tuple(collect("advisor.linting", "LINTER").values())


def lint(document: bytes, file: str, library: Library | None = None) -> LintReport:
    """What is wrong with *document*, and what each known program would make of it.

    *file* is its name for people. The format is recognised from the content.

    Raises:
        InputError: it is empty, too large, or in none of the known formats.
        RuleError: the rules are wrong.
    """
    library = library or Library()
    found = _linter(document, file)
    reading = found.read(document)
    slips = library.entries("slips")
    sentences = slips["common"]["slips"] | slips[found.id]["slips"]
    return LintReport(
        file=file,
        format=found.id,
        title=found.title,
        findings=published.judge(reading, found.id, library.rulebook, sentences),
        readers=readers.rows(reading, found.id, library.entries("readers")),
        servers=tuple(readers.server(one) for one in reading.entries if not one.denied),
        remarks=reading.remarks,
    )


def _linter(document: bytes, file: str) -> Linter:
    if len(document) > MAX_DOCUMENT:
        raise InputError(f"{file} is larger than {MAX_DOCUMENT // 1024} KiB: no program reads that")
    if not document.strip():
        raise InputError(f"{file} is empty")
    known = linters()
    for one in known:
        if one.recognises(document):
            return one
    titles = ", ".join(one.title for one in known)
    raise InputError(f"{file} is in no format that can be checked ({titles})")
