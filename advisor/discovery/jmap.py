"""JMAP at the domain itself, for domains that have no service record for it.

See: RFC 8620 §2.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.discovery._services import UNAUTHORIZED, at_well_known, question
from advisor.discovery._source import Source
from advisor.formats.jmap import is_session
from advisor.model.address import Subject
from advisor.model.endpoint import Protocol
from advisor.model.evidence import Answer, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context
    from advisor.net._seams import Reply


def plan(subject: Subject, _context: Context) -> list[Question]:
    """One well-known address."""
    return [question(Protocol.JMAP, "JMAP on the domain’s web site", subject.domain.ascii)]


async def run(asked: Question, subject: Subject, context: Context) -> Answer:
    """See whether a session would be there for whoever signs in."""
    return await at_well_known(asked, subject.domain.ascii, context, _is_jmap)


def _is_jmap(reply: Reply) -> bool:
    return reply.status == UNAUTHORIZED or is_session(reply.body)


SOURCE = Source(
    id="jmap",
    title="JMAP on the domain’s web site",
    references=("RFC 8620 §2.2",),
    plan=plan,
    run=run,
)
