"""The document that a domain publishes about itself.

The full address goes to ``https://autoconfig.DOMAIN`` and nowhere else.

See: draft-ietf-mailmaint-autoconfig-06 §4.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from advisor.discovery._answers import document
from advisor.discovery._source import Source
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context

FILE = "mail/config-v1.1.xml"


def plan(subject: Subject, _context: Context) -> list[Question]:
    """The three places, most trusted first."""
    domain = subject.domain.ascii
    # RFC 3986 §2.3: "." and "-" need no escape, and some servers repeat escapes as they are.
    address = f"?emailaddress={quote(subject.address, safe='')}" if subject.address else ""
    places = {
        "autoconfig-https": f"https://autoconfig.{domain}/{FILE}{address}",
        "autoconfig-wellknown": f"https://{domain}/.well-known/autoconfig/{FILE}",
        "autoconfig-http": f"http://autoconfig.{domain}/{FILE}",
    }
    titles = {
        "autoconfig-https": "the domain’s own settings, over HTTPS",
        "autoconfig-wellknown": "the domain’s own settings, on its web site",
        "autoconfig-http": "the domain’s own settings, over plain HTTP",
    }
    return [Question(name, titles[name], url) for name, url in places.items()]


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Fetch and read the document."""
    return await document(question, question.asked, context, domain=subject.domain.ascii)


SOURCE = Source(
    id="autoconfig",
    title="settings published by the domain",
    references=("draft-ietf-mailmaint-autoconfig-06 §4.1",),
    plan=plan,
    run=run,
)
