"""Looking at a host: what its mail ports really offer, judged by the same rules as advice."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from advisor._version import __version__
from advisor.engine.case import Case
from advisor.engine.evaluate import judge, tidy
from advisor.engine.reach import reach
from advisor.errors import InputError
from advisor.formats.srv import WELL_KNOWN
from advisor.knowledge.clients import Clients
from advisor.knowledge.library import Library
from advisor.knowledge.stacks import offered, offers
from advisor.knowledge.suffixes import registrable
from advisor.model.address import Domain, Subject, server_name
from advisor.model.auth import UsernameForm, methods_of
from advisor.model.endpoint import CONVENTIONAL, Endpoint, Protocol, Security, path_of
from advisor.model.evidence import Trust
from advisor.model.login import Credentials
from advisor.model.observation import ProbeResult
from advisor.model.report import Finding, ProbedEndpoint, ProbeReport, Setting, Verdict
from advisor.model.text import is_plain, printable
from advisor.net._seams import Net
from advisor.options import Options
from advisor.probing.driver import Trace
from advisor.probing.families import families
from advisor.probing.prober import Prober, dialogues, services
from advisor.services._base import HTTPS, MAX_URL


def targets(
    where: str, protocol: Protocol | None = None, security: Security | None = None
) -> tuple[Endpoint, ...]:
    """The endpoints that ``HOST[:PORT]`` stands for, by convention where nothing else is said.

    Services over HTTPS (JMAP, CalDAV, CardDAV) may be given by their web address, too.

    Raises:
        InputError: no host, no port, a port that stands for no mail protocol by itself, a
            protocol that cannot be looked at, or a web address that is none of a service.
    """
    if "://" in where:
        return (_at_web_address(where, protocol, security),)
    host, port = _split(where)
    if protocol is not None and protocol not in dialogues():
        return (_service(protocol, host, port or HTTPS, "", security),)
    if port is not None:
        named = [(p, s) for (p, known), s in CONVENTIONAL.items() if known == port]
        if protocol is None and not named:
            raise InputError(f"port {port} stands for no mail protocol: say which with --protocol")
        spoken = protocol or named[0][0]
        begun = security or CONVENTIONAL.get((spoken, port), Security.TLS)
        return (Endpoint(spoken, host, port, begun),)
    spoken_here = dialogues() if protocol is None else (protocol,)
    found = tuple(
        Endpoint(known, host, number, security or usual)
        for (known, number), usual in CONVENTIONAL.items()
        if known in spoken_here and _begins(usual, security)
    )
    if not found:
        raise InputError(f"no usual port of {protocol} begins so: give HOST:PORT")
    return found


def _at_web_address(where: str, protocol: Protocol | None, security: Security | None) -> Endpoint:
    """The endpoint of a service at a URL; a well-known one tells itself what it is for."""
    shown = printable(where, 80)
    try:
        parts = urlsplit(where)
        port, host = parts.port, server_name(parts.hostname or "")
    except ValueError:
        port, host = None, None
    odd = len(where) > MAX_URL or not is_plain(where) or " " in where or "@" in parts.netloc
    if host is None or port == 0 or odd:
        raise InputError(f"{shown} is no web address: give one such as https://dav.example.org/")
    if parts.scheme != "https":
        raise InputError(f"{shown} does not begin with https://: nothing else is asked")
    spoken = protocol or next((p for p, path in WELL_KNOWN.items() if path == parts.path), None)
    if spoken is None:
        known = ", ".join(sorted(services()))
        raise InputError(f"what is at {shown}? Say which with --protocol: {known}")
    path = "" if parts.path in ("", "/") and not parts.query else path_of(where)
    return _service(spoken, host, port or HTTPS, path, security)


def _service(
    protocol: Protocol, host: str, port: int, path: str, security: Security | None
) -> Endpoint:
    found = services().get(protocol)
    if found is None:
        known = ", ".join(sorted({*dialogues(), *services()}))
        if protocol in dialogues():
            raise InputError(f"{protocol} has no web address: give HOST or HOST:PORT")
        raise InputError(f"{protocol} cannot be looked at yet; what can be: {known}")
    if security not in (None, Security.TLS):
        raise InputError(f"{protocol} is spoken over HTTPS only: leave out --security")
    return Endpoint(protocol, host, port, Security.TLS, path or found.path)


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

    A service that leads on to another host is told in two rows, one for each.
    Endpoints that do not answer before ``options.timeout`` are told as such, with what was seen.
    *clients* asks also which mail programs of the catalogue could connect to each.
    Nothing is signed in to without *login*; with it, each protocol once, and *trace* is told the
    conversation without its secrets.

    Raises:
        InputError: an option, or what to sign in with, cannot be used, or there is nothing that
            advisor signs in to.
        RuleError: the rules are wrong.
    """
    options, library = options or Options(), library or Library()
    if login is not None:
        from advisor.login import check_credentials

        login = check_credentials(login)
        if not any(one.protocol in dialogues() for one in endpoints):
            raise InputError("advisor signs in to mail servers only: leave out --login")
    if net is None:
        from advisor.net.open import open_net

        net = open_net(options)
    hellos = offered(library.entries("hellos")) if clients else ()
    prober = Prober(net.streams, resolver=net.dns, thorough=True, hellos=hellos)
    try:
        results = await _looked(endpoints, prober, net, options.timeout)
        further = dict.fromkeys(end for one in results if (end := _led_on(one)) is not None)
        left = [end for end in further if end not in endpoints]
        results += await _looked(left, prober, net, options.timeout)
    finally:
        await prober.aclose()
    if login is not None:
        from advisor.login import sign_in

        wanted = [(one, login.username) for one in results]
        results = await sign_in(wanted, login, net, library, trace=trace)
    report = _report(results, library)
    return _with_clients(report, results, library) if clients else report


