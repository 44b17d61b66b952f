"""The provider catalogue, by the name servers of the domain.

Only for providers of which the catalogue says that their name servers come with their mail; and
only where the mail exchangers do not tell who runs the mail. A domain below another one has the
name servers of that one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.discovery._answers import dns_hop, nothing, skipped
from advisor.discovery._source import Source
from advisor.discovery._state import asked_exchangers
from advisor.discovery.catalogue import found
from advisor.model.address import Subject, is_within
from advisor.model.evidence import Answer, Problem, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context
    from advisor.net._seams import DnsAnswer


def plan(subject: Subject, context: Context) -> list[Question]:
    """One look into the catalogue, after the NS record; none where it knows no name servers."""
    if not context.catalogue.knows_name_servers:
        return []
    asked = f"NS of {subject.domain.ascii}, then the list of providers"
    return [Question("catalogue-ns", "advisor’s own list of providers, by name server", asked)]


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Look up the name servers, unless the exchangers say more."""
    domain = subject.domain.ascii
    asked = await asked_exchangers(question, domain, context.dns)
    if isinstance(asked, Answer) and asked.problem is not Problem.NOT_FOUND:
        return asked
    for record in () if isinstance(asked, Answer) else asked.mx:
        host = record.exchange
        if is_within(host, domain) or context.catalogue.by_mx(host) is not None:
            return skipped(question, f"{host} tells who runs the mail")
    answer = await _name_servers(domain, context)
    for host in answer.records:
        entry = context.catalogue.by_ns(host)
        if entry is not None:
            reason = f"the name server {host} belongs to {entry.provider.name}"
            return found(question, entry, reason, via=(dns_hop(answer),))
    return nothing(question, Problem.NOT_FOUND, "its name servers say nothing about mail")


async def _name_servers(domain: str, context: Context) -> DnsAnswer:
    from advisor.knowledge.suffixes import registrable

    answer = await context.dns.query(domain, "NS")
    parent = registrable(domain)
    if answer.records or parent == domain:
        return answer
    return await context.dns.query(parent, "NS")


SOURCE = Source(
    id="catalogue-ns",
    title="advisor’s own list of providers, by name server",
    references=(),
    plan=plan,
    run=run,
)
