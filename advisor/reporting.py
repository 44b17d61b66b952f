"""Puts the Report together from a judged case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from advisor._version import __version__
from advisor.discovery import ranking
from advisor.engine.case import Case
from advisor.engine.evaluate import Judgement
from advisor.engine.facts import role
from advisor.model.endpoint import INCOMING, OUTGOING
from advisor.model.evidence import Answer, Problem, Provider
from advisor.model.report import ClientRow, Network, ProviderRow, Report, Setting, SourceRow, Status

if TYPE_CHECKING:
    from advisor.model.client import Client

# What makes silence the network's, not the domain's.
_NETWORK = frozenset(
    {
        Problem.CUT_OFF,
        Problem.DNS_TIMEOUT,
        Problem.DNS_SERVFAIL,
        Problem.DNS_REFUSED,
        Problem.DNSSEC_BOGUS,
        Problem.DNS_ISLAND,
        Problem.TIMEOUT,
        Problem.UNREACHABLE,
        Problem.REFUSED,
        Problem.CLOSED,
    }
)

# What a source that was asked may meet without having been heard.
_SILENCE = _NETWORK - {Problem.REFUSED, Problem.CLOSED}


def report(
    case: Case,
    judged: Judgement,
    *,
    probed: ranking.Probed,
    rank: Callable[[str], int],
    servers: Sequence[str],
    rules_version: str,
    asked_at: datetime,
) -> Report:
    """The report of *case* as *judged*; the same arguments give the same report."""
    who = case.subject
    by_role = {
        wanted: tuple(one for one in judged.settings if role(one.protocol) == wanted)
        for wanted in ("incoming", "outgoing", "service")
    }
    return Report(
        address=who.address,
        domain=who.domain.ascii,
        domain_unicode=who.domain.unicode,
        status=status(by_role["incoming"], by_role["outgoing"], case),
        provider=_provider(case.provider),
        client=client_row(case.client),
        incoming=by_role["incoming"],
        outgoing=by_role["outgoing"],
        services=by_role["service"],
        findings=judged.findings,
        sources=tuple(
            _row(answer, judged.settings, case, probed)
            for answer in sorted(case.answers, key=lambda answer: rank(answer.question.id))
        ),
        network=Network(case.offline, tuple(servers), dict(case.egress)),
        version=__version__,
        rules_version=rules_version,
        asked_at=asked_at.replace(microsecond=0).isoformat().replace("+00:00", "Z"),
    )


def rejudged(found: Report, case: Case, judged: Judgement) -> Report:
    """The report *found* as *case*, which differs in its client only, is *judged*."""
    settings = {
        wanted: tuple(one for one in judged.settings if role(one.protocol) == wanted)
        for wanted in ("incoming", "outgoing", "service")
    }
    return replace(
        found,
        status=status(settings["incoming"], settings["outgoing"], case),
        client=client_row(case.client),
        incoming=settings["incoming"],
        outgoing=settings["outgoing"],
        services=settings["service"],
        findings=judged.findings,
    )


def client_row(found: Client | None) -> ClientRow | None:
    """The client as documents name it."""
    if found is None:
        return None
    return ClientRow(found.id, found.name, found.version, found.range, found.paths, found.fields)


def _provider(found: Provider | None) -> ProviderRow | None:
    return ProviderRow(found.id, found.name, found.documentation) if found else None


def status(incoming: Sequence[Setting], outgoing: Sequence[Setting], case: Case) -> Status:
    """What the settings come to: usable ones in both directions are ok.

    A client that only reads or only sends needs no more than that.
    """
    spoken = case.client.protocols if case.client else (*INCOMING, *OUTGOING)
    wanted = [(incoming, INCOMING), (outgoing, OUTGOING)]
    needed = [found for found, protocols in wanted if any(p in spoken for p in protocols)]
    if all(_any_usable(found) for found in needed):
        return Status.OK
    settings = (*incoming, *outgoing)
    if not settings:
        return Status.UNREACHABLE if _is_unheard(case) else Status.NOTHING_FOUND
    problems = {one.observation.problem for one in settings if one.observation}
    silent = problems <= _NETWORK and len(problems) > 0
    return Status.UNREACHABLE if silent and not _any_usable(settings) else Status.UNUSABLE


def _is_unheard(case: Case) -> bool:
    """Did the network keep the domain, or a source of its own, from answering?"""
    own = [a for a in case.answers if a.question.id.startswith(("autoconfig", "srv"))]
    return case.domain.problem in _NETWORK or any(a.problem in _SILENCE for a in own)


def _any_usable(settings: Sequence[Setting]) -> bool:
    return any(one.is_usable for one in settings)


def _row(
    answer: Answer, settings: Sequence[Setting], case: Case, probed: ranking.Probed
) -> SourceRow:
    judged = {(one.endpoint, one.url): one for one in settings}
    return SourceRow(
        id=answer.question.id,
        title=answer.question.title,
        outcome=answer.outcome,
        reason=answer.reason,
        asked=answer.asked,
        trust=answer.trust,
        seconds=round(answer.seconds, 3),
        settings=tuple(
            judged.get((one.endpoint, one.url), one)
            for one in ranking.bare(answer, case.subject, probed)
        ),
        hops=answer.hops,
    )