async def _looked(
    endpoints: Sequence[Endpoint], prober: Prober, net: Net, patience: float
) -> list[ProbeResult]:
    """What each of *endpoints* shows, and each of its addresses."""
    looks = (prober.probe(endpoint, patience=patience) for endpoint in endpoints)
    reaches = (
        families(endpoint, net.dns, net.streams, patience=patience) for endpoint in endpoints
    )
    results, reached = await asyncio.gather(asyncio.gather(*looks), asyncio.gather(*reaches))
    return [
        replace(one, observation=replace(one.observation, addresses=each))
        for one, each in zip(results, reached, strict=True)
    ]


def _led_on(one: ProbeResult) -> Endpoint | None:
    """Where a service really lives that another host leads on to."""
    web = one.observation.web
    parts = urlsplit(web.hops[-1]) if web is not None and web.hops else None
    if web is None or parts is None or parts.hostname in (None, one.host):
        return None
    port = parts.port or HTTPS
    return Endpoint(one.protocol, parts.hostname, port, Security.TLS, path_of(web.hops[-1]))


def _report(results: Sequence[ProbeResult], library: Library) -> ProbeReport:
    host = results[0].host
    subject = Subject(Domain(registrable(host), registrable(host)))
    case = Case(
        subject=subject,
        settings=tuple(map(_setting, results)),
        answers=(),
        now=datetime.now(UTC),
        registrable=registrable,
    )
    told = judge(case, library.rulebook).findings
    shown = tuple(_shown(result, told) for result in results)
    return ProbeReport(host, shown, tidy(f for one in shown for f in one.findings), __version__)


def _shown(result: ProbeResult, told: Sequence[Finding]) -> ProbedEndpoint:
    return ProbedEndpoint(
        result.protocol,
        result.host,
        result.address,
        result.port,
        result.security,
        result.live,
        result.observation,
        tuple(one for one in told if str(result.endpoint) in one.about),
        url=_url(result),
    )


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
        url=_url(result),
    )


def _url(result: ProbeResult) -> str | None:
    """The web address of what was looked at, for a service that has one."""
    found = services().get(result.protocol) if result.path else None
    return found.place(result.endpoint).url if found else None
