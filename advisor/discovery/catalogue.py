"""The bundled provider catalogue, by the domain. Needs no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.discovery._answers import nothing, weakest
from advisor.discovery._source import Source
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Channel, Hop, Outcome, Problem, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context
    from advisor.knowledge.providers import CatalogueEntry


def plan(subject: Subject, _context: Context) -> list[Question]:
    """One look into the catalogue."""
    title = "advisor’s own list of providers"
    return [Question("catalogue", title, f"{subject.domain.ascii} in the list of providers")]


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Look it up."""
    domain = subject.domain.ascii
    entry = context.catalogue.by_domain(domain)
    if entry is None:
        return nothing(question, Problem.NOT_FOUND, f"{domain} is not in the list")
    reason = f"{domain} belongs to {entry.provider.name}"
    return found(question, entry, reason)


def found(
    question: Question, entry: CatalogueEntry, reason: str, *, via: tuple[Hop, ...] = ()
) -> Answer:
    """The answer that *entry*, found by the steps *via*, stands for, and when it was verified."""
    verified = entry.provider.verified
    hops = (*via, Hop("the list of providers", Channel.BUNDLED))
    return Answer(
        question,
        Outcome.FOUND,
        question.asked,
        f"{reason}; verified {verified}" if verified else reason,
        trust=weakest(hops),
        candidates=entry.candidates,
        provider=entry.provider,
        hops=hops,
    )


SOURCE = Source(
    id="catalogue",
    title="advisor’s own list of providers",
    references=(),
    plan=plan,
    run=run,
    online=False,
)
