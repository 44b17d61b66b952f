"""What is wrong with a document, as a page."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.cli._markdown import cited, escaped
from advisor.cli._output import Paint
from advisor.cli._words import MARKS, PROTOCOLS, SECURITY, listed
from advisor.cli._wrap import wrapped
from advisor.model.published import LintFinding, LintReport, ReaderRow, ReadServer
from advisor.model.report import Severity
from advisor.model.text import printable

_PLURALS = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.NOTE: "notes"}
_OUTCOMES = {
    "refuses": "refuses the document",
    "nothing": "finds nothing that it can use",
    "ignores": "does not read it",
}


def text(report: LintReport, paint: Paint, *, quiet: bool, verbose: bool) -> str:
    """The page for a terminal; *quiet* leaves the findings, *verbose* adds their reasons."""
    lines = [paint.bold(f"{report.file} · {report.title} · {_counted(report)}")]
    for one in report.findings:
        lines += _finding(one, paint, verbose=verbose)
    if quiet:
        return "\n".join(lines)
    lines += [line for remark in report.remarks for line in ("", *wrapped(remark))]
    if report.readers:
        lines += ["", paint.bold("What mail programs would make of it")]
        width = max(len(row.name) for row in report.readers)
        for row in report.readers:
            lines += _reader(row, width, paint)
    return "\n".join(lines)


def _counted(report: LintReport) -> str:
    counts = {one: sum(f.severity is one for f in report.findings) for one in Severity}
    said = [
        f"{count} {_PLURALS[severity] if count > 1 else severity.value}"
        for severity, count in counts.items()
        if count
    ]
    return listed(said) or "nothing to mend"


def _finding(one: LintFinding, paint: Paint, *, verbose: bool) -> list[str]:
    place = f"{one.line}:{one.column}" if one.line else ""
    mark = f"{MARKS[one.severity]} {place:7} "
    hang = " " * len(mark)
    lines = ["", *wrapped(f"{printable(one.message)}  [{one.code}]", mark, hang)]
    if one.instead:
        lines += wrapped(f"Instead: {printable(one.instead)}", hang)
    if verbose and one.because:
        lines += wrapped(one.because, hang)
    references = listed([str(reference) for reference in one.references])
    return lines + [paint.dim(line) for line in wrapped(references, hang) if references]


def _reader(row: ReaderRow, width: int, paint: Paint) -> list[str]:
    head = f"  {row.name.ljust(width)}  "
    hang = " " * len(head)
    said = taken(row)
    first = [head + (paint.warn(said) if row.outcome == "refuses" else said)]
    return first + [line for note in row.says for line in map(paint.dim, wrapped(note, hang))]


def taken(row: ReaderRow) -> str:
    """The servers that the program takes, or why none."""
    return _OUTCOMES.get(row.outcome) or "; ".join(_taken(row))


def _taken(row: ReaderRow) -> Iterator[str]:
    for server in (row.incoming, row.outgoing):
        if server is not None:
            yield _server(server)


def _server(server: ReadServer) -> str:
    security = SECURITY[server.security] if server.security else "security of its own choice"
    port = server.port or "port of its own choice"
    return f"{PROTOCOLS[server.protocol]} {printable(server.host)} {port} {security}"


def markdown(report: LintReport) -> str:
    """The page as Markdown."""
    lines = [f"# {escaped(report.file)}: {escaped(_counted(report))}", ""]
    for one in report.findings:
        place = f"line {one.line}: " if one.line else ""
        instead = f" Instead: {escaped(one.instead)}." if one.instead else ""
        named = ", ".join(cited(str(reference)) for reference in one.references)
        lines.append(
            f"- **{one.severity}** {place}{escaped(one.message)}{instead}"
            + (f" ({named})" if named else "")
        )
    lines += ["", "| program | incoming | outgoing | remarks |", "|---|---|---|---|"]
    for row in report.readers:
        servers = [escaped(_server(s)) if s else "" for s in (row.incoming, row.outgoing)]
        outcome = "" if row.outcome == "uses" else f"{_OUTCOMES[row.outcome]}. "
        says = escaped(outcome + " ".join(row.says))
        lines.append(f"| {escaped(row.name)} | {servers[0]} | {servers[1]} | {says} |")
    return "\n".join(lines)
