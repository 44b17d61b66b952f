"""Where published sources contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from advisor.engine.case import UNPUBLISHED
from advisor.engine.servers import Server, is_one, same
from advisor.model.auth import UsernameForm
from advisor.model.endpoint import INCOMING, OUTGOING, Protocol, Security
from advisor.model.evidence import Answer, Candidate, Question

_SECURITY = {
    Security.TLS: "TLS from the first byte",
    Security.STARTTLS: "STARTTLS",
    Security.NONE: "no encryption",
}
_UNSAID = {UsernameForm.UNKNOWN.value}


@dataclass(frozen=True, slots=True)
class Conflict:
    """One disagreement: *says* is a clause that names each side.

    *same_server* where the hosts seem to be one server under several names.
    """

    protocol: Protocol
    field: str
    says: str
    sources: tuple[str, ...]
    same_server: bool = False


def conflicts(
    answers: Iterable[Answer], known: Mapping[str, Server] | None = None
) -> tuple[Conflict, ...]:
    """The disagreements between *answers*, protocol by protocol; *known* are the servers seen.

    Two sources disagree on the host, the user name or the sign-in when they have none in common:
    naming more is no contradiction. They disagree on "port and security" when they name the same
    host, and no pair of port and security for it in common. "same server" is no disagreement:
    they name hosts that seem to be one server.
    """
    known = known or {}
    published = [a for a in answers if a.candidates and a.question.id not in UNPUBLISHED]
    found = []
    for protocol in (*INCOMING, *OUTGOING):
        named = [(a.question, _of(a, protocol)) for a in published]
        hosts = [(q, frozenset(c.endpoint.host for c in told)) for q, told in named]
        forms = [(q, frozenset(c.username.form.value for c in told) - _UNSAID) for q, told in named]
        signs = [(q, frozenset(a.value for c in told for a in c.auth)) for q, told in named]
        found += [
            replace(one, same_server=_is_one(hosts, known))
            for one in _conflict(protocol, "host", hosts)
        ]
        found += _conflict(protocol, "username", forms)
        found += _conflict(protocol, "sign-in", signs)
        found += _twins(protocol, hosts, known)
        found += _variants(protocol, named)
    return tuple(found)


def _of(answer: Answer, protocol: Protocol) -> list[Candidate]:
    return [c for c in answer.candidates if c.endpoint.protocol is protocol]


def _conflict(
    protocol: Protocol, field: str, told: Iterable[tuple[Question, frozenset[str]]]
) -> list[Conflict]:
    told = [(question, values) for question, values in told if values]
    if not any(one.isdisjoint(other) for (_, one), (_, other) in combinations(told, 2)):
        return []
    return [_told(protocol, field, told)]


def _is_one(told: Iterable[tuple[Question, frozenset[str]]], known: Mapping[str, Server]) -> bool:
    return is_one({host for _, hosts in told for host in hosts}, known)


def _twins(
    protocol: Protocol,
    told: Sequence[tuple[Question, frozenset[str]]],
    known: Mapping[str, Server],
) -> list[Conflict]:
    """The pairs of hosts for *protocol* that seem to be the same server, in one statement."""
    named = sorted({host for _, hosts in told for host in hosts})
    pairs = [(a, b, why) for a, b in combinations(named, 2) if (why := same(a, b, known))]
    if not pairs:
        return []
    says = "; ".join(f"{a} and {b}: {why}" for a, b, why in pairs)
    twins = {host for a, b, _ in pairs for host in (a, b)}
    sources = tuple(question.id for question, hosts in told if hosts & twins)
    return [Conflict(protocol, "same server", says, sources, same_server=True)]


def _variants(
    protocol: Protocol, named: Iterable[tuple[Question, list[Candidate]]]
) -> list[Conflict]:
    """The sources that name a host in other variants than another source does, in one conflict."""
    ways = [(question, _ways(candidates)) for question, candidates in named]
    disputed = {
        host
        for (_, one), (_, other) in combinations(ways, 2)
        for host in one.keys() & other.keys()
        if one[host].isdisjoint(other[host])
    }
    if not disputed:
        return []
    told = [
        (question, frozenset().union(*(by_host[host] for host in by_host.keys() & disputed)))
        for question, by_host in ways
        if by_host.keys() & disputed
    ]
    return [_told(protocol, "port and security", told)]


def _ways(candidates: Iterable[Candidate]) -> dict[str, frozenset[str]]:
    """Host → each of its ports with the way to begin TLS, as a clause."""
    ways: dict[str, frozenset[str]] = {}
    for candidate in candidates:
        at = candidate.endpoint
        way = f"{at.host} port {at.port} with {_SECURITY[at.security]}"
        ways[at.host] = ways.get(at.host, frozenset()) | {way}
    return ways


def _told(
    protocol: Protocol, field: str, told: Sequence[tuple[Question, frozenset[str]]]
) -> Conflict:
    says = "; ".join(f"{question.title}: {', '.join(sorted(v))}" for question, v in told)
    return Conflict(protocol, field, says, tuple(question.id for question, _ in told))
