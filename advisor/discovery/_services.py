"""Services that a domain offers at a well-known address, where no service record names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from advisor.discovery._answers import nothing, skipped, weakest, web_hops
from advisor.errors import DnsFailed
from advisor.formats import srv
from advisor.formats._web_address import web_address
from advisor.knowledge.suffixes import same_organisation
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Answer, Candidate, Outcome, Problem, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context
    from advisor.net._seams import DnsAnswer, Reply, Resolver

UNAUTHORIZED = 401


def question(protocol: Protocol, title: str, domain: str) -> Question:
    """The question for *protocol* at the well-known address of *domain*."""
    url = f"https://{domain}{srv.WELL_KNOWN[protocol]}"
    return Question(protocol.value, title, url, protocol, aside=True)


async def at_well_known(
    asked: Question,
    domain: str,
    context: Context,
    is_there: Callable[[Reply], bool],
    method: str = "GET",
) -> Answer:
    """What answers *method* at the well-known address, if the domain has no record that says more.

    Where a login is wanted we stop: *is_there* tells from the reply whether that is the service.

    Raises:
        FetchFailed: nothing answers there.
    """
    protocol: Protocol = asked.known  # type: ignore[assignment]  # as planned
    label = srv.label(protocol, Security.TLS)
    records = await _records(srv.owner(label or "", domain), context.dns)
    if records is not None and records.records:
        return skipped(asked, f"its service record {label} says where it is")
    reply = await context.http.look(asked.asked, method=method)
    found = web_address(reply.url)
    if not is_there(reply) or found is None:
        reason = f"what answers there is no {protocol.shown} (status {reply.status})"
        return nothing(asked, Problem.NOT_FOUND, reason)
    elsewhere = f", at {reply.url}" if len(reply.hops) > 1 else ""
    hops = web_hops(reply)
    own = same_organisation(found.host, domain)
    told = f"{found.host} is where {domain} sends programs for {protocol.shown}"
    at = Endpoint(protocol, found.host, found.port, Security.TLS)
    return Answer(
        asked,
        Outcome.FOUND,
        asked.asked,
        f"it answers{elsewhere}",
        trust=weakest(hops),
        candidates=(Candidate(at, url=reply.url),),
        remarks=() if own else ((Problem.CROSS_DOMAIN, told),),
        hops=hops,
    )


async def _records(owner: str, dns: Resolver) -> DnsAnswer | None:
    try:
        return await dns.query(owner, "SRV")
    except DnsFailed:
        return None
