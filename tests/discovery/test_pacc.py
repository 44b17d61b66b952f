"""PACC: the document and the digest that vouches for it."""

from __future__ import annotations

import asyncio

import pytest

from advisor.discovery import pacc
from advisor.discovery._runner import run_all
from advisor.errors import DnsFailed, FetchFailed, FormatError
from advisor.formats.pacc import record
from advisor.model.evidence import Outcome, Problem, Provider, Trust
from tests.discovery.world import ALICE, answer, asked, context, late, over

URL = "https://ua-auto-config.example.org/.well-known/user-agent-configuration.json"
TXT = ("_ua-auto-config.example.org", "TXT")
DOCUMENT = (
    b'{"protocols":{"imap":{"host":"imap.example.org"},"smtp":{"host":"smtp.example.org"}},'
    b'"info":{"provider":{"name":"Example Mail"},"help":{"documentation":"https://example.org/h"}}}'
)


@pytest.mark.parametrize("signed", [True, False])
async def test_the_right_digest_lets_it_count(signed: bool) -> None:
    """It is trusted for its HTTPS; a signed record adds nothing, an unsigned one takes nothing."""
    zone = {TXT: [record(b"the old one"), record(DOCUMENT)]}
    found = await answer(pacc.SOURCE, "pacc", context(zone, {URL: DOCUMENT}, signed=signed))
    assert found.outcome is Outcome.FOUND
    assert found.trust is Trust.AUTHENTICATED
    assert [str(one.endpoint) for one in found.candidates] == [
        "imap://imap.example.org:993",
        "smtp://smtp.example.org:465",
    ]
    assert found.provider == Provider(None, "Example Mail", "https://example.org/h")


async def test_a_wrong_digest_refuses_it() -> None:
    """Nothing of the document is used."""
    zone = {TXT: [record(DOCUMENT + b"\n")]}
    found = await answer(pacc.SOURCE, "pacc", context(zone, {URL: DOCUMENT}))
    assert (found.outcome, found.problem) == (Outcome.FAILED, Problem.DIGEST_MISMATCH)
    assert found.candidates == ()


@pytest.mark.parametrize("records", [[], ["v=spf1 -all"]])
async def test_no_digest_refuses_it(records: list[str]) -> None:
    """The draft wants one."""
    found = await answer(pacc.SOURCE, "pacc", context({TXT: records}, {URL: DOCUMENT}))
    assert (found.outcome, found.problem) == (Outcome.FAILED, Problem.DIGEST_MISSING)
    assert found.candidates == ()


async def test_a_web_page_is_no_document_whatever_stands_in_dns() -> None:
    """A host that answers everything publishes nothing."""
    with pytest.raises(FormatError, match="web page"):
        await answer(pacc.SOURCE, "pacc", context({}, {URL: b"<!doctype html><html/>"}))


async def test_no_document_is_nothing() -> None:
    """And nobody waits for the record then."""
    where = over(late({TXT: [record(DOCUMENT)]}, {"TXT": 3600}))
    with pytest.raises(FetchFailed) as caught:
        await asyncio.wait_for(answer(pacc.SOURCE, "pacc", where), 5)
    assert caught.value.problem is Problem.NOT_FOUND


async def test_a_digest_that_cannot_be_asked_for_is_a_failure() -> None:
    """Without it the document does not count."""
    where = context({TXT: Problem.DNSSEC_BOGUS}, {URL: DOCUMENT})
    with pytest.raises(DnsFailed) as caught:
        await answer(pacc.SOURCE, "pacc", where)
    assert caught.value.problem is Problem.DNSSEC_BOGUS


async def test_a_document_without_servers_is_a_failure() -> None:
    """It was published, and is no use; what was dropped is told."""
    document = b'{"protocols":{"imap":{"host":"192.0.2.1"}}}'
    where = context({TXT: [record(document)]}, {URL: document})
    found = await answer(pacc.SOURCE, "pacc", where)
    assert found.problem is Problem.NOTHING_USABLE
    assert len(found.remarks) == 1


async def test_the_address_is_sent_to_nobody() -> None:
    """Not even to the domain."""
    where = context()
    await run_all([pacc.SOURCE], ALICE, where, deadline=1)
    assert asked(where)[1] == [URL]
    assert {name for name, _ in asked(where)[0]} <= {TXT[0]}
