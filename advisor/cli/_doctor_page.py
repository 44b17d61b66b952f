"""A doctor's report for people."""

from __future__ import annotations

from advisor.cli._markdown import escaped
from advisor.cli._output import Paint
from advisor.cli._page import columns
from advisor.cli._words import MARKS, PROTOCOLS
from advisor.cli._wrap import wrapped
from advisor.model.doctor import DoctorReport
from advisor.model.text import printable

_STATES = {
    "open": "leaves your network",
    "refused": "refused, by the servers or by something on the way",
    "strange": "connections are taken, and no mail server speaks",
    "blocked": "blocked by your network, it seems",
    "silent": "no answer: your network, or the servers",
    "unknown": "cannot be told",
}


def text(report: DoctorReport, paint: Paint, *, verbose: bool = False) -> str:
    """One line a port, then what the rules find; *verbose* adds each host."""
    lines = [paint.bold("Mail ports from here"), "", *columns(_rows(report))]
    if verbose:
        lines += ["", paint.bold("Host by host"), *columns(_paths(report))]
    if report.findings:
        lines += ["", paint.bold("What shows")]
        for one in report.findings:
            said = f"{printable(one.message)}  [{one.code}]"
            lines += wrapped(said, f"  {MARKS[one.severity]} ", "    ")
    lines += [line for one in _unreached(report) for line in ("", *wrapped(one))]
    lines += ["", *wrapped(f"Looked at: {', '.join(map(printable, report.hosts))}.")]
    return "\n".join(lines)


def _rows(report: DoctorReport) -> list[tuple[str, ...]]:
    spoken = {str(path.port): PROTOCOLS[path.protocol] for path in report.paths}
    return [(port, spoken[port], _STATES[state]) for port, state in report.ports.items()]


def _unreached(report: DoctorReport) -> list[str]:
    """What went wrong first at each host of which nothing was heard, where no finding tells it."""
    if report.findings:
        return []
    heard = {path.host for path in report.paths if path.outcome in ("open", "refused")}
    first = {path.host: path for path in reversed(report.paths) if path.host not in heard}
    errors = (path.observation.error for path in reversed(first.values()))
    return [f"Not reached: {printable(error, 200)}" for error in errors if error]


def _paths(report: DoctorReport) -> list[tuple[str, ...]]:
    return [
        (
            printable(path.host),
            str(path.port),
            printable(path.observation.error or path.outcome, 200),
        )
        for path in report.paths
    ]


def markdown(report: DoctorReport) -> str:
    """The same as a Markdown table and a list."""
    lines = ["| port | protocol | |", "|---|---|---|"]
    lines += ["| " + " | ".join(map(escaped, row)) + " |" for row in _rows(report)]
    told = (f"- **{f.severity}** ({f.code}): {escaped(f.message)}" for f in report.findings)
    return "\n".join([*lines, "", *told])
