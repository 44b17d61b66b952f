"""The database of mail providers that the operator chose; it learns the domain, nothing else.

An imported copy of it is a folder on this machine: then nobody learns anything.

See: draft-ietf-mailmaint-autoconfig-06 §4.2.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from advisor.discovery._answers import document, skipped
from advisor.discovery._files import file_of, from_folder
from advisor.discovery._source import Source
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Hop, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context

NO_DATABASE = "no provider database was chosen"


def entry_at(context: Context, domain: str) -> str:
    """Where the database keeps its entry for *domain*: a URL or a file, for people to read."""
    base = context.ispdb
    if isinstance(base, Path):
        return str(file_of(base, domain))
    if base is None:
        return "a provider database"
    return f"{base}{domain}" if base.endswith(("/", "=")) else f"{base}/{domain}"


async def entry(
    question: Question,
    context: Context,
    name: str,
    *,
    domain: str,
    via: tuple[Hop, ...] = (),
) -> Answer:
    """What the database has under *name* for *domain*; *via* are the steps that led to *name*.

    Raises:
        LookupFailed: it could not be fetched or read.
    """
    if context.ispdb is None:
        return skipped(question, NO_DATABASE)
    if isinstance(context.ispdb, Path):
        return from_folder(question, context.ispdb, name, domain=domain, via=via)
    return await document(question, entry_at(context, name), context, domain=domain, via=via)


def plan(subject: Subject, context: Context) -> list[Question]:
    """One question, or a placeholder that says why it is not asked."""
    asked = entry_at(context, subject.domain.ascii)
    return [Question("ispdb", "the provider database", asked)]


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Fetch and read the entry."""
    domain = subject.domain.ascii
    return await entry(question, context, domain, domain=domain)


def _is_online(context: Context) -> bool:
    return not isinstance(context.ispdb, Path)


SOURCE = Source(
    id="ispdb",
    title="provider database",
    references=("draft-ietf-mailmaint-autoconfig-06 §4.2",),
    plan=plan,
    run=run,
    online=_is_online,
)
