"""Where published sources contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from advisor.engine.case import UNPUBLISHED
from advisor.model.auth import UsernameForm
from advisor.model.endpoint import INCOMING, OUTGOING, Protocol
from advisor.model.evidence import Answer, Candidate


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
        hosts = {a: frozenset(c.endpoint.host for c in _of(a, protocol)) for a in published}
        forms = {
            a: frozenset(c.username.form.value for c in _of(a, protocol))
            - {UsernameForm.UNKNOWN.value}
            for a in published
        }
        found += _conflict(protocol, "host", hosts)
        found += _conflict(protocol, "username", forms)
    return tuple(found)


def _of(answer: Answer, protocol: Protocol) -> list[Candidate]:
    return [c for c in answer.candidates if c.endpoint.protocol is protocol]


def _conflict(
    protocol: Protocol, field: str, told: Mapping[Answer, frozenset[str]]
) -> list[Conflict]:
    told = {answer: values for answer, values in told.items() if values}
    if not any(one.isdisjoint(other) for one, other in combinations(told.values(), 2)):
        return []
    says = "; ".join(f"{a.question.title}: {', '.join(sorted(v))}" for a, v in told.items())
    return [Conflict(protocol, field, says, tuple(a.question.id for a in told))]
