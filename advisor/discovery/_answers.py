"""Making Answers: what all sources have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.model.evidence import Answer, Outcome, Problem, Provider, Question, Trust

if TYPE_CHECKING:
    from advisor.discovery._context import Context
    from advisor.formats.autoconfig import ClientConfig

# The source was asked and has nothing; everything else means that it could not be asked.
_NOTHING = frozenset({Problem.NO_DOMAIN, Problem.NO_ADDRESS, Problem.NOT_FOUND})


def nothing(question: Question, problem: Problem, reason: str) -> Answer:
    """The source was asked, and has nothing."""
    return Answer(question, Outcome.NOTHING, question.asked, reason, problem)


def skipped(question: Question, reason: str, problem: Problem | None = None) -> Answer:
    """The source was not asked, on purpose."""
    return Answer(question, Outcome.SKIPPED, question.asked, reason, problem)


def failed(question: Question, problem: Problem, reason: str) -> Answer:
    """It gave no answer: nothing was found, or something kept it from answering."""
    if problem in _NOTHING:
        return nothing(question, problem, reason)
    return Answer(question, Outcome.FAILED, question.asked, reason, problem)


def weaker(first: Trust, second: Trust) -> Trust:
    """The lower of two grades: the weakest link decides."""
    return max(first, second, key=lambda trust: trust.rank)


async def document(
    question: Question,
    url: str,
    context: Context,
    *,
    domain: str,
    trust: Trust = Trust.AUTHENTICATED,
) -> Answer:
    """What the autoconfig document at *url* says; *trust* is how far the URL itself is trusted.

    Raises:
        LookupFailed: it could not be fetched or read.
    """
    from advisor.formats import autoconfig

    asked = replace(question, asked=url)
    fetched = await context.http.get(url)
    config = autoconfig.parse(fetched.body, domain=domain)
    channel = Trust.AUTHENTICATED if fetched.secure else Trust.UNAUTHENTICATED
    remarks = (*fetched.remarks, *config.remarks)
    if not config.candidates:
        reason = "the document names no mail server that can be used"
        return replace(failed(asked, Problem.NOTHING_USABLE, reason), remarks=remarks)
    return Answer(
        asked,
        Outcome.FOUND,
        url,
        published(len(config.candidates), fetched.hops, secure=fetched.secure),
        trust=weaker(trust, channel),
        candidates=config.candidates,
        provider=_provider(config),
        remarks=remarks,
    )


def published(count: int, hops: tuple[str, ...], *, secure: bool) -> str:
    """How many settings were found, where at last, and whether the way there was protected."""
    settings = "one setting" if count == 1 else f"{count} settings"
    redirect = f", after a redirect to {hops[-1]}" if len(hops) > 1 else ""
    unprotected = "" if secure else "; anybody on the way could have changed the answer"
    return f"published {settings}{redirect}{unprotected}"


def _provider(config: ClientConfig) -> Provider | None:
    if not config.name:
        return None
    return Provider(None, config.name, next(iter(config.documentation), None))
