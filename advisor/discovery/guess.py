"""Usual host names that exist. A guess is only worth a probe, never an answer by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from advisor.discovery._answers import failed, nothing, skipped
from advisor.discovery._source import Source
from advisor.discovery._state import DomainState, exchangers, random_addresses
from advisor.errors import DnsFailed
from advisor.model.address import Subject
from advisor.model.endpoint import Endpoint, Protocol, conventional_ports
from advisor.model.evidence import Answer, Candidate, Outcome, Problem, Question, Trust

if TYPE_CHECKING:
    from advisor.discovery._context import Context
    from advisor.net._seams import Resolver

T = TypeVar("T")

# Seconds: names that resolve are not held back for longer by one that hangs.
PATIENCE = 1.5


@dataclass(frozen=True, slots=True)
class _Name:
    """One name: its addresses, or why there are none."""

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
    """Ask for all names at once; those that only a wildcard makes resolve are no evidence."""
    planned = _names(subject, context)
    hosts = list(dict.fromkeys(host for _, host in planned))
    domain, dns = subject.domain.ascii, context.dns
    state, strays, names = await asyncio.gather(
        _within(exchangers(domain, dns), DomainState(domain)),
        _within(random_addresses(domain, dns), None),
        asyncio.gather(*(_resolved(host, dns) for host in hosts)),
    )
    if state.problem is Problem.NULL_MX:
        return skipped(question, state.message, Problem.NULL_MX)
    wild = strays or frozenset()
    real = [
        name.host
        for name in names
        if name.addresses and (name.host == domain or not name.addresses <= wild)
    ]
    candidates = _candidates(planned, real)
    answer = _found(question, candidates, real) if real else _silent(question, names, bool(wild))
    remark = f"any name below {domain} resolves, so that such names are no evidence of servers"
    return replace(answer, remarks=((Problem.WILDCARD_DNS, remark),)) if wild else answer


async def _within(work: Awaitable[T], otherwise: T) -> T:
    try:
        async with asyncio.timeout(PATIENCE):
            return await work
    except TimeoutError:
        return otherwise


async def _resolved(host: str, dns: Resolver) -> _Name:
    unknown = _Name(host, problem=Problem.DNS_TIMEOUT, message=f"{host} was not found in time")
    return await _within(_resolve(host, dns), unknown)


async def _resolve(host: str, dns: Resolver) -> _Name:
    try:
        return _Name(host, frozenset(await dns.addresses(host)))
    except DnsFailed as error:
        return _Name(host, problem=error.problem, message=str(error))


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
