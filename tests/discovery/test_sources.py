"""What holds for every source."""

from __future__ import annotations

from typing import cast

import pytest

from advisor.discovery._planning import planned, sources
from advisor.discovery._runner import run_all
from advisor.discovery._source import Source
from advisor.model.evidence import Answer, Outcome, Problem
from advisor.net._seams import MxRecord
from tests.discovery.world import ALICE, DOMAIN, ISPDB, asked, context
from tests.fakes.http import FakeFetcher

IDS = {
    "autoconfig-https",
    "autoconfig-wellknown",
    "autoconfig-http",
    "ispdb",
    "mx-autoconfig-full",
    "mx-autoconfig-base",
    "mx-ispdb-full",
    "mx-ispdb-base",
    "srv",
    "srv-services",
    "autodiscover-https",
    "autodiscover-domain",
    "autodiscover-v2",
    "autodiscover-srv",
    "autodiscover-http",
    "mailconf",
    "catalogue",
    "catalogue-mx",
    "catalogue-ns",
    "pacc",
    "jmap",
    "caldav",
    "carddav",
    "local-file",
    "guess",
}


def test_every_source_is_found() -> None:
    """A source is a file in the folder, and each question has an id of its own."""
    ids = [question.id for _, question in planned(sources(), ALICE, context())]
    assert set(ids) >= IDS
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.id)
def test_planning_touches_nothing(source: Source) -> None:
    """What would be asked can be shown without asking."""
    where = context()
    assert source.plan(ALICE, where)
    assert asked(where) == ([], [])


async def everything(mx: str) -> tuple[list[str], tuple[Answer, ...]]:
    """All that is asked for Alice where *mx* takes the mail, and the answers."""
    where = context({("example.org", "MX"): [MxRecord(10, mx)]})
    answers = await run_all(sources(), ALICE, where, deadline=1)
    questions, urls = asked(where)
    return [*urls, *(name for name, _ in questions)], answers


async def test_only_the_domains_own_autoconfig_learns_the_address() -> None:
    """Everybody else learns the domain; no DNS question and no other URL names the user."""
    seen, _ = await everything("mx.eu.hoster.example")
    assert [text for text in seen if "ice+" in text or "ice%" in text] == [
        "https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=al.ice%2Btag%40example.org"
    ]


async def test_only_a_stand_in_is_posted() -> None:
    """Autodiscover wants an address, and gets one that is nobody's."""
    where = context()
    await run_all(sources(), ALICE, where, deadline=1)
    bodies = cast(FakeFetcher, where.http).sent
    assert bodies
    assert all(b"mail-advisor@example.org" in body and b"al.ice" not in body for body in bodies)


async def test_without_an_address_nobody_is_named() -> None:
    """For a bare domain there is no query at all."""
    where = context()
    await run_all(sources(), DOMAIN, where, deadline=1)
    urls = [url for url in asked(where)[1] if "mail-advisor%40example.org" not in url]
    assert not [url for url in urls if "?" in url or "@" in url]


async def test_no_document_is_fetched_twice() -> None:
    """Every source has its own addresses; what the DNS said is shared by the resolver."""
    where = context({("example.org", "MX"): [MxRecord(10, "mx.eu.hoster.example")]})
    await run_all(sources(), ALICE, where, deadline=1)
    urls = asked(where)[1]
    assert len(urls) == len(set(urls))


async def test_every_answer_gives_a_reason() -> None:
    """One plain sentence, whatever became of it."""
    _, answers = await everything("mx.eu.hoster.example")
    assert len(answers) >= len(IDS)
    assert all(answer.reason and "\n" not in answer.reason for answer in answers)


async def test_a_domain_without_mail_is_left_alone() -> None:
    """RFC 7505: a null MX leaves nothing to guess, and no hoster to ask."""
    _, answers = await everything(".")
    by_id = {answer.question.id: answer for answer in answers}
    for name in ("guess", "catalogue-mx", "mx-autoconfig-base", "mx-ispdb-base"):
        assert by_id[name].outcome is Outcome.SKIPPED
        assert by_id[name].problem is Problem.NULL_MX


@pytest.mark.parametrize(
    "problem", [Problem.DNS_SERVFAIL, Problem.DNSSEC_BOGUS, Problem.DNS_TIMEOUT]
)
async def test_dns_trouble_is_a_failure(problem: Problem) -> None:
    """No answer is not the answer "none"."""
    where = context({("example.org", "MX"): problem, ("_imaps._tcp.example.org", "SRV"): problem})
    answers = await run_all(sources(), ALICE, where, deadline=1)
    by_id = {answer.question.id: answer for answer in answers}
    for name in ("srv", "catalogue-mx", "mx-autoconfig-full"):
        assert by_id[name].outcome is Outcome.FAILED
        assert by_id[name].problem is problem


async def test_the_database_is_asked_for_domains_alone() -> None:
    """The domain of the user and the two of the MX host."""
    seen, _ = await everything("mx.eu.hoster.example")
    assert {text for text in seen if text.startswith(ISPDB)} == {
        f"{ISPDB}example.org",
        f"{ISPDB}eu.hoster.example",
        f"{ISPDB}hoster.example",
    }
