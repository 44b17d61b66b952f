"""The network between this computer and the mail servers, by looking at hosts that somebody named.

Nobody else is contacted: there are no hosts of our own to try. Name servers are asked for names
that cannot exist, too, which goes to those that this computer uses anyway.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from advisor._version import __version__
from advisor.engine.doctor import judge, states
from advisor.errors import DnsFailed, InputError
from advisor.knowledge.library import Library
from advisor.knowledge.providers import Catalogue
from advisor.knowledge.suffixes import registrable
from advisor.model.address import server_name, subject
from advisor.model.doctor import DoctorReport, NamesRow, PathRow, Routes
from advisor.model.endpoint import CONVENTIONAL, Endpoint
from advisor.model.evidence import Problem
from advisor.model.observation import ProbeResult, Reached
from advisor.model.text import printable
from advisor.net._addresses import has_ipv4_route, has_ipv6_route, is_public, literal
from advisor.net._seams import Net, Resolver
from advisor.options import Options
from advisor.probing.front_page import front_page
from advisor.probing.prober import Prober, dialogues

MAX_HOSTS = 8

# Top-level domains in which nothing answers for names that nobody registered (RFC 6761 §6.4).
_WITHOUT_WILDCARD = ("invalid", "com")

_SILENT = (Problem.TIMEOUT, Problem.UNREACHABLE)
_STRANGE = (Problem.TIMEOUT, Problem.CLOSED, Problem.NOT_TLS, Problem.NOT_THIS_PROTOCOL)
_NO_NAME = (Problem.NO_DOMAIN, Problem.NO_ADDRESS)
_GONE = (*_NO_NAME, Problem.DNS_SERVFAIL, Problem.DNS_REFUSED)


def targets(named: Sequence[str], library: Library) -> dict[Endpoint, bool]:
    """The endpoints to look at for *named*, and whether the catalogue says they are offered.

    An address or a domain of the catalogue stands for its provider's servers, a host for its
    mail ports.

    Raises:
        InputError: nothing is named, too much is, or something that leads to no host.
        RuleError: the catalogue is wrong.
    """
    if not named:
        raise InputError(
            "name what to reach, such as your address, your provider's domain or two mail "
            "servers: advisor doctor posteo.de imap.gmail.com. Nobody else is contacted"
        )
    entries = library.entries("providers")
    catalogue = Catalogue(entries)
    offered = {
        Endpoint(*(one[key] for key in ("protocol", "host", "port", "security")))
        for entry in entries.values()
        for one in entry["servers"]
    }
    found: dict[Endpoint, bool] = {}
    for text in named:
        for end in _ends(text, catalogue):
            found[end] = end in offered
    hosts = {end.host for end in found}
    if len(hosts) > MAX_HOSTS:
        raise InputError(f"that is {len(hosts)} hosts: name at most {MAX_HOSTS} at a time")
    return found


def _ends(text: str, catalogue: Catalogue) -> Iterable[Endpoint]:
    shown = printable(text, 80)
    host = subject(text).domain.ascii if "@" in text else server_name(text)
    if host is None:
        raise InputError(f"{shown} is no host: give a name such as imap.example.org, or a domain")
    entry = catalogue.by_domain(host)
    if entry is not None and entry.candidates:
        return [c.endpoint for c in entry.candidates if c.endpoint.protocol in dialogues()]
    if "@" in text:
        raise InputError(
            f"{host} is not in the catalogue of providers: name its mail servers instead, which "
            f"advisor recommend {host} finds"
        )
    return [Endpoint(p, host, port, how) for (p, port), how in CONVENTIONAL.items()]


async def doctor(
    *named: str, options: Options | None = None, library: Library | None = None
) -> DoctorReport:
    """What the hosts that are *named* show of the network between them and here.

    ``await doctor("posteo.de", "imap.gmail.com")``: an address or a domain of a known provider
    stands for its servers, a host for its mail ports; two of different owners tell most. Nobody
    else is contacted, and nothing is signed in to.

    Raises:
        InputError: nothing is named, too much is, or something that leads to no host; an option
            that cannot be used.
        RuleError: the rules are wrong.
    """
    library = library or Library()
    return await examine(targets(named, library), options, library=library)


async def examine(
    ends: dict[Endpoint, bool],
    options: Options | None = None,
    *,
    library: Library | None = None,
    net: Net | None = None,
    one_by_one: Sequence[Resolver] | None = None,
) -> DoctorReport:
    """``doctor`` of the *ends* that ``targets`` found.

    *net* replaces the real network, and *one_by_one* are its name servers as resolvers of their
    own, to be compared.
    """
    options, library = options or Options(), library or Library()
    _check_families(ends, options)
    if net is None:
        from advisor.net.open import open_net

        net = open_net(options)
        one_by_one = _each(net.dns.servers, options)
    prober = Prober(net.streams, resolver=net.dns)
    hosts = tuple(dict.fromkeys(end.host for end in ends))
    looks = [prober.probe(end, patience=options.timeout) for end in ends]
    try:
        results, names, with_ipv6, web = await asyncio.gather(
            asyncio.gather(*looks),
            _names(hosts, net.dns, one_by_one or ()),
            asyncio.gather(*(_has_ipv6(host, net.dns) for host in hosts)),
            asyncio.gather(*(front_page(host, net.streams, options.timeout) for host in hosts)),
        )
    finally:
        await prober.aclose()
    paths = tuple(_path(one, offered=ends[end]) for end, one in zip(ends, results, strict=True))
    routes = _routes(dict(zip(hosts, with_ipv6, strict=True)), options)
    found = judge(
        paths, names, web, routes=routes, registrable=registrable, rulebook=library.rulebook
    )
    return DoctorReport(
        hosts, states(paths), paths, names, tuple(web), routes, found, __version__
    )  # fmt: skip


def _check_families(ends: Iterable[Endpoint], options: Options) -> None:
    for address in {literal(end.host) for end in ends} - {None}:
        if not (options.ipv4 if address is not None and address.version == 4 else options.ipv6):
            raise InputError(
                f"{address} is no address of the only family that may be used: leave out "
                f"--{'ipv4' if options.ipv4 else 'ipv6'}"
            )


def _routes(with_ipv6: Mapping[str, bool | None], options: Options) -> Routes:
    only = None
    if options.ipv4 != options.ipv6:
        only = "ipv4" if options.ipv4 else "ipv6"
    return Routes(
        ipv4=has_ipv4_route(),
        ipv6=has_ipv6_route(),
        ipv6_hosts=tuple(host for host, has in with_ipv6.items() if has),
        no_ipv6_hosts=tuple(host for host, has in with_ipv6.items() if has is False),
        only=only,
    )


def _each(servers: Sequence[str], options: Options) -> list[Resolver]:
    from advisor.net.open import open_net

    if len(servers) < 2:
        return []
    return [open_net(replace(options, nameservers=(one,))).dns for one in servers]


def _path(one: ProbeResult, *, offered: bool) -> PathRow:
    return PathRow(
        one.protocol, one.host, one.port, one.security, one.address, _outcome(one), offered,
        one.observation,
    )  # fmt: skip


def _outcome(one: ProbeResult) -> str:
    problem, reached = one.observation.problem, one.observation.reached
    if reached is Reached.CONNECT and problem in _STRANGE:
        return "strange"
    if reached is not Reached.NOTHING:
        return "open"
    if problem is Problem.REFUSED:
        return "refused"
    if problem in _SILENT:
        return "silent"
    return "no-name" if problem in _NO_NAME else "unknown"


async def _names(hosts: Sequence[str], dns: Resolver, each: Sequence[Resolver]) -> NamesRow:
    named = [host for host in hosts if literal(host) is None]
    stray = [f"{secrets.token_hex(10)}.{end}" for end in _WITHOUT_WILDCARD]
    invented = await asyncio.gather(*(_records(dns, name) for name in stray))
    seen = await asyncio.gather(*(_records(dns, host) for host in named))
    disputed = await asyncio.gather(*(_is_disputed(host, each) for host in named))
    anywhere = {address for led in invented for address in led or ()}
    return NamesRow(
        servers=dns.servers,
        compared=len(each),
        invented=tuple(name for name, led in zip(stray, invented, strict=True) if led),
        private=tuple(
            f"{host} ({address})"
            for host, led in zip(named, seen, strict=True)
            for address in (led or ())[:1]
            if not is_public(address)
        ),
        disputed=tuple(host for host, doubt in zip(named, disputed, strict=True) if doubt),
        astray=tuple(
            host for host, led in zip(named, seen, strict=True) if led and anywhere.issuperset(led)
        ),
    )


async def _records(dns: Resolver, name: str) -> tuple[str, ...] | None:
    """The IPv4 addresses; none where the name is said not to have any, None where nobody knows."""
    try:
        return (await dns.query(name, "A")).records
    except DnsFailed as error:
        return () if error.problem in _GONE else None


async def _is_disputed(host: str, each: Sequence[Resolver]) -> bool:
    """Do some have addresses where others have none, or private ones where others have public?"""
    told = await asyncio.gather(*(_records(one, host) for one in each))
    kinds = {all(map(is_public, led)) if led else None for led in told if led is not None}
    return len(kinds) > 1


async def _has_ipv6(host: str, dns: Resolver) -> bool | None:
    """Has *host* an IPv6 address? None where nobody knows."""
    if literal(host) is not None:
        return ":" in host
    try:
        return bool((await dns.query(host, "AAAA")).records)
    except DnsFailed as error:
        return False if error.problem in _NO_NAME else None
