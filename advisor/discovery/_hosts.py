"""Which of several host names exist, and not only because any name does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from advisor.discovery._answers import failed, nothing
from advisor.discovery._state import random_label
from advisor.errors import DnsFailed
from advisor.model.endpoint import INCOMING, Protocol
from advisor.model.evidence import Answer, Candidate, Outcome, Problem, Question, Trust

if TYPE_CHECKING:
    from advisor.discovery._context import Context, Names
    from advisor.net._seams import Resolver

# Seconds for the DNS; and, at least, for what is silent once there is a host for each direction.
PATIENCE = 1.5
REST = 0.25

# The protocols of which the likeliest host is worth a look before anybody names one.
_LIKELY = (Protocol.IMAP, Protocol.SMTP)

Watch = Callable[[list[str]], None]


@dataclass(frozen=True, slots=True)
class _Name:
    """One name: its addresses, or why there are none."""

    host: str
    addresses: frozenset[str] = frozenset()
    problem: Problem | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """*names* as they were asked for, *real* those of them that exist; *wild*: any name would."""

    domain: str
    names: tuple[_Name, ...]
    real: tuple[str, ...]
    wild: bool


async def look_up(
    planned: Names, domain: str, dns: Resolver, on_likely: Watch = lambda _: None
) -> Looked:
    """Looks up the hosts in *planned*, all of them in *domain*, at once.

    A host below *domain* counts only when it leads elsewhere than a name that nobody set up.
    *on_likely* is told the hosts that are known, once, as soon as the likeliest one is for each
    direction; the others are waited for a little longer.
    """
    stray = f"{random_label()}.{domain}"
    hosts = list(dict.fromkeys(host for _, host in planned))

    def is_enough(told: Mapping[str, _Name]) -> bool:
        found = {*_real(told, domain, stray)} - {domain}
        protocols = {protocol for protocol, host in planned if host in found}
        both = Protocol.SMTP in protocols and not protocols.isdisjoint(INCOMING)
        return both and stray in told

    hinted = False

    def hint(told: Mapping[str, _Name]) -> None:
        nonlocal hinted
        if not hinted and is_enough(told):
            real = _real(told, domain, stray)
            if all(_is_settled(planned, protocol, told, real) for protocol in _LIKELY):
                hinted = True
                on_likely(real)

    from advisor.discovery._gathering import gathered

    told = await gathered(
        {host: _resolve(host, dns) for host in (stray, *hosts)},
        is_enough,
        least=REST,
        most=PATIENCE,
        on_told=hint,
    )
    return Looked(
        domain,
        tuple(told.get(host) or _late(host) for host in hosts),
        tuple(host for host in _real(told, domain, stray) if host != stray),
        stray in told and bool(told[stray].addresses),
    )


def answer(question: Question, planned: Names, looked: Looked, context: Context) -> Answer:
    """What *looked* says to *question*: guesses, on the ports of the rules."""
    found = _found(question, planned, looked, context) if looked.real else _silent(question, looked)
    if not looked.wild:
        return found
    remark = f"any name below {looked.domain} resolves, so that such names are no evidence"
    return replace(found, remarks=((Problem.WILDCARD_DNS, f"{remark} of servers"),))


def _found(question: Question, planned: Names, looked: Looked, context: Context) -> Answer:
    names = [(protocol, host) for protocol, host in planned if host in looked.real]
    return Answer(
        question,
        Outcome.FOUND,
        question.asked,
        f"these names exist, which says nothing of servers there: {', '.join(looked.real)}",
        trust=Trust.GUESSED,
        candidates=tuple(map(Candidate, context.guesses.endpoints(names))),
    )


def _silent(question: Question, looked: Looked) -> Answer:
    if looked.wild:
        return nothing(question, Problem.WILDCARD_DNS, "only a wildcard makes such names resolve")
    for name in looked.names:
        if name.problem not in (None, Problem.NO_DOMAIN, Problem.NO_ADDRESS):
            return failed(question, name.problem, name.message)
    return nothing(question, Problem.NO_DOMAIN, "no usual host name exists")


def _is_settled(
    planned: Names, protocol: Protocol, told: Mapping[str, _Name], real: list[str]
) -> bool:
    """Is it known which of the hosts for *protocol* that exist is the likeliest?"""
    for host in (host for spoken, host in planned if spoken is protocol):
        if host not in told or host in real:
            return host in told
    return True


def _real(told: Mapping[str, _Name], domain: str, stray: str) -> list[str]:
    """The names that exist, and not only because of a wildcard, which *stray* would show."""
    wild = told[stray].addresses if stray in told else frozenset()
    return [
        name.host
        for name in _without(told.values(), stray)
        if name.addresses and (name.host == domain or not name.addresses <= wild)
    ]


def _without(names: Iterable[_Name], stray: str) -> Iterable[_Name]:
    return (name for name in names if name.host != stray)


async def _resolve(host: str, dns: Resolver) -> _Name:
    try:
        return _Name(host, frozenset(await dns.addresses(host)))
    except DnsFailed as error:
        return _Name(host, problem=error.problem, message=str(error))


def _late(host: str) -> _Name:
    return _Name(host, problem=Problem.DNS_TIMEOUT, message=f"{host} was not found in time")
