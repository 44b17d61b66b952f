"""The TXT record ``mailconf=URL``: a private convention, older than the autoconfig draft.

Some hosters have their customers publish it, and few programs ask for it. The record is as good
as the DNS that it came by, and only HTTPS addresses are followed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.discovery import autoconfig
from advisor.discovery._answers import dns_hop, document, failed, nothing, skipped
from advisor.discovery._source import Source
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Problem, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context

KEY = "mailconf="


def plan(subject: Subject, _context: Context) -> list[Question]:
    """One question, to the domain itself."""
    return [Question("mailconf", "the TXT record “mailconf”", f"TXT of {subject.domain.ascii}")]


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Ask for the record, then for the document that it names."""
    from advisor.formats._web_address import web_address

    domain = subject.domain.ascii
    found = await context.dns.query(domain, "TXT")
    named = sorted(
        text[len(KEY) :].strip() for text in found.records if text.lower().startswith(KEY)
    )
    if not named:
        return nothing(question, Problem.NOT_FOUND, f"{domain} publishes no such record")
    urls = [url for url in named if web_address(url, https_only=True)]
    if not urls:
        return failed(question, Problem.NOTHING_USABLE, "its record holds no https address")
    if _is_asked(urls[0], subject, context):
        return skipped(question, f"it leads to {urls[0]}, which is asked anyway")
    answer = await document(question, urls[0], context, domain=domain, via=(dns_hop(found),))
    if len(named) == 1:
        return answer
    remark = Problem.DOUBTFUL, f"there are {len(named)} such records; {urls[0]} was asked"
    return replace(answer, remarks=(remark, *answer.remarks))


def _is_asked(url: str, subject: Subject, context: Context) -> bool:
    planned = autoconfig.plan(subject, context)
    return url.partition("?")[0] in {question.asked.partition("?")[0] for question in planned}


SOURCE = Source(
    id="mailconf",
    title="the TXT record “mailconf”",
    references=(),
    plan=plan,
    run=run,
)
