"""Autodiscover as a source: its ways, its redirects, and what attackers make of them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import cast

import pytest

from advisor.discovery import autodiscover
from advisor.errors import FetchFailed, FormatError, LookupFailed
from advisor.model.auth import ADDRESS
from advisor.model.evidence import Answer, Outcome, Problem, Trust
from advisor.net._seams import Redirect, SrvRecord
from tests.discovery.world import ALICE, answer, asked, context
from tests.fakes.http import FakeFetcher, Page

OWN = "https://autodiscover.example.org/autodiscover/autodiscover.xml"
SITE = "https://example.org/autodiscover/autodiscover.xml"
PLAIN = "http://autodiscover.example.org/autodiscover/autodiscover.xml"
HOSTER = "https://autodiscover.hoster.example/autodiscover/autodiscover.xml"
JSON = (
    "https://{}/autodiscover/autodiscover.json"
    "?Email=mail-advisor%40example.org&Protocol=AutodiscoverV1"
)
SRV = ("_autodiscover._tcp.example.org", "SRV")


def pox(account: str) -> bytes:
    """An answer with this inside <Account>."""
    return (
        f'<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/'
        f'2006"><Response><Account>{account}</Account></Response></Autodiscover>'
    ).encode()


def to_url(url: str) -> bytes:
    """A redirect to another URL."""
    return pox(f"<Action>redirectUrl</Action><RedirectUrl>{url}</RedirectUrl>")


def to_address(address: str) -> bytes:
    """A redirect to another address."""
    return pox(f"<Action>redirectAddr</Action><RedirectAddr>{address}</RedirectAddr>")


SETTINGS = pox(
    "<Action>settings</Action><Protocol><Type>IMAP</Type><Server>imap.example.org</Server>"
    "<Port>993</Port><LoginName>mail-advisor@example.org</LoginName><SPA>off</SPA>"
    "<SSL>on</SSL><Encryption>SSL</Encryption></Protocol>"
)
LATER = pox(
    "<Protocol><Type>IMAP</Type><Server>imap.example.org</Server><Port>993</Port>"
    "<SPA>off</SPA><SSL>on</SSL><Encryption>TLS</Encryption></Protocol>"
)


async def found(
    id: str,  # noqa: A002
    pages: Mapping[str, Page],
    zone: dict[tuple[str, str], list[SrvRecord]] | None = None,
    *,
    signed: bool = False,
) -> Answer:
    """What the way *id* comes to, and nobody is asked the same thing twice."""
    where = context(zone, pages, signed=signed)
    told = await answer(autodiscover.SOURCE, id, where)
    urls = asked(where)[1]
    assert len(urls) == len(set(urls)) or "redirectAddr" in str(pages)
    return told


async def refusal(pages: Mapping[str, Page], way: str = "autodiscover-https") -> LookupFailed:
    """How a way ends that gives no answer."""
    with pytest.raises(LookupFailed) as caught:
        await answer(autodiscover.SOURCE, way, context(pages=pages))
    return caught.value


@pytest.mark.parametrize(
    ("way", "url"), [("autodiscover-https", OWN), ("autodiscover-domain", SITE)]
)
async def test_the_domains_own_answer_is_authenticated(way: str, url: str) -> None:
    """With the user name as a placeholder, as the server repeats what it was asked for."""
    told = await found(way, {url: SETTINGS})
    assert (told.outcome, told.trust, told.asked) == (Outcome.FOUND, Trust.AUTHENTICATED, url)
    assert [str(one.endpoint) for one in told.candidates] == ["imap://imap.example.org:993"]
    assert told.candidates[0].username == ADDRESS
    assert (told.reason, told.remarks) == ("published one setting", ())


@pytest.mark.parametrize(
    "pages",
    [
        {OWN: to_url(HOSTER), HOSTER: SETTINGS},
        {OWN: to_address("someone@hoster.example"), HOSTER: SETTINGS},
        {OWN: Redirect(OWN, HOSTER), HOSTER: SETTINGS},
    ],
    ids=["by URL", "by address", "by HTTP"],
)
async def test_a_redirect_out_of_the_domain_lowers_the_trust(pages: Mapping[str, Page]) -> None:
    """And names that domain."""
    told = await found("autodiscover-https", pages)
    assert (told.outcome, told.trust) == (Outcome.FOUND, Trust.UNAUTHENTICATED)
    assert told.remarks == (
        (Problem.CROSS_DOMAIN, "the answer came from hoster.example, which is not example.org"),
    )
    assert "hoster.example" in told.reason


async def test_a_redirect_within_the_domain_is_the_domains_own_word() -> None:
    """Another host, the same registrable domain."""
    inside = "https://mail.example.org/pox"
    told = await found("autodiscover-https", {OWN: to_url(inside), inside: SETTINGS})
    assert told.trust is Trust.AUTHENTICATED
    assert told.reason == f"published one setting, after a redirect to {inside}"


async def test_another_address_starts_anew_with_its_domain() -> None:
    """On both of its places, with the address that was given."""
    site = "https://hoster.example/autodiscover/autodiscover.xml"
    where = context(pages={OWN: to_address("some.one@hoster.example"), site: SETTINGS})
    told = await answer(autodiscover.SOURCE, "autodiscover-https", where)
    assert told.outcome is Outcome.FOUND
    assert asked(where)[1] == [OWN, HOSTER, site]
    sent = cast(FakeFetcher, where.http).sent
    assert b"mail-advisor@example.org" in sent[0]
    assert b"some.one@hoster.example" in sent[-1]


def chain(length: int) -> dict[str, Page]:
    """So many redirects, by all means in turn, and an answer at their end."""
    urls = [OWN, *(f"https://h{number}.example.org/pox" for number in range(1, length + 1))]
    pages: dict[str, Page] = {
        here: Redirect(here, there) if number % 2 else to_url(there)
        for number, (here, there) in enumerate(pairwise(urls))
    }
    return {**pages, urls[-1]: SETTINGS}


async def test_five_redirects_of_all_kinds_are_followed() -> None:
    """As many as for any document."""
    assert (await found("autodiscover-https", chain(5))).outcome is Outcome.FOUND


@pytest.mark.parametrize(
    "pages",
    [
        chain(6),
        {OWN: to_url(OWN)},
        {OWN: to_url(SITE), SITE: Redirect(SITE, OWN)},
        {OWN: to_address("mail-advisor@example.org"), SITE: to_address("mail-advisor@example.org")},
        {
            OWN: to_address("a@b.example"),
            "https://autodiscover.b.example/autodiscover/autodiscover.xml": to_address(
                "mail-advisor@example.org"
            ),
        },
        {
            OWN: to_address("x0@example.org"),
            SITE: to_address("x1@example.org"),
        },
    ],
    ids=["too many", "to itself", "a circle", "the same address", "addresses in a circle", "twins"],
)
async def test_redirects_without_end_are_told(pages: Mapping[str, Page]) -> None:
    """Never more than six requests, and two for each new address."""
    where = context(pages=pages)
    with pytest.raises(FetchFailed) as caught:
        await answer(autodiscover.SOURCE, "autodiscover-https", where)
    assert caught.value.problem is Problem.REDIRECT_LOOP
    assert len(asked(where)[1]) <= 12


@pytest.mark.parametrize(
    "url",
    [
        "http://hoster.example/pox",
        "file:///etc/passwd",
        "https://127.0.0.1/",
        "https://a@b.example/",
    ],
)
async def test_a_redirect_to_nowhere_good_is_not_followed(url: str) -> None:
    """It is what is wrong with the document."""
    where = context(pages={OWN: to_url(url)})
    told = await answer(autodiscover.SOURCE, "autodiscover-https", where)
    assert (told.outcome, told.problem) == (Outcome.FAILED, Problem.NOTHING_USABLE)
    assert [problem for problem, _ in told.remarks] == [Problem.BAD_DOCUMENT]
    assert asked(where)[1] == [OWN]


async def test_a_web_page_is_no_answer() -> None:
    """Said by an error that the runner turns into an answer."""
    error = await refusal({OWN: b"<!doctype html><html></html>"})
    assert isinstance(error, FormatError)
    assert "web page" in str(error)


async def test_a_login_that_is_wanted_is_told_as_such() -> None:
    """Also where the redirect leads, and however the other place of an address fails."""
    assert (await refusal({OWN: Problem.LOGIN_WANTED})).problem is Problem.LOGIN_WANTED
    pages: dict[str, Page] = {
        OWN: to_address("x@hoster.example"),
        HOSTER: Problem.LOGIN_WANTED,
    }
    assert (await refusal(pages)).problem is Problem.LOGIN_WANTED


@pytest.mark.parametrize(
    ("code", "outcome", "problem"),
    [
        (500, Outcome.NOTHING, Problem.NOT_FOUND),
        (501, Outcome.NOTHING, Problem.NOT_FOUND),
        (600, Outcome.FAILED, Problem.SERVER_REFUSES),
    ],
)
async def test_an_unknown_address_is_another_thing_than_a_refusal(
    code: int, outcome: Outcome, problem: Problem
) -> None:
    """The stand-in is nobody, which some servers notice."""
    document = (
        b"<Autodiscover><Response><Error Time='1' Id='2'><ErrorCode>%d</ErrorCode>"
        b"<Message>Sorry\x0a!</Message></Error></Response></Autodiscover>" % code
    )
    told = await found("autodiscover-https", {OWN: document})
    assert (told.outcome, told.problem) == (outcome, problem)
    assert "\n" not in told.reason


async def test_doubts_come_first_among_the_remarks() -> None:
    """After what was said of the way; rules show the first one."""
    told = await found("autodiscover-https", {OWN: Redirect(OWN, HOSTER), HOSTER: LATER})
    assert [problem for problem, _ in told.remarks] == [Problem.CROSS_DOMAIN, Problem.DOUBTFUL]


# The unprotected redirect.


async def test_the_unprotected_redirect_is_followed_to_https_only() -> None:
    """And trusted no more than it."""
    told = await found("autodiscover-http", {PLAIN: Redirect(PLAIN, HOSTER), HOSTER: SETTINGS})
    assert (told.outcome, told.trust, told.asked) == (Outcome.FOUND, Trust.UNAUTHENTICATED, PLAIN)
    assert "anybody on the way" in told.reason


@pytest.mark.parametrize(
    "reply", [SETTINGS, Redirect(PLAIN, "http://hoster.example/pox")], ids=["answer", "redirect"]
)
async def test_nothing_else_over_plain_http_counts(reply: Page) -> None:
    """A document, or a redirect to more of it."""
    where = context(pages={PLAIN: reply})
    told = await answer(autodiscover.SOURCE, "autodiscover-http", where)
    assert (told.outcome, told.candidates) == (Outcome.NOTHING, ())
    assert asked(where)[1] == [PLAIN]
    assert cast(FakeFetcher, where.http).sent == []


async def test_an_unprotected_redirect_to_the_own_address_adds_nothing() -> None:
    """Whatever the case of its path."""
    there = OWN.replace("/autodiscover/a", "/Autodiscover/A")
    told = await found("autodiscover-http", {PLAIN: Redirect(PLAIN, there), there: SETTINGS})
    assert told.outcome is Outcome.SKIPPED


# The service record.


@pytest.mark.parametrize("signed", [True, False])
async def test_the_record_leads_to_its_target(signed: bool) -> None:
    """By priority and weight; trusted as far as the DNS."""
    records = [SrvRecord(5, 0, 443, "no.example"), SrvRecord(0, 0, 8443, "ad.hoster.example")]
    url = "https://ad.hoster.example:8443/autodiscover/autodiscover.xml"
    told = await found("autodiscover-srv", {url: SETTINGS}, {SRV: records}, signed=signed)
    assert (told.outcome, told.asked, told.remarks) == (Outcome.FOUND, url, ())
    assert told.trust is (Trust.AUTHENTICATED if signed else Trust.UNAUTHENTICATED)


@pytest.mark.parametrize(
    ("records", "outcome"),
    [
        ([], Outcome.NOTHING),
        ([SrvRecord(0, 0, 0, ".")], Outcome.NOTHING),
        ([SrvRecord(0, 0, 80, "ad.hoster.example")], Outcome.FAILED),
        ([SrvRecord(0, 0, 443, "not a host")], Outcome.FAILED),
        ([SrvRecord(0, 0, 443, "autodiscover.example.org")], Outcome.SKIPPED),
    ],
    ids=["none", "denied", "plain HTTP", "nonsense", "the usual host"],
)
async def test_a_record_that_leads_nowhere_new_is_not_followed(
    records: list[SrvRecord], outcome: Outcome
) -> None:
    """Each for its own reason."""
    where = context({SRV: records}, {})
    told = await answer(autodiscover.SOURCE, "autodiscover-srv", where)
    assert told.outcome is outcome
    assert asked(where)[1] == []


# Version 2.


@pytest.mark.parametrize("host", ["autodiscover.example.org", "example.org"])
async def test_version_2_leads_to_version_1(host: str) -> None:
    """From either of the domain's hosts."""
    url = "https://mail.example.org/pox"
    pages: dict[str, Page] = {JSON.format(host): b'{"Protocol":"AutodiscoverV1","Url":"%s"}' % (
        url.encode()
    ), url: SETTINGS}  # fmt: skip
    told = await found("autodiscover-v2", pages)
    assert (told.outcome, told.trust) == (Outcome.FOUND, Trust.AUTHENTICATED)


