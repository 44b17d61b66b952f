"""Checking settings that somebody has, live where a look is allowed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from advisor.engine.settings import Entered, endpoints, judge
from advisor.knowledge.library import Library
from advisor.model.diagnosis import CheckReport, StandardWay
from advisor.model.login import Credentials
from advisor.model.observation import Live, ProbeResult
from advisor.model.text import printable
from advisor.net._seams import Net
from advisor.options import Options
from advisor.probing.driver import Trace
from advisor.probing.prober import Prober
from advisor.reporting import client_row


async def check(
    entered: Entered,
    options: Options | None = None,
    *,
    library: Library | None = None,
    net: Net | None = None,
    login: Credentials | None = None,
    trace: Trace | None = None,
) -> CheckReport:
    """What the settings really do, whether they are right, and what to change.

    The server is looked at unless ``options.offline`` is set, probing is off, or no host is
    known; what it has shown by ``options.timeout`` counts. Nothing is signed in to without *login*;
    with it, once, as the settings say, and *trace* is told the conversation without its secrets.

    Raises:
        InputError: an option, or what to sign in with, cannot be used.
        RuleError: the rules are wrong.
    """
    options, library = options or Options(), library or Library()
    if login is not None:
        from advisor.login import check_credentials

        login = check_credentials(login)
    seen: dict[str, ProbeResult] = {}
    if entered.host and options.probe and not options.offline:
        if net is None:
            from advisor.net.open import open_net

            net = open_net(options)
        seen = await _look(entered, options, net)
        if login is not None and "live" in seen:
            from advisor.login import sign_in

            wanted = [(seen["live"], login.username)]
            (seen["live"],) = await sign_in(wanted, login, net, library, trace=trace)
    found = judge(entered, seen, library.rulebook, datetime.now(UTC))
    as_is = seen.get("live")
    return CheckReport(
        verdict=found.verdict,
        protocol=entered.protocol,
        host=entered.host,
        port=entered.port,
        label=printable(entered.label),
        client=client_row(entered.client),
        means=found.means,
        changes=found.changes,
        live=as_is.live if as_is else Live.NOT_CHECKED,
        observation=as_is.observation if as_is else None,
        standard=tuple(
            StandardWay(one.port, one.security, one.live)
            for name, one in seen.items()
            if name != "live"
        ),
        findings=found.findings,
    )


async def _look(entered: Entered, options: Options, net: Net) -> dict[str, ProbeResult]:
    prober = Prober(net.streams, resolver=net.dns)
    wanted = endpoints(entered)
    try:
        results = await asyncio.gather(
            *(prober.probe(end, patience=options.timeout) for end in wanted.values())
        )
    finally:
        await prober.aclose()
    return dict(zip(wanted, results, strict=True))
