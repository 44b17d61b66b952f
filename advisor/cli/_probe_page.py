"""A probe report for people."""

from __future__ import annotations

from advisor.cli import _reach_page
from advisor.cli._details import observation
from advisor.cli._login_page import login_line
from advisor.cli._markdown import escaped
from advisor.cli._output import Paint
from advisor.cli._page import columns
from advisor.cli._words import MARKS, PROTOCOLS, SECURITY
from advisor.cli._wrap import wrapped
from advisor.engine.observed import long_date, tls_name
from advisor.model.evidence import Problem
from advisor.model.observation import Live, Reached, TlsObservation
from advisor.model.report import ProbedEndpoint, ProbeReport
from advisor.model.text import printable

_LIVE = {Live.CONFIRMED: "works", Live.FAILED: "fails", Live.NOT_CHECKED: "not checked"}
_CLOSED = "closed"


def answered(report: ProbeReport) -> bool:
    """Did any port answer at all?"""
    return any(one.observation.reached is not Reached.NOTHING for one in report.endpoints)


def text(report: ProbeReport, paint: Paint, *, verbose: bool = False) -> str:
    """One line a port, then what the rules find; *verbose* adds the whole conversation."""
    lines = [paint.bold(printable(report.host)), ""]
    lines += columns([_row(one) for one in report.endpoints])
    logins = _logins(report)
    if logins:
        lines += ["", *(line for told in logins for line in wrapped(told, "  ", "    "))]
    if verbose:
        for one in report.endpoints:
            where = printable(one.url or str(one.port))
            lines += ["", paint.bold(f"  {PROTOCOLS[one.protocol]} {where}"), *_address(one)]
            lines += [f"    {line}" for line in observation(one.observation)]
    lines += _reach_page.text(report.endpoints, paint, verbose=verbose)
    if report.findings:
        lines += ["", paint.bold("Beware")]
        for finding in report.findings:
            said = f"{printable(finding.message)}  [{finding.code}]"
            lines += wrapped(said, f"  {MARKS[finding.severity]} ", "    ")
    return "\n".join(lines)


def _logins(report: ProbeReport) -> list[str]:
    return [
        login_line(f"{PROTOCOLS[one.protocol]} {one.port}", one.observation.login)
        for one in report.endpoints
        if one.observation.login is not None
    ]


def _address(one: ProbedEndpoint) -> list[str]:
    each = one.observation.addresses
    if each:
        return [f"    address {address}: {state}" for address, state in each.items()]
    return [f"    address {one.address}"] if one.address else []


def _row(one: ProbedEndpoint) -> tuple[str, ...]:
    return (
        PROTOCOLS[one.protocol],
        str(one.port) if one.url is None else one.url,
        SECURITY[one.security],
        _CLOSED if one.observation.problem is Problem.REFUSED else _LIVE[one.live],
        _facts(one),
    )


def _facts(one: ProbedEndpoint) -> str:
    seen = one.observation
    if seen.error:
        return printable(seen.error, 200)
    facts = []
    if seen.tls is not None:
        facts.append(_versions(seen.tls))
        if seen.tls.certificate is not None:
            facts.append(f"certificate to {long_date(seen.tls.certificate.not_after)}")
    if seen.mechanisms:
        facts.append(" ".join(seen.mechanisms))
    if seen.software:
        facts.append(seen.software)
    if seen.web is not None and len(seen.web.hops) > 1:
        facts.append(f"leads on to {seen.web.hops[-1]}")
    return printable(", ".join(facts), 200)


def _versions(tls: TlsObservation) -> str:
    """The version that was made, or all that are accepted where each was asked for."""
    accepted = [tls_name(name) for name, word in tls.versions.items() if word == "accepted"]
    if len(accepted) > 1:
        return f"{accepted[0]} to {accepted[-1].rpartition(' ')[2]}"
    return tls_name(tls.version)


def markdown(report: ProbeReport) -> str:
    """The same as a Markdown table and a list."""
    lines = ["| protocol | port | security | | |", "|---|---|---|---|---|"]
    lines += ["| " + " | ".join(map(escaped, _row(one))) + " |" for one in report.endpoints]
    lines += ["", *(f"- {escaped(told)}" for told in _logins(report))]
    lines += [
        "",
        *(
            f"- {PROTOCOLS[end.protocol]} {end.port}: {escaped(_reach_page.shown(one))}: "
            + (escaped(one.why) if not one.connects else "can connect")
            for end in report.endpoints
            for one in end.clients
        ),
        *(f"- **{f.severity}** ({f.code}): {escaped(f.message)}" for f in report.findings),
    ]
    return "\n".join(lines)
