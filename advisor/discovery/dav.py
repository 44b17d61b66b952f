"""Calendars and contacts at the domain itself, for domains that have no service record for them.

See: RFC 6764 §5 and §6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.discovery._services import UNAUTHORIZED, at_well_known, question
from advisor.discovery._source import Source
from advisor.model.address import Subject
from advisor.model.endpoint import Protocol
from advisor.model.evidence import Answer, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context
    from advisor.net._seams import Reply

# RFC 4918 §11.1: an answer in several parts.
_PARTS = 207


def plan(subject: Subject, _context: Context) -> list[Question]:
    """Two well-known addresses."""
    domain = subject.domain.ascii
    return [
        question(Protocol.CALDAV, "calendars (CalDAV) on the domain’s web site", domain),
        question(Protocol.CARDDAV, "contacts (CardDAV) on the domain’s web site", domain),
    ]


async def run(asked: Question, subject: Subject, context: Context) -> Answer:
    """Follow the address to the place that it stands for, by what programs ask there."""
    return await at_well_known(asked, subject.domain.ascii, context, _is_dav, "PROPFIND")


def _is_dav(reply: Reply) -> bool:
    """Does it want a login, or talk like a DAV server (RFC 4918 §10.1) to whoever only looks?"""
    allows = "PROPFIND" in reply.header("allow").upper()
    return reply.status in (UNAUTHORIZED, _PARTS) or allows or bool(reply.header("dav"))


SOURCE = Source(
    id="dav",
    title="calendars and contacts on the domain’s web site",
    references=("RFC 6764 §5", "RFC 6764 §6"),
    plan=plan,
    run=run,
)
