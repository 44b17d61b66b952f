"""JMAP, calendars and contacts at well-known addresses of the domain."""

from __future__ import annotations

import pytest

from advisor.discovery import dav, jmap
from advisor.discovery._source import Source
from advisor.formats.jmap import CORE
from advisor.model.evidence import Outcome, Problem, Trust
from advisor.net._seams import Fetched, Reply, SrvRecord
from tests.discovery.world import DOMAIN, answer, asked, context
from tests.fakes.http import Page

JMAP = "https://example.org/.well-known/jmap"
CALDAV = "https://example.org/.well-known/caldav"
CARDDAV = "https://example.org/.well-known/carddav"
HOME = "https://dav.example.net/remote.php/dav/"
LOGIN = (("www-authenticate", 'Basic realm="x"'),)
SESSION = b'{"capabilities": {"%s": {}}}' % CORE.encode()

PLACES = [(jmap.SOURCE, "jmap", JMAP), (dav.SOURCE, "caldav", CALDAV),
          (dav.SOURCE, "carddav", CARDDAV)]  # fmt: skip


def reply(
    *hops: str, status: int = 401, headers: tuple[tuple[str, str], ...] = LOGIN, body: bytes = b""
) -> Reply:
    """An answer at the end of *hops*."""
    return Reply(status, headers, body, hops, all(hop.startswith("https:") for hop in hops))


@pytest.mark.parametrize(("source", "id", "url"), PLACES)
async def test_a_wish_for_a_login_shows_the_service(source: Source, id: str, url: str) -> None:  # noqa: A002
    """Nobody signs in; the domain's own HTTPS vouches for it."""
    found = await answer(source, id, context(pages={url: reply(url)}))
    assert found.outcome is Outcome.FOUND
    assert found.trust is Trust.AUTHENTICATED
    (one,) = found.candidates
    assert (one.endpoint.protocol.value, one.url) == (id, url)


async def test_a_redirect_leads_to_the_calendars() -> None:
    """RFC 6764 §5: the address says where the context path is."""
    found = await answer(dav.SOURCE, "caldav", context(pages={CALDAV: reply(CALDAV, HOME)}))
    (one,) = found.candidates
    assert (one.endpoint.host, one.url) == ("dav.example.net", HOME)
    assert HOME in found.reason


@pytest.mark.parametrize(
    "page",
    [
        reply(CALDAV, HOME, status=405, headers=(("allow", "OPTIONS, propfind"),)),
        reply(CALDAV, HOME, status=200, headers=(("dav", "1, calendar-access"),)),
    ],
)
async def test_a_dav_server_is_known_by_what_it_says(page: Reply) -> None:
    """Even where it wants no login to be looked at."""
    found = await answer(dav.SOURCE, "caldav", context(pages={CALDAV: page}))
    assert found.outcome is Outcome.FOUND


async def test_a_session_shows_jmap() -> None:
    """Some servers hand it out to everybody."""
    page = reply(JMAP, status=200, headers=(), body=SESSION)
    assert (await answer(jmap.SOURCE, "jmap", context(pages={JMAP: page}))).candidates


@pytest.mark.parametrize(("source", "id", "url"), PLACES)
@pytest.mark.parametrize("page", [b"<!doctype html><html/>", Problem.NOT_FOUND, 403, 500])
async def test_a_web_site_is_no_service(
    source: Source,
    id: str,  # noqa: A002
    url: str,
    page: Page | int,
) -> None:
    """Whether it has a page for everything or for nothing."""
    shown = reply(url, status=page, headers=()) if isinstance(page, int) else page
    found = await answer(source, id, context(pages={url: shown}))
    assert (found.outcome, found.problem) == (Outcome.NOTHING, Problem.NOT_FOUND)


@pytest.mark.parametrize("target", ["imap.example.org", "."])
@pytest.mark.parametrize(("source", "id", "url"), PLACES)
async def test_a_service_record_says_more(source: Source, id: str, url: str, target: str) -> None:  # noqa: A002
    """RFC 6764 §6, RFC 8620 §2.2: the site is asked where there is no record, also no refusal."""
    label = {"jmap": "_jmap", "caldav": "_caldavs", "carddav": "_carddavs"}[id]
    zone = {(f"{label}._tcp.example.org", "SRV"): [SrvRecord(0, 1, 443, target)]}
    where = context(zone, {url: reply(url)})
    assert (await answer(source, id, where)).outcome is Outcome.SKIPPED
    assert asked(where)[1] == []


async def test_dns_trouble_does_not_keep_from_looking() -> None:
    """The site may answer all the same."""
    where = context({("_jmap._tcp.example.org", "SRV"): Problem.DNS_SERVFAIL}, {JMAP: reply(JMAP)})
    assert (await answer(jmap.SOURCE, "jmap", where)).candidates


async def test_a_page_that_is_no_reply_is_judged_the_same() -> None:
    """A session behind a redirect."""
    page = Fetched(HOME, SESSION, "application/json", (JMAP, HOME), secure=True)
    found = await answer(jmap.SOURCE, "jmap", context(pages={JMAP: page}))
    assert found.candidates[0].url == HOME


@pytest.mark.parametrize("source", [jmap.SOURCE, dav.SOURCE])
def test_nobody_waits_for_services(source: Source) -> None:
    """The answer about mail is whole without them."""
    assert all(question.aside for question in source.plan(DOMAIN, context()))
