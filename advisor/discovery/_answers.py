"""Making Answers: what all sources have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.errors import FormatError
from advisor.model.evidence import (
    Answer,
    Channel,
    Hop,
    Outcome,
    Problem,
    Provider,
    Question,
    Trust,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.discovery._context import Context
    from advisor.formats.autoconfig import ClientConfig
    from advisor.net._seams import DnsAnswer, Fetched, Reply

# The source was asked and has nothing; everything else means that it could not be asked.
_NOTHING = frozenset({Problem.NO_DOMAIN, Problem.NO_ADDRESS, Problem.NOT_FOUND})


def nothing(question: Question, problem: Problem, reason: str) -> Answer:
    """The source was asked, and has nothing."""
    return Answer(question, Outcome.NOTHING, question.asked, reason, problem)


def skipped(question: Question, reason: str, problem: Problem | None = None) -> Answer:
    """The source was not asked, on purpose."""
    return Answer(question, Outcome.SKIPPED, question.asked, reason, problem)


def failed(
    question: Question,
    problem: Problem,
    reason: str,
    remarks: tuple[tuple[Problem, str], ...] = (),
) -> Answer:
    """It gave no answer: nothing was found, or something kept it from answering."""
    if problem in _NOTHING:
        return nothing(question, problem, reason)
    return Answer(question, Outcome.FAILED, question.asked, reason, problem, remarks=remarks)


def weakest(hops: Iterable[Hop]) -> Trust:
    """How far an answer can be trusted that came by *hops*: the weakest step decides."""
    grades = (hop.channel.trust for hop in hops)
    return max(grades, key=lambda trust: trust.rank, default=Trust.AUTHENTICATED)


def dns_hop(answer: DnsAnswer) -> Hop:
    """The step that *answer* of the DNS was."""
    channel = Channel.DNSSEC if answer.authenticated else Channel.DNS
    return Hop(f"{answer.rdtype} {answer.name}", channel)


def web_hops(fetched: Fetched | Reply) -> tuple[Hop, ...]:
    """The steps to a document: its web address, and every redirect."""
    return tuple(
        Hop(url, Channel.HTTPS if url.startswith("https:") else Channel.HTTP)
        for url in fetched.hops
    )


async def document(
    question: Question,
    url: str,
    context: Context,
    *,
    domain: str,
    via: tuple[Hop, ...] = (),
) -> Answer:
    """What the autoconfig document at *url* says; *via* are the steps by which *url* was found.

    Raises:
        LookupFailed: it could not be fetched or read.
    """
    from advisor.formats import autoconfig

    fetched = await context.http.get(url)
    asked, hops = replace(question, asked=url), (*via, *web_hops(fetched))
    try:
        config = autoconfig.parse(fetched.body, domain=domain)
    except FormatError as error:
        unread = failed(asked, error.problem, str(error), fetched.remarks)
        return replace(unread, hops=hops, document=fetched.body)
    reason = published(len(config.candidates), fetched.hops, secure=fetched.secure)
    found = read(asked, config, reason, via=hops, remarks=fetched.remarks)
    return replace(found, document=fetched.body)


def read(
    asked: Question,
    config: ClientConfig,
    reason: str,
    *,
    via: tuple[Hop, ...],
    remarks: tuple[tuple[Problem, str], ...] = (),
) -> Answer:
    """The answer that *config*, come by the steps *via*, stands for.

    *remarks* are those about how it came.
    """
    remarks = (*remarks, *config.remarks)
    if not config.candidates:
        reason = "the document names no mail server that can be used"
        return replace(failed(asked, Problem.NOTHING_USABLE, reason, remarks), hops=via)
    return Answer(
        asked,
        Outcome.FOUND,
        asked.asked,
        reason,
        trust=weakest(via),
        candidates=config.candidates,
        provider=_provider(config),
        remarks=remarks,
        hops=via,
    )


def counted(count: int) -> str:
    """How much a source says, in words."""
    return "one setting" if count == 1 else f"{count} settings"


def published(count: int, hops: tuple[str, ...], *, secure: bool) -> str:
    """How many settings were found, where at last, and whether the way there was protected."""
    redirect = f", after a redirect to {hops[-1]}" if len(hops) > 1 else ""
    unprotected = "" if secure else "; anybody on the way could have changed the answer"
    return f"published {counted(count)}{redirect}{unprotected}"


def _provider(config: ClientConfig) -> Provider | None:
    if not config.name:
        return None
    return Provider(None, config.name, next(iter(config.documentation), None))
