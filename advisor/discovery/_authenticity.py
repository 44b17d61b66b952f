"""What DNSSEC changes about an answer, found beside the looks at its servers, never before them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.discovery._answers import failed, weakest
from advisor.model.evidence import Answer, Channel, Dnssec, Hop, Outcome, Problem, Trust

if TYPE_CHECKING:
    from advisor.net._seams import Resolver


def is_open(answer: Answer) -> bool:
    """Does *answer* rest on the DNS in a way that its signatures could still change?"""
    found = answer.outcome is Outcome.FOUND
    return found and any(hop.channel is Channel.DNS for hop in answer.hops)


async def settled(answer: Answer, dns: Resolver) -> Answer:
    """*answer* with its DNS steps checked: better trusted, the same, or not to be used at all."""
    proofs = await asyncio.gather(*(_proof(hop, dns) for hop in answer.hops))
    for hop, proof in zip(answer.hops, proofs, strict=True):
        if proof is Dnssec.BOGUS:
            says = f"the signatures of {hop.asked} do not fit, so that it was not used"
            spoiled = failed(answer.question, Problem.DNSSEC_BOGUS, says)
            return replace(spoiled, seconds=answer.seconds, hops=answer.hops)
    hops = tuple(
        replace(hop, channel=Channel.DNSSEC) if proof is Dnssec.SECURE else hop
        for hop, proof in zip(answer.hops, proofs, strict=True)
    )
    trust = answer.trust
    if trust is Trust.UNAUTHENTICATED:
        trust = weakest(hops)
    return replace(answer, hops=hops, trust=trust)


async def _proof(hop: Hop, dns: Resolver) -> Dnssec | None:
    if hop.channel is not Channel.DNS:
        return None
    rdtype, _, name = hop.asked.partition(" ")
    return await dns.dnssec(name, rdtype)
