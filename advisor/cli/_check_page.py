"""What became of a check, for people: the verdict, what the settings do, what to change, why."""

from __future__ import annotations

from advisor.cli._details import observation
from advisor.cli._login_page import login_line
from advisor.cli._markdown import cited, escaped
from advisor.cli._output import Paint
from advisor.cli._words import PROTOCOLS, SECURITY, listed, mark
from advisor.cli._wrap import WIDTH, wrapped
from advisor.engine.observed import long_date, tls_name
from advisor.model.diagnosis import Change, CheckReport
from advisor.model.observation import Live, Observation
from advisor.model.report import Finding, Severity
from advisor.model.text import printable

VERDICTS = {
    "right": "These settings are right.",
    "risky": "These settings are risky.",
    "wrong": "These settings are wrong.",
    "cannot-tell": "Nobody can tell from this alone.",
}

_LIVE = {
    Live.CONFIRMED: "works",
    Live.FAILED: "does not work",
    Live.NOT_CHECKED: "did not answer in time",
}


def text(report: CheckReport, paint: Paint, *, quiet: bool = False, verbose: bool = False) -> str:
    """The page; *quiet* is the verdict alone, *verbose* adds sources and the conversation."""
    lines = [paint.bold(VERDICTS[report.verdict])]
    if quiet:
        return lines[0]
    lines += ["", *wrapped(_means(report)), *wrapped(_looked(report))]
    if report.observation is not None and report.observation.login is not None:
        where = f"{PROTOCOLS[report.protocol]} {report.port}"
        lines += wrapped(f"{login_line(where, report.observation.login)}.")
    if report.changes:
        lines += ["", paint.bold("Change")]
    for one in report.changes:
        lines += _change(one, report, paint)
    for heading, notes in (("Why", False), ("Worth knowing", True)):
        found = [f for f in report.findings if (f.severity is Severity.NOTE) is notes]
        if found:
            lines += ["", paint.bold(heading), *_findings(found, paint, verbose=verbose)]
    if verbose and report.observation is not None:
        lines += ["", paint.bold("The conversation"), *_indented(report.observation)]
    return "\n".join(lines)


def _means(report: CheckReport) -> str:
    client = report.client
    where = f" in {client.name} {client.version or ''}".rstrip() if client else ""
    doubt = (
        " It may read differently in your version."
        if report.means.confidence == "unverified"
        else ""
    )
    return f"“{report.label}”{where} means {report.means.says}.{doubt}"


def _looked(report: CheckReport) -> str:
    """What a look at the server showed."""
    if not report.standard:
        return f"The server was not asked{': no host was given' if report.host is None else ''}."
    seen = report.observation
    told = []
    if seen is not None:
        told.append(_works(report, seen) if report.live is Live.CONFIRMED else _fails(seen))
    if report.live is not Live.CONFIRMED:
        told += _others(report)
    return f"The server was asked: {'; '.join(told)}."


def _works(report: CheckReport, seen: Observation) -> str:
    host = f"[{report.host}]" if ":" in str(report.host) else report.host
    facts = ["unencrypted"]
    if seen.tls is not None:
        facts = [f"with {tls_name(seen.tls.version)}"]
        if seen.tls.certificate is not None:
            facts.append(f"a certificate until {long_date(seen.tls.certificate.not_after)}")
    offers = ", ".join(seen.mechanisms)
    sign_in = f"; to sign in it offers {printable(offers, 200)}" if offers else ""
    return f"{host}:{report.port} works so, {listed(facts)}{sign_in}"


def _fails(seen: Observation) -> str:
    return printable(seen.error or "it did not answer", 200)


def _others(report: CheckReport) -> list[str]:
    entered = (report.port, report.means.security)
    return [
        f"port {way.port} with {SECURITY[way.security]} {_LIVE[way.live]}"
        for way in report.standard
        if (way.port, way.security) != entered
    ]


def _change(one: Change, report: CheckReport, paint: Paint) -> list[str]:
    lines = [f"  {one.field:9} to {paint.bold(one.to)}"]
    if one.origin:
        old = f"(was: {one.origin})"
        if len(one.field) + len(one.to) + len(old) < WIDTH - 16:
            lines[0] += f" {old}"
        else:
            lines += wrapped(old, " " * 15)
    explained = {finding.because for finding in report.findings}
    return lines if one.because in explained else [*lines, *wrapped(one.because, " " * 15)]


def _findings(findings: list[Finding], paint: Paint, *, verbose: bool) -> list[str]:
    """Each with its reason, and no reason twice; of notes only where *verbose*, with sources."""
    lines: list[str] = []
    told: set[str] = set()
    for one in findings:
        lines += _finding(one, paint)
        if one.because not in told and (verbose or one.severity is not Severity.NOTE):
            lines += wrapped(one.because, "    ")
            told.add(one.because)
        for ref in one.references if verbose else ():
            lines += map(paint.dim, wrapped(f"{ref}: {ref.says}", "    ", "      "))
    return lines


def _finding(one: Finding, paint: Paint) -> list[str]:
    lines = wrapped(printable(one.message), "  @ ", "    ")
    lines[0] = lines[0].replace("@", mark(one.severity, paint), 1)
    code = f"[{one.code}]{_owned(one)}"
    if len(lines[-1]) + len(code) + 2 <= WIDTH:
        lines[-1] += f"  {paint.dim(code)}"
    else:
        lines.append(f"    {paint.dim(code)}")
    return lines


def _owned(one: Finding) -> str:
    return " (your rule)" if one.origin == "overlay" else ""


def _indented(seen: Observation) -> list[str]:
    return [f"  {line}" for line in observation(seen)]


def markdown(report: CheckReport) -> str:
    """The same for a ticket."""
    lines = [f"**{VERDICTS[report.verdict]}**", ""]
    lines += [escaped(_means(report)), escaped(_looked(report)), ""]
    for one in report.changes:
        old = f" (was: {escaped(one.origin)})" if one.origin else ""
        lines.append(f"- **{one.field}** to **{escaped(one.to)}**{old}")
    lines += [""] * bool(report.changes)
    for finding in report.findings:
        refs = ", ".join(cited(str(ref)) for ref in finding.references[:2])
        lines.append(
            f"- {finding.severity}: {escaped(finding.message)} {escaped(finding.because)}"
            f" ({finding.code}{_owned(finding)}{f'; {refs}' if refs else ''})"
        )
    return "\n".join(lines)
