"""Service records: servers for mail, and services beside it.

Unsigned records prove nothing (RFC 6186 §6); what they say is authenticated only when DNSSEC is.

See: RFC 6186 §3.4; RFC 8314 §5.1; RFC 6764 §4; RFC 8620 §2.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from advisor.discovery._answers import dns_hop, failed, nothing, weakest
from advisor.discovery._source import Source
from advisor.errors import DnsFailed
from advisor.formats import srv
from advisor.model.address import Subject
from advisor.model.endpoint import INCOMING, Protocol, Security
from advisor.model.evidence import Answer, Candidate, Outcome, Problem, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context
    from advisor.net._seams import DnsAnswer, Resolver, SrvRecord

# Seconds, at least, for the other labels once one of them has records.
PATIENCE = 0.3

Labels = Mapping[str, tuple[Protocol, Security]]


@dataclass(frozen=True, slots=True)
class _Offer:
    label: str
    record: SrvRecord
    candidate: Candidate


def plan(subject: Subject, _context: Context) -> list[Question]:
    """All labels for mail at once, and all for other services at once."""
    domain = subject.domain.ascii
    groups = {
        "srv": ("service records for mail", srv.MAIL),
        "srv-services": ("service records for filters, calendars and contacts", srv.SERVICES),
    }
    return [
        Question(name, title, f"SRV {', '.join(labels)} of {domain}", labels)
        for name, (title, labels) in groups.items()
    ]


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Ask all labels; one that fails, or is late when another has spoken, does not spoil them."""
    labels: Labels = question.known  # type: ignore[assignment]  # as planned
    domain = subject.domain.ascii
    from advisor.discovery._gathering import gathered

    asked = {label: _ask(label, domain, context.dns) for label in labels}
    told = await gathered(asked, _has_records, least=PATIENCE)
    replies = {label: told.get(label) or _late(label, domain) for label in labels}
    answers = {label: reply for label, reply in replies.items() if not isinstance(reply, DnsFailed)}
    failures = [reply for reply in replies.values() if isinstance(reply, DnsFailed)]
    offers = [offer for label, answer in answers.items() for offer in _offers(label, answer)]
    candidates = await _finished(_ordered(offers), domain, context.dns)
    denied = tuple(
        (labels[label][0], srv.owner(label, domain))
        for label, answer in answers.items()
        if srv.is_denied(answer.records)
    )
    remarks = tuple((failure.problem, str(failure)) for failure in failures)
    if not candidates and not denied:
        return replace(_silent(question, domain, answers, failures), remarks=remarks)
    hops = tuple(dns_hop(answer) for answer in answers.values() if answer.records)
    return Answer(
        question,
        Outcome.FOUND,
        question.asked,
        _reason(candidates, denied),
        trust=weakest(hops),
        candidates=candidates,
        denied=denied,
        remarks=remarks,
        hops=hops,
    )


async def _ask(label: str, domain: str, dns: Resolver) -> DnsAnswer | DnsFailed:
    try:
        return await dns.query(srv.owner(label, domain), "SRV")
    except DnsFailed as error:
        return error


def _has_records(told: Mapping[str, DnsAnswer | DnsFailed]) -> bool:
    return any(not isinstance(reply, DnsFailed) and reply.records for reply in told.values())


def _late(label: str, domain: str) -> DnsFailed:
    owner = srv.owner(label, domain)
    return DnsFailed(
        Problem.DNS_TIMEOUT, f"no name server answered for SRV of {owner} while others were there"
    )


def _offers(label: str, answer: DnsAnswer) -> Iterable[_Offer]:
    for record in srv.order(answer.records):
        found = srv.endpoint(label, record)
        if found is not None:
            yield _Offer(label, record, Candidate(found, url=srv.url(found)))


def _ordered(offers: list[_Offer]) -> list[_Offer]:
    """By the domain's wish: first which protocol, then which of its servers.

    Priorities are compared across IMAP and POP3 (RFC 6186 §3.4) and across the two ways to begin
    TLS, where implicit TLS goes first among equals (RFC 8314 §5.1). The rest is ``srv.order``.
    """
    best: dict[Protocol, int] = {}
    for offer in offers:
        protocol = offer.candidate.endpoint.protocol
        best[protocol] = min(best.get(protocol, offer.record.priority), offer.record.priority)

    def key(offer: _Offer) -> tuple[bool, int, int, int, bool]:
        protocol = offer.candidate.endpoint.protocol
        return (
            protocol not in INCOMING,
            best[protocol] if protocol in INCOMING else 0,
            tuple(Protocol).index(protocol),
            offer.record.priority,
            offer.candidate.endpoint.security is not Security.TLS,
        )

    return sorted(offers, key=key)


async def _finished(offers: list[_Offer], domain: str, dns: Resolver) -> tuple[Candidate, ...]:
    """The candidates; DAV services with the path that their TXT record names (RFC 6764 §4)."""
    import asyncio

    labels: list[str] = [
        label for label in ("_caldavs", "_carddavs") if label in {o.label for o in offers}
    ]
    found = await asyncio.gather(*(_path(label, domain, dns) for label in labels))
    paths: dict[str, str] = dict(zip(labels, found, strict=True))
    return tuple(
        replace(
            offer.candidate,
            url=srv.url(offer.candidate.endpoint, paths.get(offer.label, "")),
        )
        for offer in offers
    )


async def _path(label: str, domain: str, dns: Resolver) -> str:
    try:
        answer = await dns.query(srv.owner(label, domain), "TXT")
    except DnsFailed:
        return ""
    found = (text.partition("path=")[2] for text in answer.records if text.startswith("path=/"))
    return next((path for path in found if srv.is_path(path)), "")


def _silent(
    question: Question,
    domain: str,
    answers: Mapping[str, DnsAnswer],
    failures: list[DnsFailed],
) -> Answer:
    if failures:
        return failed(question, failures[0].problem, str(failures[0]))
    if any(answer.records for answer in answers.values()):
        return failed(question, Problem.NOTHING_USABLE, "its records lead to no usable server")
    return nothing(question, Problem.NOT_FOUND, f"{domain} publishes no such records")


def _reason(candidates: tuple[Candidate, ...], denied: tuple[tuple[Protocol, str], ...]) -> str:
    count = len(candidates)
    offers = "" if not count else f"published {count} server{'s' if count > 1 else ''}"
    labels = ", ".join(name.partition(".")[0] for _, name in denied)
    refuses = f"says that it does not offer {labels}" if denied else ""
    return "; ".join(part for part in (offers, refuses) if part)


SOURCE = Source(
    id="srv",
    title="service records in DNS",
    references=("RFC 6186", "RFC 8314 §5.1", "RFC 5804 §1.8", "RFC 6764", "RFC 8620 §2.2"),
    plan=plan,
    run=run,
)
