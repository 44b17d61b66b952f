"""The bundled provider catalogue, by the hosts that take the domain's mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.discovery._answers import nothing
from advisor.discovery._source import Source
from advisor.discovery._state import asked_exchangers
from advisor.discovery.catalogue import found
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Problem, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context


def plan(subject: Subject, _context: Context) -> list[Question]:
    """One look into the catalogue, after the MX record."""
    asked = f"MX of {subject.domain.ascii}, then the list of providers"
    return [Question("catalogue-mx", "advisor’s own list of providers, by mail exchanger", asked)]


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Look up the exchangers, most preferred first."""
    domain = subject.domain.ascii
    state = await asked_exchangers(question, domain, context.dns)
    if isinstance(state, Answer):
        return state
    for record in state.mx:
        entry = context.catalogue.by_mx(record.exchange)
        if entry is not None:
            reason = f"{record.exchange} takes the mail, which belongs to {entry.provider.name}"
            return found(question, entry, reason, via=state.hops)
    hosts = ", ".join(record.exchange for record in state.mx[:3])
    return nothing(question, Problem.NOT_FOUND, f"no provider in the list runs {hosts}")


SOURCE = Source(
    id="catalogue-mx",
    title="advisor’s own list of providers, by mail exchanger",
    references=("RFC 5321 §5.1",),
    plan=plan,
    run=run,
)
