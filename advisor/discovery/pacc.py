"""What the domain publishes as PACC: JSON on a host of its own, vouched for by a digest in DNS.

A document whose digest does not stand there is refused, as the draft has it. One whose digest
does is trusted for the HTTPS that it came over, and no further: without DNSSEC the record ties two
channels together and proves neither.

See: draft-ietf-mailmaint-pacc-02.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.discovery._answers import counted, failed, weakest, web_hops
from advisor.discovery._source import Source
from advisor.errors import DnsFailed
from advisor.formats import pacc
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Outcome, Problem, Provider, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context
    from advisor.net._seams import DnsAnswer, Resolver


def plan(subject: Subject, _context: Context) -> list[Question]:
    """One document, and the record beside it."""
    title = "the domain’s own settings, as PACC"
    return [Question("pacc", title, pacc.address(subject.domain.ascii))]


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Fetch the document and its digest at once, compare, and read."""
    import asyncio

    domain = subject.domain.ascii
    asked = asyncio.create_task(_records(domain, context.dns))
    try:
        fetched = await context.http.get(question.asked)
        records = await asked
    finally:
        asked.cancel()
    if isinstance(records, DnsFailed):
        raise records
    if pacc.digests(records.records) and not pacc.matches(fetched.body, records.records):
        reason = f"the document is not the one whose digest stands at {pacc.owner(domain)}"
        return failed(question, Problem.DIGEST_MISMATCH, reason)
    found = pacc.parse(fetched.body)
    if not pacc.digests(records.records):
        reason = f"no digest of it stands at {pacc.owner(domain)}, so that programs refuse it"
        return failed(question, Problem.DIGEST_MISSING, reason)
    remarks = (*fetched.remarks, *found.remarks)
    if not found.candidates:
        reason = "the document names no server that can be used"
        return failed(question, Problem.NOTHING_USABLE, reason, remarks)
    hops = web_hops(fetched)
    return Answer(
        question,
        Outcome.FOUND,
        question.asked,
        f"published {counted(len(found.candidates))}; its digest stands in DNS",
        trust=weakest(hops),
        candidates=found.candidates,
        provider=Provider(None, found.name, found.documentation) if found.name else None,
        remarks=remarks,
        hops=hops,
        document=fetched.body,
    )


async def _records(domain: str, dns: Resolver) -> DnsAnswer | DnsFailed:
    try:
        return await dns.query(pacc.owner(domain), "TXT")
    except DnsFailed as error:
        return error


SOURCE = Source(
    id="pacc",
    title="settings published by the domain as PACC",
    references=("draft-ietf-mailmaint-pacc-02",),
    plan=plan,
    run=run,
)
