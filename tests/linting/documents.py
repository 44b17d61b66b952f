"""Documents for the tests of ``lint``, and how they are looked at."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from advisor.knowledge.library import Library
from advisor.linter import lint
from advisor.model.published import LintReport, ReaderRow

DATA = Path(__file__).parents[1] / "data" / "lint"


@cache
def library() -> Library:
    """The bundled knowledge."""
    return Library()


def good(name: str) -> str:
    """A document of the test data that has nothing wrong in it."""
    return (DATA / name).read_text(encoding="utf-8")


def linted(document: str | bytes) -> LintReport:
    """What ``lint`` says of *document*."""
    content = document.encode() if isinstance(document, str) else document
    return lint(content, "test", library())


def changed(name: str, old: str, new: str) -> LintReport:
    """The good document *name* with the first *old* replaced by *new*."""
    text = good(name)
    assert old in text
    return linted(text.replace(old, new, 1))


def found(report: LintReport) -> dict[str, str]:
    """Code and severity of what was found."""
    return {one.code: one.severity.value for one in report.findings}


def line_of(report: LintReport, code: str) -> int:
    """The line of the first finding with *code*."""
    return next(one.line for one in report.findings if one.code == code)


def is_found(report: LintReport, code: str, severity: str, line: int) -> None:
    """*code* is found with its severity and line, and every message is filled in."""
    assert found(report).get(code) == severity, found(report)
    assert line_of(report, code) == line
    assert all("{" not in one.message for one in report.findings)


def row(report: LintReport, reader: str) -> ReaderRow:
    """What *reader* makes of it."""
    return next(one for one in report.readers if one.id == reader)


def taken(one: ReaderRow) -> tuple[str, str]:
    """What it would receive and send with: "imap imap.example.org 993 tls"."""
    servers = (one.incoming, one.outgoing)
    first, second = (
        f"{s.protocol} {s.host} {s.port} {s.security}" if s else one.outcome for s in servers
    )
    return first, second
