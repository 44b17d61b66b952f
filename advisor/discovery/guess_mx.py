"""Usual host names at whoever takes the domain's mail: where it is delivered, it is often read.

The mail exchanger itself is tried too. What is found rests on the MX record and on a guess, so it
is never more than that; where the catalogue knows the exchanger's owner, nothing is guessed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.discovery import _hosts
from advisor.discovery._answers import skipped
from advisor.discovery._source import Source
from advisor.discovery._state import asked_exchangers
from advisor.knowledge.suffixes import registrable, same_organisation
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context, Names


def plan(subject: Subject, context: Context) -> list[Question]:
    """One question, whose names are known only when the MX record is."""
    if not context.guesses.exchanger:
        return []
    asked = f"MX of {subject.domain.ascii}, then addresses of usual names in its domain"
    return [Question("guess-mx", "usual host names at the mail exchanger", asked)]


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Ask for all names at once, after the MX record."""
    own = subject.domain.ascii
    state = await asked_exchangers(question, own, context.dns)
    if isinstance(state, Answer):
        return state
    host = state.mx[0].exchange
    if context.catalogue.by_mx(host) is not None:
        return skipped(question, f"the list of providers knows who runs {host}")
    planned = _names(host, own, context)
    looked = await _hosts.look_up(planned, registrable(host), context.dns)
    return replace(_hosts.answer(question, planned, looked, context), hops=state.hops)


def _names(host: str, own: str, context: Context) -> Names:
    """The exchanger, and names beside it unless these are tried for the mail domain anyway."""
    base = registrable(host)
    beside = not same_organisation(host, own)
    return tuple(
        (protocol, host if prefix == "@" else f"{prefix}.{base}")
        for protocol, prefix in context.guesses.exchanger
        if prefix == "@" or beside
    )


SOURCE = Source(
    id="guess-mx",
    title="usual host names at the mail exchanger",
    references=("RFC 5321 §5.1",),
    plan=plan,
    run=run,
)
