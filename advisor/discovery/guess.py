"""Usual host names that exist. A guess is only worth a probe, never an answer by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.discovery import _hosts
from advisor.discovery._answers import skipped
from advisor.discovery._source import Source
from advisor.discovery._state import DomainState, exchangers
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Problem, Question

if TYPE_CHECKING:
    import asyncio

    from advisor.discovery._context import Context, Names


def plan(subject: Subject, context: Context) -> list[Question]:
    """One question for all names."""
    names = _names(subject, context)
    asked = f"addresses of {', '.join(dict.fromkeys(host for _, host in names))}"
    return [Question("guess", "usual host names", asked, names)] if names else []


def _names(subject: Subject, context: Context) -> Names:
    domain = subject.domain.ascii
    return tuple(
        (protocol, f"{prefix}.{domain}" if prefix else domain)
        for protocol, prefix in context.guesses.domain
    )


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Ask for all names at once; those that only a wildcard makes resolve are no evidence.

    A domain that takes no mail is not guessed for, if it says so in time: its MX record is never
    waited for, and who uses the answer looks at that again.
    """
    import asyncio

    planned, domain = _names(subject, context), subject.domain.ascii
    mx = asyncio.create_task(exchangers(domain, context.dns))

    def hint(known: list[str]) -> None:
        if _refusal(mx) is None:
            names = ((protocol, host) for protocol, host in planned if host in known)
            context.hint(context.guesses.endpoints(names))

    try:
        looked = await _hosts.look_up(planned, domain, context.dns, hint)
        refusal = _refusal(mx)
    finally:
        mx.cancel()
    if refusal is not None:
        return skipped(question, refusal, Problem.NULL_MX)
    return _hosts.answer(question, planned, looked, context)


def _refusal(mx: asyncio.Task[DomainState]) -> str | None:
    """What the domain says, as far as it is known, about taking no mail."""
    if not mx.done() or mx.result().problem is not Problem.NULL_MX:
        return None
    return mx.result().message


SOURCE = Source(
    id="guess",
    title="usual host names",
    references=(),
    plan=plan,
    run=run,
)
