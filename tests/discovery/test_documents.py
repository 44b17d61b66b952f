"""The sources that fetch a document: autoconfig, ISPDB, and both by MX."""

from __future__ import annotations

import pytest

from advisor.discovery import autoconfig, ispdb, mx
from advisor.discovery.mx import mx_domains
from advisor.model.evidence import Outcome, Problem, Provider, Trust
from advisor.net._seams import Fetched, MxRecord
from tests.discovery.world import DOCUMENT, DOMAIN, ISPDB, answer, asked, context

WELL_KNOWN = "https://example.org/.well-known/autoconfig/mail/config-v1.1.xml"
HTTP = "http://autoconfig.example.org/mail/config-v1.1.xml"
HTTPS = "https://autoconfig.example.org/mail/config-v1.1.xml"


async def test_the_domains_document_is_authenticated_over_https() -> None:
    """With its servers, its name and its help page."""
    where = context(pages={WELL_KNOWN: DOCUMENT})
    found = await answer(autoconfig.SOURCE, "autoconfig-wellknown", where)
    assert found.outcome is Outcome.FOUND
    assert found.trust is Trust.AUTHENTICATED
    assert [str(one.endpoint) for one in found.candidates] == ["imap://imap.example.org:993"]
    assert found.provider == Provider(None, "Example Mail", "https://example.org/help")
    assert found.reason == "published one setting"


async def test_plain_http_is_not_authenticated() -> None:
    """And the reason says what that means."""
    found = await answer(autoconfig.SOURCE, "autoconfig-http", context(pages={HTTP: DOCUMENT}))
    assert found.trust is Trust.UNAUTHENTICATED
    assert "could have changed" in found.reason


async def test_plain_http_that_leads_to_https_is_not_authenticated() -> None:
    """Whoever could change the redirect could choose the target."""
    page = Fetched(HTTPS, DOCUMENT, "text/xml", (HTTP, HTTPS), secure=False)
    found = await answer(autoconfig.SOURCE, "autoconfig-http", context(pages={HTTP: page}))
    assert found.trust is Trust.UNAUTHENTICATED
    assert HTTPS in found.reason


async def test_a_bare_domain_sends_no_query() -> None:
    """There is no address to send."""
    where = context(pages={HTTPS: DOCUMENT})
    found = await answer(autoconfig.SOURCE, "autoconfig-https", where, DOMAIN)
    assert found.outcome is Outcome.FOUND


async def test_a_document_without_servers_is_a_failure() -> None:
    """It was published, and is no use; what was dropped is told."""
    broken = DOCUMENT.replace(b"993", b"x")
    where = context(pages={WELL_KNOWN: broken})
    found = await answer(autoconfig.SOURCE, "autoconfig-wellknown", where)
    assert found.outcome is Outcome.FAILED
    assert found.problem is Problem.NOTHING_USABLE
    assert len(found.remarks) == 1


async def test_a_web_page_is_no_document() -> None:
    """It failed, and what came is kept for whoever wants to see it."""
    page = b"<!doctype html><html/>"
    found = await answer(
        autoconfig.SOURCE, "autoconfig-wellknown", context(pages={WELL_KNOWN: page})
    )
    assert (found.outcome, found.problem) == (Outcome.FAILED, Problem.BAD_DOCUMENT)
    assert "web page" in found.reason
    assert found.document == page


@pytest.mark.parametrize("base", [ISPDB, ISPDB.rstrip("/"), "https://db.example.net/?domain="])
async def test_the_database_gets_the_domain_appended(base: str) -> None:
    """A path or a query, with or without its slash."""
    url = f"{base}example.org" if base[-1] in "/=" else f"{base}/example.org"
    found = await answer(ispdb.SOURCE, "ispdb", context(pages={url: DOCUMENT}, ispdb=base))
    assert found.outcome is Outcome.FOUND
    assert found.trust is Trust.AUTHENTICATED
    assert found.asked == url


@pytest.mark.parametrize("id", ["ispdb", "mx-ispdb-full", "mx-ispdb-base"])
async def test_no_database_means_not_asked(id: str) -> None:  # noqa: A002
    """--ispdb none."""
    where = context(ispdb=None)
    found = await answer(ispdb.SOURCE if id == "ispdb" else mx.SOURCE, id, where)
    assert found.outcome is Outcome.SKIPPED
    assert asked(where) == ([], [])


@pytest.mark.parametrize(
    ("host", "full", "base"),
    [
        ("mx.example.org", None, "example.org"),
        ("mx.example.co.uk", None, "example.co.uk"),
        ("mx1.eu.mail.example.org", "eu.mail.example.org", "example.org"),
        ("example.org", None, "example.org"),
    ],
)
def test_mx_domains_are_those_of_the_draft(host: str, full: str | None, base: str) -> None:
    """The table of draft §4.3, and a host that is the domain itself."""
    assert mx_domains(host) == (full, base)


MX = [MxRecord(20, "backup.example.net"), MxRecord(10, "mx1.eu.hoster.example")]


@pytest.mark.parametrize(
    ("id", "url"),
    [
        ("mx-autoconfig-full", "https://autoconfig.eu.hoster.example/mail/config-v1.1.xml"),
        ("mx-autoconfig-base", "https://autoconfig.hoster.example/mail/config-v1.1.xml"),
        ("mx-ispdb-full", f"{ISPDB}eu.hoster.example"),
        ("mx-ispdb-base", f"{ISPDB}hoster.example"),
    ],
)
@pytest.mark.parametrize("signed", [True, False])
async def test_the_most_preferred_exchanger_is_asked(id: str, url: str, signed: bool) -> None:  # noqa: A002
    """And trusted no further than the MX record that named it."""
    where = context({("example.org", "MX"): MX}, {url: DOCUMENT}, signed=signed)
    found = await answer(mx.SOURCE, id, where)
    assert found.asked == url
    assert found.trust is (Trust.AUTHENTICATED if signed else Trust.UNAUTHENTICATED)


async def test_a_domain_that_takes_its_own_mail_is_not_asked_twice() -> None:
    """The MX host lies in the domain itself."""
    where = context({("example.org", "MX"): [MxRecord(10, "mx.example.org")]})
    for name in ("mx-autoconfig-full", "mx-autoconfig-base", "mx-ispdb-base"):
        assert (await answer(mx.SOURCE, name, where)).outcome is Outcome.SKIPPED
    assert asked(where)[1] == []


async def test_no_exchanger_is_nothing() -> None:
    """The domain exists and names none."""
    where = context({("example.org", "A"): ["192.0.2.1"]})
    found = await answer(mx.SOURCE, "mx-ispdb-base", where)
    assert found.outcome is Outcome.NOTHING