async def test_version_2_may_lead_out_of_the_domain() -> None:
    """To Microsoft's cloud, for instance: only because the domain says so."""
    url = "https://outlook.cloud.example/pox"
    page = b'{"protocol":"autodiscoverv1","url":"%s"}' % url.encode()
    told = await found(
        "autodiscover-v2", {JSON.format("autodiscover.example.org"): page, url: SETTINGS}
    )
    assert told.trust is Trust.UNAUTHENTICATED
    assert told.remarks[0][0] is Problem.CROSS_DOMAIN


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        (b'{"ErrorCode":"InvalidProtocol","ErrorMessage":"no"}', Outcome.NOTHING),
        (b'{"Url":"%s"}' % OWN.encode(), Outcome.SKIPPED),
    ],
)
async def test_version_2_without_news(page: bytes, outcome: Outcome) -> None:
    """An error, or the address that is asked anyway."""
    told = await found("autodiscover-v2", {JSON.format("autodiscover.example.org"): page})
    assert told.outcome is outcome


@pytest.mark.parametrize("page", [b"<html>", b"[]", b"{}", b'{"Url":"http://a.example/"}', b"\xff"])
async def test_what_is_no_version_2_is_told(page: bytes) -> None:
    """By what the first host said."""
    error = await refusal({JSON.format("autodiscover.example.org"): page}, "autodiscover-v2")
    assert error.problem is Problem.BAD_DOCUMENT


async def test_nobody_but_the_domain_is_asked() -> None:
    """No database, no cloud; and the user's own name is nowhere."""
    where = context()
    for question in autodiscover.SOURCE.plan(ALICE, where):
        try:
            await autodiscover.SOURCE.run(question, ALICE, where)
        except LookupFailed:
            continue
    hosts = {url.split("/")[2] for url in asked(where)[1]}
    assert hosts == {"autodiscover.example.org", "example.org"}
    assert not any(b"al.ice" in body for body in cast(FakeFetcher, where.http).sent)
