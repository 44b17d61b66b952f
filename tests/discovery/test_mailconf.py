"""The TXT record ``mailconf=URL``."""

from __future__ import annotations

import pytest

from advisor.discovery import mailconf
from advisor.model.evidence import Outcome, Problem, Trust
from tests.discovery.world import DOCUMENT, answer, asked, context

URL = "https://setup.hoster.example/config.xml"
OTHER = "https://other.hoster.example/config.xml"


def zone(*texts: str) -> dict[tuple[str, str], list[str]]:
    """The domain with these TXT records."""
    return {("example.org", "TXT"): ["v=spf1 -all", *texts]}


@pytest.mark.parametrize("signed", [True, False])
async def test_the_document_is_trusted_as_far_as_the_record(signed: bool) -> None:
    """A valid certificate of the host that it names proves that host, not the record."""
    where = context(zone(f"mailconf={URL}"), {URL: DOCUMENT}, signed=signed)
    found = await answer(mailconf.SOURCE, "mailconf", where)
    assert (found.outcome, found.asked) == (Outcome.FOUND, URL)
    assert found.trust is (Trust.AUTHENTICATED if signed else Trust.UNAUTHENTICATED)
    assert [str(one.endpoint) for one in found.candidates] == ["imap://imap.example.org:993"]


async def test_no_record_is_nothing() -> None:
    """Other TXT records are none of it."""
    found = await answer(mailconf.SOURCE, "mailconf", context(zone()))
    assert (found.outcome, found.problem) == (Outcome.NOTHING, Problem.NOT_FOUND)


@pytest.mark.parametrize(
    "url",
    [
        "http://setup.hoster.example/config.xml",
        "ftp://setup.hoster.example/",
        "https://user@setup.hoster.example/",
        "https://192.0.2.1/",
        "https://setup.hoster.example/\u202e",
        "https://" + "x" * 3000,
        "",
    ],
)
async def test_only_an_https_address_is_followed(url: str) -> None:
    """Anything else is told, and nobody asked."""
    where = context(zone(f"mailconf={url}"))
    found = await answer(mailconf.SOURCE, "mailconf", where)
    assert (found.outcome, found.problem) == (Outcome.FAILED, Problem.NOTHING_USABLE)
    assert asked(where)[1] == []


async def test_what_is_asked_anyway_is_not_asked_twice() -> None:
    """Most records name the usual address."""
    url = "https://autoconfig.example.org/mail/config-v1.1.xml"
    where = context(zone(f"mailconf={url}"))
    found = await answer(mailconf.SOURCE, "mailconf", where)
    assert found.outcome is Outcome.SKIPPED
    assert url in found.reason
    assert asked(where)[1] == []


async def test_of_several_records_one_is_asked_and_the_rest_is_told() -> None:
    """Always the same one, whatever the order in which they came."""
    for texts in ([URL, OTHER], [OTHER, URL]):
        where = context(zone(*(f"mailconf={url}" for url in texts)), {OTHER: DOCUMENT})
        found = await answer(mailconf.SOURCE, "mailconf", where)
        assert asked(where)[1] == [OTHER]
        assert [problem for problem, _ in found.remarks] == [Problem.DOUBTFUL]
