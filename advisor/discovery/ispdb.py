"""The database of mail providers that the operator chose; it learns the domain, nothing else.

See: draft-ietf-mailmaint-autoconfig-06 §4.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.discovery._answers import document, skipped
from advisor.discovery._source import Source
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context

NO_DATABASE = "no provider database was chosen"


def entry_url(base: str, domain: str) -> str:
    """Where the database at *base* keeps its entry for *domain*."""
    return f"{base}{domain}" if base.endswith(("/", "=")) else f"{base}/{domain}"


def plan(subject: Subject, context: Context) -> list[Question]:
    """One question, or a placeholder that says why it is not asked."""
    domain = subject.domain.ascii
    asked = entry_url(context.ispdb, domain) if context.ispdb else "a provider database"
    return [Question("ispdb", "the provider database", asked)]


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Fetch and read the entry."""
    if context.ispdb is None:
        return skipped(question, NO_DATABASE)
    return await document(question, question.asked, context, domain=subject.domain.ascii)


SOURCE = Source(
    id="ispdb",
    title="provider database",
    references=("draft-ietf-mailmaint-autoconfig-06 §4.2",),
    plan=plan,
    run=run,
)
