"""An audit as text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from advisor.cli._lint_page import taken
from advisor.cli._markdown import escaped
from advisor.cli._output import Paint
from advisor.cli._words import MARKS, PROTOCOLS, SECURITY, listed
from advisor.cli._wrap import wrapped
from advisor.model.audit import Advice, AuditReport, Document, Point
from advisor.model.evidence import Outcome
from advisor.model.observation import Live
from advisor.model.report import Finding, Setting, SourceRow
from advisor.model.text import printable

_LIVE = {Live.CONFIRMED: "works", Live.FAILED: "fails", Live.NOT_CHECKED: "not tried"}
_HEAD = ("", "server", "port", "security")
# Nobody publishes what was found by trying.
_TRIED = ("siblings", "certificates", "guess", "guess-mx")


def text(report: AuditReport, paint: Paint, *, quiet: bool = False) -> str:
    """The grade, the table, what is wrong, and what to publish."""
    lines = [paint.bold(_title(report))]
    if quiet:
        return "\n".join(lines)
    lines += _table(report, paint)
    if report.grade and report.grade.points:
        lines += ["", paint.bold("Points")]
        for point in report.grade.points:
            lines += _point(point, paint)
    told = {point.rule for point in report.grade.points} if report.grade else set()
    findings = [one for one in report.findings if one.code not in told]
    if findings:
        lines += ["", paint.bold("Findings")]
        for one in findings:
            lines += wrapped(
                f"{printable(one.message)}{_owned(one.origin)}  [{one.code}]",
                f"  {MARKS[one.severity]} ", "    ",
            )  # fmt: skip
    for document in report.documents:
        lines += _readers(document, paint)
    for advice in report.advice:
        lines += ["", paint.bold(f"Publish: {printable(advice.publish)}"), *_advised(advice)]
    return "\n".join(lines)


def _title(report: AuditReport) -> str:
    name, grade = printable(report.domain_unicode), report.grade
    if grade is not None:
        return f"{name}: grade {grade.letter}, {grade.score} of 100"
    if not any(_settings(report)):
        return f"{name}: nothing was found that could be graded"
    return f"{name}: not graded, because none of its servers was looked at"


def _columns(report: AuditReport) -> list[SourceRow]:
    return [
        row
        for row in report.sources
        if row.settings and row.outcome is Outcome.FOUND and row.id not in _TRIED
    ]


def _cells(report: AuditReport) -> list[list[str]]:
    columns = _columns(report)
    named = [{(one.endpoint, one.url) for one in row.settings} for row in columns]
    rows = [[*_HEAD, *(str(place) for place, _ in enumerate(columns, 1)), "live"]]
    for one in _settings(report):
        says = ["x" if (one.endpoint, one.url) in endpoints else "-" for endpoints in named]
        if "x" in says or one.live is Live.CONFIRMED:
            rows.append([*_place(one), *says, _LIVE[one.live]])
    return rows


def _place(one: Setting) -> tuple[str, str, str, str]:
    if one.url:
        return PROTOCOLS[one.protocol], printable(one.url, 60), "", ""
    return PROTOCOLS[one.protocol], printable(one.host, 60), str(one.port), SECURITY[one.security]


def _settings(report: AuditReport) -> Iterable[Setting]:
    return (*report.incoming, *report.outgoing, *report.services)


def _table(report: AuditReport, paint: Paint) -> list[str]:
    lines = []
    rows = _cells(report)
    if len(rows) > 1:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        folded = [
            "  " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        lines += ["", paint.dim(folded[0]), *folded[1:]]
    lines.append("")
    columns = _columns(report)
    for place, row in enumerate(columns, 1):
        lines += wrapped(f"{printable(row.title)} ({row.trust})", f"  {place:2} ", "     ")
    for reason, titles in _silent(report).items():
        lines += wrapped(f"{listed(titles)}: {reason}", "   - ", "     ")
    return lines


def _silent(report: AuditReport) -> dict[str, list[str]]:
    """Why sources were silent, and the titles of those it is true of."""
    columns = _columns(report)
    silent: dict[str, list[str]] = {}
    for row in report.sources:
        if row not in columns and row.id not in _TRIED and row.outcome is not Outcome.SKIPPED:
            silent.setdefault(printable(row.reason), []).append(printable(row.title))
    return silent


def _point(point: Point, paint: Paint) -> list[str]:
    lines = wrapped(
        f"{printable(point.says)}{_owned(point.origin)}  [{point.rule}]",
        f"  {point.points:4} ", "       ",
    )  # fmt: skip
    cited = ", ".join(str(ref) for ref in point.references[:2])
    return [*lines, "       " + paint.dim(cited)] if cited else lines


def _readers(document: Document, paint: Paint) -> list[str]:
    """The programs that make the same of a document, together."""
    made: dict[str, list[str]] = {}
    for row in document.readers:
        if row.outcome != "ignores":
            made.setdefault(taken(row), []).append(row.name)
    lines = ["", paint.bold(f"What mail programs take from {printable(document.title)}")]
    for what, names in made.items():
        lines += wrapped(f"{what}: {listed(names)}", "  ", "    ")
    return lines if made else []


def _owned(origin: str) -> str:
    return " (your rule)" if origin == "overlay" else ""


def _advised(advice: Advice) -> list[str]:
    lines = wrapped(f"Where: {printable(advice.where)}", "  ")
    lines += wrapped(printable(advice.because), "  ")
    if advice.trouble:
        return [*lines, *wrapped(f"Not written: {printable(advice.trouble)}", "  ")]
    return [*lines, "", *_document(advice)]


def _document(advice: Advice) -> list[str]:
    return [f"    {printable(line, 400)}" for line in (advice.document or "").splitlines()]


def markdown(report: AuditReport) -> str:
    """The same for a ticket or a wiki."""
    lines = [f"# {escaped(_title(report))}", ""]
    head, *rows = _cells(report)
    if rows:
        lines += [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows), ""]
        lines += [
            f"{place}. {escaped(row.title)} ({row.trust})"
            for place, row in enumerate(_columns(report), 1)
        ]
    if report.grade and report.grade.points:
        lines += ["", "## Points", ""]
        lines += [
            f"- **{point.points}** ({point.rule}){_owned(point.origin)}: {escaped(point.says)}"
            for point in report.grade.points
        ]
    if report.findings:
        lines += ["", "## Findings", "", *map(_bullet, report.findings)]
    for advice in report.advice:
        lines += ["", f"## Publish: {escaped(advice.publish)}", ""]
        lines += [f"Where: {escaped(advice.where)}", "", escaped(advice.because), ""]
        if advice.trouble:
            lines.append(f"Not written: {escaped(advice.trouble)}")
        else:
            lines += [*_document(advice)]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(escaped(cell) if set(cell) != {'-'} else cell for cell in cells)} |"


def _bullet(one: Finding) -> str:
    return f"- **{one.severity}** ({one.code}){_owned(one.origin)}: {escaped(one.message)}"
