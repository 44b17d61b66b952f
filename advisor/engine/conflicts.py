"""Where published sources contradict each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from advisor.engine.case import UNPUBLISHED
from advisor.model.auth import UsernameForm
from advisor.model.endpoint import INCOMING, OUTGOING, Protocol
from advisor.model.evidence import Answer, Candidate, Question

_UNSAID = {UsernameForm.UNKNOWN.value}


@dataclass(frozen=True, slots=True)
class Conflict:
    """One disagreement: *says* is a clause that names each side."""

    protocol: Protocol
    field: str
    says: str
    sources: tuple[str, ...]


def conflicts(answers: Iterable[Answer]) -> tuple[Conflict, ...]:
    """The disagreements between *answers* on host and user name, protocol by protocol.

    Two sources disagree on a host when they have none in common: naming more, or other ports of
    the same host, is no contradiction.
    """
    published = [a for a in answers if a.candidates and a.question.id not in UNPUBLISHED]
    found = []
    for protocol in (*INCOMING, *OUTGOING):
        named = [(a.question, _of(a, protocol)) for a in published]
        hosts = [(q, frozenset(c.endpoint.host for c in told)) for q, told in named]
        forms = [(q, frozenset(c.username.form.value for c in told) - _UNSAID) for q, told in named]
        found += _conflict(protocol, "host", hosts)
        found += _conflict(protocol, "username", forms)
    return tuple(found)


def _of(answer: Answer, protocol: Protocol) -> list[Candidate]:
    return [c for c in answer.candidates if c.endpoint.protocol is protocol]


def _conflict(
    protocol: Protocol, field: str, told: Iterable[tuple[Question, frozenset[str]]]
) -> list[Conflict]:
    told = [(question, values) for question, values in told if values]
    if not any(one.isdisjoint(other) for (_, one), (_, other) in combinations(told, 2)):
        return []
    says = "; ".join(f"{question.title}: {', '.join(sorted(v))}" for question, v in told)
    return [Conflict(protocol, field, says, tuple(question.id for question, _ in told))]
