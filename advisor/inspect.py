"""Looking at a host: what its mail ports really offer, judged by the same rules as advice."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from advisor._version import __version__
from advisor.engine.case import Case
from advisor.engine.evaluate import judge, tidy
from advisor.engine.reach import reach
from advisor.errors import InputError
from advisor.knowledge.clients import Clients
from advisor.knowledge.library import Library
from advisor.knowledge.stacks import offered, offers
from advisor.knowledge.suffixes import registrable
from advisor.model.address import Domain, Subject, server_name
from advisor.model.auth import UsernameForm, methods_of
from advisor.model.endpoint import CONVENTIONAL, Endpoint, Protocol, Security
from advisor.model.evidence import Trust
from advisor.model.login import Credentials
from advisor.model.observation import ProbeResult
from advisor.model.report import Finding, ProbedEndpoint, ProbeReport, Setting, Verdict
from advisor.model.text import printable
from advisor.net._seams import Net
from advisor.options import Options
from advisor.probing.driver import Trace
from advisor.probing.families import families
from advisor.probing.prober import Prober, dialogues


def targets(
    where: str, protocol: Protocol | None = None, security: Security | None = None
) -> tuple[Endpoint, ...]:
    """The endpoints that ``HOST[:PORT]`` stands for, by convention where nothing else is said.

    Raises:
        InputError: no host, no port, a port that stands for no mail protocol by itself, or a
            protocol that cannot be looked at.
    """
    host, port = _split(where)
    if port is not None:
        named = [(p, s) for (p, known), s in CONVENTIONAL.items() if known == port]
        if protocol is None and not named:
            raise InputError(f"port {port} stands for no mail protocol: say which with --protocol")
        spoken = _known(protocol or named[0][0])
        begun = security or CONVENTIONAL.get((spoken, port), Security.TLS)
        return (Endpoint(spoken, host, port, begun),)
    spoken_here = dialogues() if protocol is None else (_known(protocol),)
    found = tuple(
        Endpoint(known, host, number, security or usual)
        for (known, number), usual in CONVENTIONAL.items()
        if known in spoken_here and _begins(usual, security)
    )
    if not found:
        raise InputError(f"no usual port of {protocol} begins so: give HOST:PORT")
    return found


def _known(protocol: Protocol) -> Protocol:
    if protocol not in dialogues():
        known = ", ".join(sorted(dialogues()))
        raise InputError(f"{protocol} cannot be looked at yet; what can be: {known}")
    return protocol


def _begins(usual: Security, wanted: Security | None) -> bool:
    """Does a port with the *usual* security fit? Where STARTTLS begins, nothing may follow."""
    return wanted in (None, usual) or (wanted is Security.NONE and usual is Security.STARTTLS)


def _split(where: str) -> tuple[str, int | None]:
    shown = printable(where, 80)
    bracketed = re.fullmatch(r"\[([0-9a-fA-F:.]+)\](?::(.*))?", where)
    if bracketed:
        host, port = bracketed.group(1), bracketed.group(2)
    elif where.count(":") > 1:
        host, port = where, None
    else:
        host, colon, tail = where.partition(":")
        port = tail if colon else None
    if port is not None and not _is_port(port):
        raise InputError(f"{shown}: “{printable(port, 20)}” is no port: ports are 1 to 65535")
    name = server_name(host)
    if name is None:
        raise InputError(f"{shown} is no host: give a name such as imap.example.org, or an address")
    return name, int(port) if port else None


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535


async def probe(
    endpoints: Sequence[Endpoint],
    options: Options | None = None,
    *,
    library: Library | None = None,
    net: Net | None = None,
    clients: bool = False,
    login: Credentials | None = None,
    trace: Trace | None = None,
) -> ProbeReport:
    """What each of *endpoints* really offers, with the findings of the rules.

    Endpoints that do not answer before ``options.timeout`` are told as such, with what was seen.
    *clients* asks also which mail programs of the catalogue could connect to each.
    Nothing is signed in to without *login*; with it, each protocol once, and *trace* is told the
    conversation without its secrets.

    Raises:
        InputError: an option, or what to sign in with, cannot be used.
        RuleError: the rules are wrong.
    """
    options, library = options or Options(), library or Library()
    if login is not None:
        from advisor.login import check_credentials

        login = check_credentials(login)
    if net is None:
        from advisor.net.open import open_net

        net = open_net(options)
    hellos = offered(library.entries("hellos")) if clients else ()
    prober = Prober(net.streams, resolver=net.dns, thorough=True, hellos=hellos)
    try:
        looks = (prober.probe(endpoint, patience=options.timeout) for endpoint in endpoints)
        reaches = (
            families(endpoint, net.dns, net.streams, patience=options.timeout)
            for endpoint in endpoints
        )
        results, reached = await asyncio.gather(asyncio.gather(*looks), asyncio.gather(*reaches))
    finally:
        await prober.aclose()
    results = [
        replace(one, observation=replace(one.observation, addresses=each))
        for one, each in zip(results, reached, strict=True)
    ]
    if login is not None:
        from advisor.login import sign_in

        wanted = [(one, login.username) for one in results]
        results = await sign_in(wanted, login, net, library, trace=trace)
    report = _report(results, library)
    return _with_clients(report, results, library) if clients else report


def _report(results: Sequence[ProbeResult], library: Library) -> ProbeReport:
    rules = library.rulebook
    host = results[0].host
    subject = Subject(Domain(registrable(host), registrable(host)))
    case = Case(
        subject=subject,
        settings=tuple(map(_setting, results)),
        answers=(),
        now=datetime.now(UTC),
        registrable=registrable,
    )
    shown = []
    every: list[Finding] = []
    for result, setting in zip(results, case.settings, strict=True):
        alone = judge(replace(case, settings=(setting,)), rules)
        findings = tuple(f for f in alone.findings if str(setting.endpoint) in f.about)
        every += findings
        shown.append(
            ProbedEndpoint(
                result.protocol,
                result.host,
                result.address,
                result.port,
                result.security,
                result.live,
                result.observation,
                findings,
            )
        )
    return ProbeReport(host, tuple(shown), tidy(every), __version__)


def _with_clients(
    report: ProbeReport, results: Sequence[ProbeResult], library: Library
) -> ProbeReport:
    stacks, hellos = library.entries("stacks"), library.entries("hellos")
    every = Clients(library.entries("clients")).every()
    known = [(one, offers(one, stacks, hellos)) for one in every]
    told = (
        replace(end, clients=reach(result, known))
        for end, result in zip(report.endpoints, results, strict=True)
    )
    return replace(report, endpoints=tuple(told))


def _setting(result: ProbeResult) -> Setting:
    mechanisms = result.observation.mechanisms
    return Setting(
        protocol=result.protocol,
        host=result.host,
        port=result.port,
        security=result.security,
        username="",
        username_form=UsernameForm.UNKNOWN,
        auth=methods_of(mechanisms),
        mechanisms=mechanisms,
        oauth2=None,
        verdict=Verdict.ACCEPTABLE,
        live=result.live,
        observation=result.observation,
        sources=("asked",),
        trust=Trust.AUTHENTICATED,
    )
