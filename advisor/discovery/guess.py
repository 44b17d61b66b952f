"""Usual host names that exist. A guess is only worth a probe, never an answer by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from advisor.discovery._answers import failed, nothing, skipped
from advisor.discovery._source import Source
from advisor.discovery._state import exchangers, gathered, random_label
from advisor.errors import DnsFailed
from advisor.model.address import Subject
from advisor.model.endpoint import INCOMING, Endpoint, Protocol, conventional_ports
from advisor.model.evidence import Answer, Candidate, Outcome, Problem, Question, Trust

if TYPE_CHECKING:
    from advisor.discovery._context import Context
    from advisor.net._seams import Resolver

# Seconds for the DNS; and, at least, for what is silent once there is a host for each direction.
PATIENCE = 1.5
REST = 0.25

_MX = "MX"


@dataclass(frozen=True, slots=True)
class _Name:
    """One name (or the MX record): its addresses, or why there are none."""

    host: str
    addresses: frozenset[str] = frozenset()
    problem: Problem | None = None
    message: str = ""


def plan(subject: Subject, context: Context) -> list[Question]:
    """One question for all names."""
    names = _names(subject, context)
    asked = f"addresses of {', '.join(dict.fromkeys(host for _, host in names))}"
    return [Question("guess", "usual host names", asked, names)] if names else []


def _names(subject: Subject, context: Context) -> tuple[tuple[Protocol, str], ...]:
    domain = subject.domain.ascii
    return tuple(
        (protocol, f"{prefix}.{domain}" if prefix else domain)
        for protocol, prefix in context.guesses
    )


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Ask for all names at once; those that only a wildcard makes resolve are no evidence.

    A domain that takes no mail is not guessed for, if it says so in time: who uses the answer
    looks at that again.
    """
    planned = _names(subject, context)
    domain, dns = subject.domain.ascii, context.dns
    stray = f"{random_label()}.{domain}"
    hosts = list(dict.fromkeys(host for _, host in planned))

    def is_enough(told: Mapping[str, _Name]) -> bool:
        found = {*_real(told, domain, stray)} - {domain}
        protocols = {protocol for protocol, host in planned if host in found}
        both = Protocol.SMTP in protocols and not protocols.isdisjoint(INCOMING)
        return both and stray in told

    questions = {host: _resolve(host, dns) for host in (stray, *hosts)}
    questions[_MX] = _exchangers(domain, dns)
    told = await gathered(questions, is_enough, least=REST, most=PATIENCE)
    mx = told.get(_MX)
    if mx is not None and mx.problem is Problem.NULL_MX:
        return skipped(question, mx.message, Problem.NULL_MX)
    names = [told.get(host) or _late(host) for host in hosts]
    wild = stray in told and bool(told[stray].addresses)
    real = _real(told, domain, stray)
    candidates = _candidates(planned, real)
    answer = _found(question, candidates, real) if real else _silent(question, names, wild)
    remark = f"any name below {domain} resolves, so that such names are no evidence of servers"
    return replace(answer, remarks=((Problem.WILDCARD_DNS, remark),)) if wild else answer


def _real(told: Mapping[str, _Name], domain: str, stray: str) -> list[str]:
    """The names that exist, and not only because of a wildcard, which *stray* would show."""
    wild = told[stray].addresses if stray in told else frozenset()
    return [
        name.host
        for name in told.values()
        if name.addresses and (name.host == domain or not name.addresses <= wild)
    ]


async def _exchangers(domain: str, dns: Resolver) -> _Name:
    state = await exchangers(domain, dns)
    return _Name(_MX, problem=state.problem, message=state.message)


async def _resolve(host: str, dns: Resolver) -> _Name:
    try:
        return _Name(host, frozenset(await dns.addresses(host)))
    except DnsFailed as error:
        return _Name(host, problem=error.problem, message=str(error))


def _late(host: str) -> _Name:
    return _Name(host, problem=Problem.DNS_TIMEOUT, message=f"{host} was not found in time")


def _candidates(
    planned: tuple[tuple[Protocol, str], ...], real: list[str]
) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(Endpoint(protocol, host, port, security))
        for protocol, host in planned
        if host in real
        for port, security in conventional_ports(protocol)
    )


def _found(question: Question, candidates: tuple[Candidate, ...], real: list[str]) -> Answer:
    return Answer(
        question,
        Outcome.FOUND,
        question.asked,
        f"these names exist, which says nothing of servers there: {', '.join(real)}",
        trust=Trust.GUESSED,
        candidates=candidates,
    )


def _silent(question: Question, names: list[_Name], wildcard: bool) -> Answer:
    if wildcard:
        return nothing(question, Problem.WILDCARD_DNS, "only a wildcard makes such names resolve")
    for name in names:
        if name.problem not in (None, Problem.NO_DOMAIN, Problem.NO_ADDRESS):
            return failed(question, name.problem, name.message)
    return nothing(question, Problem.NO_DOMAIN, "no usual host name exists")


SOURCE = Source(
    id="guess",
    title="usual host names",
    references=(),
    plan=plan,
    run=run,
)
