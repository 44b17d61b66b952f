"""A live look at one server for ``diagnose``: what it rules out."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from advisor.engine.causes import diagnosis_facts, ruled_out
from advisor.knowledge.library import Library
from advisor.model.diagnosis import Seen
from advisor.model.endpoint import Endpoint, Protocol, conventional_ports
from advisor.model.observation import ProbeResult
from advisor.net._seams import Net
from advisor.options import Options
from advisor.probing.prober import Prober

_BY_NAME = {"imap": Protocol.IMAP, "pop": Protocol.POP3}


def spoken_by(host: str) -> Protocol:
    """The protocol that a server's name speaks of; sending where it says nothing."""
    first = host.partition(".")[0].lower()
    found = (protocol for start, protocol in _BY_NAME.items() if first.startswith(start))
    return next(found, Protocol.SMTP)


class Look(NamedTuple):
    """Which causes are *out*, and what was *seen* on each port."""

    out: frozenset[str]
    seen: tuple[Seen, ...]


async def look(
    host: str,
    protocol: Protocol,
    options: Options,
    *,
    library: Library,
    net: Net | None = None,
) -> Look:
    """What the standard ports of *host* show by ``options.timeout``, and what that contradicts.

    Raises:
        InputError: an option cannot be used.
    """
    if net is None:
        from advisor.net.open import open_net

        net = open_net(options)
    prober = Prober(net.streams, resolver=net.dns)
    ends = [Endpoint(protocol, host, port, how) for port, how in conventional_ports(protocol)]
    try:
        seen = await asyncio.gather(*(prober.probe(end, patience=options.timeout) for end in ends))
    finally:
        await prober.aclose()
    out = ruled_out(library.single("causes")["classes"], diagnosis_facts(protocol, seen))
    return Look(out, tuple(map(_shown, seen)))


def _shown(one: ProbeResult) -> Seen:
    problem = one.observation.problem
    return Seen(one.protocol, one.host, one.port, one.security, one.live, problem and problem.value)
