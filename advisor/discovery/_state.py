"""What the DNS says of a mail domain as such: does it exist, and who takes its mail?

And how long the slowest of several questions to the DNS is waited for.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from advisor.discovery._answers import dns_hop, failed, nothing, skipped
from advisor.engine.case import MailDomain
from advisor.errors import DnsFailed
from advisor.knowledge.suffixes import is_public_suffix
from advisor.model.address import host_name
from advisor.model.evidence import Answer, Dnssec, Hop, Problem, Question
from advisor.model.text import printable

if TYPE_CHECKING:
    from advisor.net._seams import MxRecord, Resolver

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DomainState:
    """The answer for the MX records of *domain*.

    *mx* stands in order of preference, equal ones by name, only with hosts that can be hosts.
    *problem* is NULL_MX, BAD_MX, NO_DOMAIN, or why the DNS gave no answer; *message* its sentence.
    *has_address* is asked only where there is no MX (RFC 5321 §5.1), and None where unknown.
    *hops* is the step to the DNS that all of it rests on.
    """

    domain: str
    mx: tuple[MxRecord, ...] = ()
    problem: Problem | None = None
    message: str = ""
    has_address: bool | None = None
    hops: tuple[Hop, ...] = ()

    @property
    def exists(self) -> bool | None:
        """Does the domain exist? None where the DNS gave no answer."""
        if self.problem in (None, Problem.NULL_MX, Problem.BAD_MX):
            return True
        return False if self.problem is Problem.NO_DOMAIN else None

    @property
    def mail(self) -> str:
        """The same as one word, see ``MailDomain``."""
        if self.problem in (Problem.NULL_MX, Problem.BAD_MX):
            return self.problem.value
        if self.exists is not True:
            return "unknown" if self.exists is None else "no-domain"
        if self.mx:
            return "mx"
        return {True: "implicit", False: "none", None: "unknown"}[self.has_address]


@cache
def random_label() -> str:
    """A label that nobody has set up; the same throughout a run, so that it is asked once."""
    return f"advisor-{secrets.token_hex(8)}"


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


async def exchangers(domain: str, dns: Resolver) -> DomainState:
    """Who takes the mail of *domain*; what the DNS fails to say is said in *problem*.

    Records that are there and name no host do not count as none (RFC 5321 §5.1).

    See: RFC 5321 §5.1, RFC 7505 §3.
    """
    try:
        answer = await dns.query(domain, "MX")
    except DnsFailed as error:
        return DomainState(domain, problem=error.problem, message=str(error))
    if not answer.exists:
        return DomainState(domain, problem=Problem.NO_DOMAIN, message=f"{domain} does not exist")
    hops = (dns_hop(answer),)
    targets = [record.exchange for record in answer.records]
    if targets == ["."]:
        message = f"{domain} says that it takes no mail at all"
        return DomainState(domain, (), Problem.NULL_MX, message, hops=hops)
    mx = sorted(
        (record for record in answer.records if host_name(record.exchange)),
        key=lambda record: (record.preference, record.exchange),
    )
    if mx:
        return DomainState(domain, tuple(mx), hops=hops)
    if targets:
        message = f"no MX record of {domain} names a host ({printable(', '.join(targets), 80)})"
        return DomainState(domain, (), Problem.BAD_MX, message, hops=hops)
    return await _without_mx(domain, dns)


async def asked_exchangers(question: Question, domain: str, dns: Resolver) -> DomainState | Answer:
    """The mail exchangers of *domain*, at least one; or the answer where there are none."""
    state = await exchangers(domain, dns)
    if state.problem is Problem.NULL_MX:
        return skipped(question, state.message, Problem.NULL_MX)
    if state.problem is not None:
        return failed(question, state.problem, state.message)
    if not state.mx:
        return nothing(question, Problem.NOT_FOUND, f"{domain} names no mail exchanger")
    return state


async def _without_mx(domain: str, dns: Resolver) -> DomainState:
    try:
        await dns.addresses(domain)
    except DnsFailed as error:
        if error.problem in (Problem.NO_ADDRESS, Problem.NO_DOMAIN):
            return DomainState(domain, has_address=False)
        if error.problem is not Problem.PRIVATE_ADDRESS:
            return DomainState(domain, problem=error.problem, message=str(error))
    return DomainState(domain, has_address=True)


async def random_addresses(domain: str, dns: Resolver) -> frozenset[str] | None:
    """Where a name that nobody set up leads: nowhere, or whatever a wildcard says.

    None where the DNS gave no answer.
    """
    try:
        return frozenset(await dns.addresses(f"{random_label()}.{domain}"))
    except DnsFailed as error:
        nowhere = error.problem in (Problem.NO_DOMAIN, Problem.NO_ADDRESS)
        return frozenset() if nowhere else None


async def gathered(
    questions: Mapping[str, Coroutine[Any, Any, T]],
    enough: Callable[[Mapping[str, T]], bool],
    *,
    least: float,
    most: float | None = None,
    on_told: Callable[[Mapping[str, T]], None] = lambda _: None,
) -> dict[str, T]:
    """What the *questions* gave, in their order, without those that took too long.

    Once what has been told is *enough*, the others get as long again as that took, and at least
    *least* seconds. *most* seconds are the limit for all. *on_told* gets whatever has been told,
    each time that something is.
    """
    loop = asyncio.get_running_loop()
    start = loop.time()
    until = None if most is None else start + most
    tasks = {asyncio.create_task(work): key for key, work in questions.items()}
    waiting, told, is_enough = set(tasks), dict[str, T](), False
    try:
        while waiting:
            done, waiting = await asyncio.wait(
                waiting,
                timeout=None if until is None else max(0.0, until - loop.time()),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if not done:
                break
            told |= {tasks[task]: task.result() for task in done}
            on_told(told)
            if not is_enough and enough(told):
                is_enough, now = True, loop.time()
                rest = now + max(least, now - start)
                until = rest if until is None else min(until, rest)
    finally:
        for task in tasks:
            task.cancel()
    return {key: told[key] for key in questions if key in told}
