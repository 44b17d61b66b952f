"""Who takes the mail of a domain, as the DNS says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from advisor.discovery._answers import dns_hop, failed, nothing, skipped
from advisor.errors import DnsFailed
from advisor.model.address import host_name
from advisor.model.evidence import Answer, Hop, Problem, Question
from advisor.model.text import printable

if TYPE_CHECKING:
    from advisor.net._seams import MxRecord, Resolver


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


@cache
def random_label() -> str:
    """A label that nobody has set up; the same throughout a run, so that it is asked once."""
    import secrets

    return f"advisor-{secrets.token_hex(8)}"
