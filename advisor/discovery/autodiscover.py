"""Autodiscover: what Outlook and Exchange find their settings by.

Asked without a login, and with a stand-in for the local part. Many hosters answer; Exchange wants
a login first, and is told as what it is.

See: [MS-OXDISCO] §3.1.5; [MS-OXDSCLI].
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.discovery._answers import dns_hop, failed, nothing, skipped
from advisor.discovery._autodiscover_chain import FILE, STAND_IN, answer, follow, places
from advisor.discovery._source import Source
from advisor.errors import LookupFailed
from advisor.formats import srv
from advisor.model.address import Subject, host_name
from advisor.model.evidence import Answer, Problem, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context
    from advisor.formats.autodiscover import Pointer
    from advisor.net._seams import SrvRecord

LABEL = "_autodiscover"
JSON = "autodiscover/autodiscover.json"
# A record that leads there promises no TLS.
_PLAIN_PORT = 80


def plan(subject: Subject, _context: Context) -> list[Question]:
    """The ways to Autodiscover, most trusted first."""
    domain = subject.domain.ascii
    own, site = places(domain)
    ways = {
        "autodiscover-https": ("the domain’s Autodiscover", own),
        "autodiscover-domain": ("Autodiscover on the domain’s web site", site),
        "autodiscover-v2": ("Autodiscover, version 2", _json_url(f"autodiscover.{domain}", domain)),
        "autodiscover-srv": (
            "the service record for Autodiscover",
            f"SRV {srv.owner(LABEL, domain)}",
        ),
        "autodiscover-http": (
            "the plain-HTTP redirect to Autodiscover",
            f"http://autodiscover.{domain}/{FILE}",
        ),
    }
    return [Question(name, title, asked) for name, (title, asked) in ways.items()]


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Go one of the ways."""
    domain = subject.domain.ascii
    match question.id:
        case "autodiscover-srv":
            return await _by_record(question, domain, context)
        case "autodiscover-http":
            return await _by_plain_redirect(question, domain, context)
        case "autodiscover-v2":
            return await _by_json(question, domain, context)
    told = await follow(question.asked, domain, context)
    return answer(question, told, domain)


def _is_own(url: str, domain: str) -> bool:
    """Is *url* one that is asked in any case? The case of the path varies in the wild."""
    return url.lower() in places(domain)


def _same(question: Question, url: str) -> Answer:
    return skipped(question, f"it leads to {url}, which is asked anyway")


async def _by_record(question: Question, domain: str, context: Context) -> Answer:
    found = await context.dns.query(srv.owner(LABEL, domain), "SRV")
    if srv.is_denied(found.records):
        return nothing(question, Problem.NOT_FOUND, f"{domain} says that it has no Autodiscover")
    if not found.records:
        return nothing(question, Problem.NOT_FOUND, f"{domain} publishes no such record")
    urls = [url for record in srv.order(found.records) if (url := _record_url(record))]
    if not urls:
        return failed(question, Problem.NOTHING_USABLE, "it leads to no host with HTTPS")
    if _is_own(urls[0], domain):
        return _same(question, urls[0])
    told = await follow(urls[0], domain, context)
    return answer(replace(question, asked=urls[0]), told, domain, via=(dns_hop(found),))


def _record_url(record: SrvRecord) -> str | None:
    host = host_name(record.target)
    if host is None or record.port in (0, _PLAIN_PORT):
        return None
    port = "" if record.port == 443 else f":{record.port}"
    return f"https://{host}{port}/{FILE}"


async def _by_plain_redirect(question: Question, domain: str, context: Context) -> Answer:
    """Only where the redirect leads counts, and only over HTTPS."""
    from advisor.net._seams import Fetched

    reply = await context.http.request(question.asked)
    if isinstance(reply, Fetched):
        reason = "it answers without protection; only a redirect to HTTPS would count"
        return nothing(question, Problem.NOT_FOUND, reason)
    if not reply.location.startswith("https://"):
        reason = f"it redirects to {reply.location}, without protection: not followed"
        return nothing(question, Problem.NOT_FOUND, reason)
    if _is_own(reply.location, domain):
        return _same(question, reply.location)
    told = await follow(reply.location, domain, context, after=(question.asked,))
    return answer(question, told, domain)


def _json_url(host: str, domain: str) -> str:
    return f"https://{host}/{JSON}?Email={STAND_IN}%40{domain}&Protocol=AutodiscoverV1"


async def _by_json(question: Question, domain: str, context: Context) -> Answer:
    """Version 2 only says where version 1 is; it is asked for at the domain's own hosts alone."""
    pointer, hops = await _pointer(domain, context)
    asked = replace(question, asked=hops[0])
    if pointer.error:
        return nothing(asked, Problem.NOT_FOUND, f"it has nothing to tell: {pointer.error}")
    if _is_own(pointer.url, domain):
        return _same(asked, pointer.url)
    told = await follow(pointer.url, domain, context, after=hops)
    return answer(asked, told, domain)


async def _pointer(domain: str, context: Context) -> tuple[Pointer, tuple[str, ...]]:
    from advisor.formats.autodiscover import parse_json

    failures: list[LookupFailed] = []
    for host in (f"autodiscover.{domain}", domain):
        try:
            fetched = await context.http.get(_json_url(host, domain))
            return parse_json(fetched.body), fetched.hops
        except LookupFailed as error:
            failures.append(error)
    raise failures[0]


SOURCE = Source(
    id="autodiscover",
    title="Autodiscover",
    references=("[MS-OXDISCO] §3.1.5", "[MS-OXDSCLI]"),
    plan=plan,
    run=run,
)
