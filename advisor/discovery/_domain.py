"""What the DNS says of a mail domain as such, for the rules."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.discovery._state import DomainState, exchangers, random_label
from advisor.engine.case import MailDomain
from advisor.errors import DnsFailed
from advisor.knowledge.suffixes import is_public_suffix
from advisor.model.evidence import Dnssec, Problem

if TYPE_CHECKING:
    from advisor.net._seams import Resolver


async def domain_state(domain: str, dns: Resolver) -> MailDomain:
    """What the rules want to know of *domain*; never raises ``DnsFailed``."""
    state, strays = await asyncio.gather(exchangers(domain, dns), random_addresses(domain, dns))
    if state.mail == "no-domain" and await _is_island(domain, dns):
        return MailDomain(problem=Problem.DNS_ISLAND)
    dnssec = await _dnssec(state, dns)
    if dnssec is Dnssec.BOGUS:
        state = replace(state, mx=(), problem=Problem.DNSSEC_BOGUS)
    unknown = state.mail == "unknown"
    return MailDomain(
        mail=state.mail,
        mx=tuple(record.exchange for record in state.mx),
        problem=state.problem if unknown else None,
        wildcard=None if strays is None else bool(strays),
        dnssec=dnssec.value,
    )


async def _dnssec(state: DomainState, dns: Resolver) -> Dnssec:
    """What DNSSEC says of the MX records."""
    if state.mx or state.problem in (Problem.NULL_MX, Problem.BAD_MX):
        return await dns.dnssec(state.domain, "MX")
    return Dnssec.BOGUS if state.problem is Problem.DNSSEC_BOGUS else Dnssec.UNKNOWN


async def _is_island(domain: str, dns: Resolver) -> bool:
    """Does the name server deny a top-level domain that certainly exists?"""
    top = domain.rpartition(".")[2]
    if not is_public_suffix(top):
        return False
    try:
        return not (await dns.query(top, "SOA")).exists
    except DnsFailed:
        return False


async def random_addresses(domain: str, dns: Resolver) -> frozenset[str] | None:
    """Where a name that nobody set up leads: nowhere, or whatever a wildcard says.

    None where the DNS gave no answer.
    """
    try:
        return frozenset(await dns.addresses(f"{random_label()}.{domain}"))
    except DnsFailed as error:
        nowhere = error.problem in (Problem.NO_DOMAIN, Problem.NO_ADDRESS)
        return frozenset() if nowhere else None
