"""A document that somebody put into the configuration folder of this machine: isp/DOMAIN.xml.

See: draft-ietf-mailmaint-autoconfig-06 §4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.discovery._answers import skipped
from advisor.discovery._files import file_of, from_folder
from advisor.discovery._source import Source
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context


def plan(subject: Subject, context: Context) -> list[Question]:
    """One file."""
    domain = subject.domain.ascii
    asked = str(file_of(context.local, domain)) if context.local else f"isp/{domain}.xml"
    return [Question("local-file", "a file in the configuration folder", asked)]


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Read it."""
    if context.local is None:
        return skipped(question, "there is no folder isp in the configuration folder")
    domain = subject.domain.ascii
    return from_folder(question, context.local, domain, domain=domain)


SOURCE = Source(
    id="local-file",
    title="a file in the configuration folder",
    references=("draft-ietf-mailmaint-autoconfig-06 §4",),
    plan=plan,
    run=run,
    online=False,
)
