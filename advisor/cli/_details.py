"""What ``--verbose`` adds to a page: every setting, source and probe."""

from __future__ import annotations

from advisor.cli import _tls_lines
from advisor.cli._output import Paint
from advisor.cli._words import CHANNELS, PROTOCOLS, SECURITY
from advisor.cli._wrap import wrapped
from advisor.engine.observed import tls_name
from advisor.model.observation import Observation, PlainHttp, Web
from advisor.model.report import Report, Setting
from advisor.model.text import printable

_PLAIN_HTTP = {
    PlainHttp.REDIRECTS: "it leads to HTTPS",
    PlainHttp.ELSEWHERE: "it leads on, and not to HTTPS",
    PlainHttp.ANSWERS: "the service answers, unprotected",
    PlainHttp.WANTS_PASSWORD: "it asks for a password that would not be protected",
    PlainHttp.NOTHING: "no such service",
}


def details(report: Report, paint: Paint) -> list[str]:
    """The lines for *report*."""
    lines = ["", paint.bold("Settings")]
    for one in (*report.incoming, *report.outgoing, *report.services):
        lines += _setting(one, paint)
    lines += ["", paint.bold("Sources")]
    for row in report.sources:
        head = f"  {row.outcome:8} {row.title} ({row.seconds:.2f} s)"
        lines.append(head if row.trust is None else f"{head}, {row.trust}")
        lines += map(paint.dim, wrapped(printable(row.asked), " " * 11))
        if row.reason:
            lines += wrapped(printable(row.reason), " " * 11)
        for hop in row.hops:
            lines += wrapped(f"by {CHANNELS[hop.channel]}: {printable(hop.asked)}", " " * 11)
        lines += [f"{' ' * 11}{one.endpoint} {SECURITY[one.security]}" for one in row.settings]
    if report.network.resolver:
        lines += ["", f"Name servers: {', '.join(report.network.resolver)}"]
    if report.network.egress:
        states = ", ".join(f"{port} {state}" for port, state in report.network.egress.items())
        lines.append(f"From this network: {states}")
    return lines


def _setting(one: Setting, paint: Paint) -> list[str]:
    where = printable(one.url) if one.url else f"{one.host}:{one.port}"
    head = f"{one.verdict:12} {PROTOCOLS[one.protocol]} {where} {SECURITY[one.security]}"
    lines = [f"  {head}, {one.live}, {one.trust}, from {', '.join(one.sources)}"]
    lines += [paint.dim(f"{' ' * 15}{r.rule}: {r.effect}") for r in one.reasons]
    if one.observation is not None:
        lines += [f"{' ' * 15}{line}" for line in observation(one.observation)]
    return lines


def _web(seen: Web) -> list[str]:
    lines = [f"asked: {printable(url)}" for url in seen.hops]
    if seen.plain_http is not None:
        lines.append(f"over plain HTTP, port 80: {_PLAIN_HTTP[seen.plain_http]}")
    return lines


def observation(seen: Observation) -> list[str]:
    """What a probe saw, line by line."""
    lines = [f"reached {seen.reached}" + (f": {printable(seen.error)}" if seen.error else "")]
    if seen.greeting:
        lines.append(f"greeting: {printable(seen.greeting, 70)}")
    if seen.web is not None:
        lines += _web(seen.web)
    if seen.capabilities_before:
        lines.append(f"before TLS: {printable(' '.join(seen.capabilities_before), 200)}")
    if seen.capabilities_after:
        lines.append(f"inside TLS: {printable(' '.join(seen.capabilities_after), 200)}")
    tls = seen.tls
    if tls is not None:
        chain = "chain fine" if tls.chain_ok else f"chain not trusted: {tls.chain_error}"
        name = "name fine" if tls.name_ok else "name does not match"
        lines.append(f"{tls_name(tls.version)}, {tls.cipher}; {printable(chain)}; {name}")
        if tls.versions:
            told = (f"{tls_name(name)} {word}" for name, word in tls.versions.items())
            lines.append(f"versions: {', '.join(told)}")
        if tls.details is not None:
            lines += _tls_lines.details(tls.details)
        if tls.certificate is not None:
            names = printable(", ".join(tls.certificate.names), 120)
            lines.append(f"certificate for {names}, until {tls.certificate.not_after[:10]}")
    if seen.seconds:
        steps = ", ".join(f"{step} {spent:.3f}" for step, spent in seen.seconds.items())
        lines.append(f"seconds: {steps}")
    return lines
