"""What is asked of web services, and what their answers come to."""

from __future__ import annotations

import pytest

from advisor.errors import ProbeTimeout
from advisor.model.endpoint import Protocol
from advisor.model.evidence import Problem
from advisor.model.observation import Reached
from tests.fakes.webserver import page, redirect
from tests.services.web import BASIC, CLASSES, HOME, HOST, LOGIN, SESSION, played

JMAP, CALDAV, CARDDAV = Protocol.JMAP, Protocol.CALDAV, Protocol.CARDDAV
WELL_KNOWN = {one: f"https://{HOST}/.well-known/{one}" for one in (JMAP, CALDAV, CARDDAV)}


@pytest.mark.parametrize("piece", [0, 1, 7])
@pytest.mark.parametrize("protocol", [JMAP, CALDAV, CARDDAV])
def test_a_wish_for_a_login_shows_the_service(protocol: Protocol, piece: int) -> None:
    """With how to sign in; nobody ever does (RFC 9110 §11.6.1)."""
    told = played(protocol, LOGIN, CLASSES, piece=piece)
    seen = told.seen
    assert (told.failure, seen.reached, seen.mechanisms_after) == (None, Reached.DONE, ("Basic",))
    assert seen.web is not None
    assert (seen.web.status, seen.web.hops) == (401, (WELL_KNOWN[protocol],))
    assert seen.greeting == "401 Unauthorized"
    assert not any(b"authorization" in words.lower() for words in told.sent)


def test_dav_servers_are_asked_who_one_is_and_what_they_can_do() -> None:
    """RFC 6764 §6, RFC 4918 §10.1; over one connection."""
    told = played(CALDAV, LOGIN, CLASSES)
    first, second = told.sent
    assert first.startswith(b"PROPFIND /.well-known/caldav HTTP/1.1\r\n")
    assert b"Depth: 0\r\n" in first
    assert b"current-user-principal" in first
    assert second.startswith(b"OPTIONS /.well-known/caldav HTTP/1.1\r\n")
    assert told.visited == []
    assert told.seen.capabilities_after == ("1", "3", "calendar-access", "addressbook")
    assert told.seen.mechanisms_after == ("Basic",)


def test_what_a_dav_server_can_do_may_stay_its_secret() -> None:
    """It hangs up on the second question, or wants a login for that, too."""
    for second in (b"", LOGIN, ProbeTimeout(Problem.TIMEOUT, "said nothing")):
        told = played(CARDDAV, LOGIN, second)
        assert (told.failure, told.seen.reached) == (None, Reached.DONE)
        assert told.seen.capabilities_after == ()


@pytest.mark.parametrize(
    "reply",
    [page(b"<multistatus/>", "207 Multi-Status"), page(b"", "200 OK", DAV="1, addressbook")],
)
def test_a_dav_server_may_talk_to_strangers(reply: bytes) -> None:
    """It is one all the same."""
    assert played(CARDDAV, reply).seen.reached is Reached.DONE


def test_a_session_that_everybody_may_read_names_its_capabilities() -> None:
    """RFC 8620 §2."""
    told = played(JMAP, page(SESSION, Content_Type="application/json"))
    assert told.failure is None
    assert told.seen.capabilities_after == (
        "urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail",
    )  # fmt: skip
    assert told.sent[0].startswith(b"GET /.well-known/jmap HTTP/1.1\r\n")
    assert len(told.sent) == 1


def test_a_redirect_on_the_same_server_is_followed_over_the_same_connection() -> None:
    """And the end is remembered."""
    told = played(CALDAV, redirect("/dav/?a=ü b"), LOGIN, CLASSES)
    assert told.visited == []
    assert told.seen.web is not None
    assert told.seen.web.hops == (WELL_KNOWN[CALDAV], f"https://{HOST}/dav/?a=%C3%BC%20b")
    assert told.sent[2].startswith(b"OPTIONS /dav/?a=%C3%BC%20b ")


def test_a_redirect_leads_to_another_server() -> None:
    """Which is visited; it is told there who is meant."""
    told = played(JMAP, redirect("https://api.example.net:8443/session"), LOGIN)
    (there,) = told.visited
    assert (there.host, there.port, there.path) == ("api.example.net", 8443, "/session")
    assert b"\r\nHost: api.example.net:8443\r\n" in told.sent[1]


def test_a_server_that_hangs_up_after_each_answer_is_visited_again() -> None:
    """HTTP/1.0, or one that says so."""
    last = page(b"", "401 Unauthorized", WWW_Authenticate=BASIC, Connection="close")
    told = played(CALDAV, last, CLASSES)
    assert [place.url for place in told.visited] == [WELL_KNOWN[CALDAV]]
    assert "calendar-access" in told.seen.capabilities_after


def test_a_server_that_hangs_up_without_a_word_is_asked_once_more() -> None:
    """As one may where nothing came back over a connection that was used (RFC 9112 §9.3.1)."""
    told = played(CALDAV, redirect("/dav/"), b"", LOGIN, CLASSES)
    assert (told.failure, [place.path for place in told.visited]) == (None, ["/dav/"])
    told = played(CALDAV, redirect("/dav/"), b"", b"", LOGIN)
    assert told.failure is not None
    assert told.failure.problem is Problem.CLOSED
    assert len(told.sent) == 3


def test_calendars_may_live_at_the_root() -> None:
    """Where the usual address is not there (RFC 6764 §6)."""
    told = played(CALDAV, page(b"", "404 Not Found"), LOGIN, CLASSES)
    assert told.failure is None
    assert told.sent[1].startswith(b"PROPFIND / HTTP/1.1\r\n")


def test_the_path_that_somebody_named_is_asked() -> None:
    """That of a TXT record, for instance (RFC 6764 §4)."""
    told = played(CALDAV, LOGIN, CLASSES, path="/calendars/?x=1")
    assert told.sent[0].startswith(b"PROPFIND /calendars/?x=1 HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("protocol", "replies", "problem"),
    [
        (JMAP, [page(b"", "404 Not Found")], Problem.NOT_FOUND),
        (CALDAV, [page(b"", "410 Gone"), page(b"", "404 Not Found")], Problem.NOT_FOUND),
        (JMAP, [page(b"", "403 Forbidden")], Problem.SERVER_REFUSES),
        (CALDAV, [page(b"", "503 Busy")], Problem.SERVER_REFUSES),
        (CALDAV, [page(b"", "405 Not Allowed")], Problem.NOT_THIS_PROTOCOL),
        (JMAP, [HOME], Problem.WEB_PAGE),
        (CARDDAV, [HOME], Problem.WEB_PAGE),
        (JMAP, [page(b"{", Content_Type="application/json")], Problem.NOT_THIS_PROTOCOL),
        (JMAP, [page(b"[" * 100_000)], Problem.NOT_THIS_PROTOCOL),
        (JMAP, [page(b'{"capabilities": {}}')], Problem.NOT_THIS_PROTOCOL),
        (JMAP, [page(SESSION, Content_Encoding="gzip")[:-20]], Problem.CLOSED),
        (JMAP, [page(b"x" * 1024 * 1024)], Problem.LIMIT),
        (CALDAV, [redirect("http://dav.example.org/")], Problem.INSECURE_REDIRECT),
        (CALDAV, [redirect("/a"), redirect("/b"), redirect("/a")], Problem.REDIRECT_LOOP),
        (CALDAV, [redirect(f"/{n}") for n in range(9)], Problem.REDIRECT_LOOP),
        (CALDAV, [page(b"", "301 Moved")], Problem.HTTP_ERROR),
        (CALDAV, [redirect("ftp://dav.example.org/")], Problem.HTTP_ERROR),
        (CALDAV, [redirect("https://a:b@dav.example.org/")], Problem.HTTP_ERROR),
        (CALDAV, [redirect("https://[::1/")], Problem.HTTP_ERROR),
        (CALDAV, [redirect("https://127.0.0.1/")], Problem.HTTP_ERROR),
        (CALDAV, [redirect("https://x.example.org:99999/")], Problem.HTTP_ERROR),
        (CALDAV, [redirect("/" + "a" * 5000)], Problem.HTTP_ERROR),
        (JMAP, [b"\x16\x03\x03\0\x05hello"], Problem.NOT_THIS_PROTOCOL),
        (JMAP, [b"* OK IMAP4rev1 ready\r\n"], Problem.NOT_THIS_PROTOCOL),
        (JMAP, [b"HTTP/1.1 401 x\r\nA: b\0c\r\n\r\n"], Problem.NOT_THIS_PROTOCOL),
        (JMAP, [b"HTTP/1.1 401 x\r\n" + b"A: b\r\n" * 20_000], Problem.LIMIT),
        (JMAP, [b"HTTP/1.1 100 Continue\r\n\r\n" * 40_000], Problem.LIMIT),
        (JMAP, [b""], Problem.CLOSED),
        (JMAP, [b"HTTP/1.1 401"], Problem.CLOSED),
    ],
)  # fmt: skip
def test_what_is_no_service_is_told(
    protocol: Protocol, replies: list[bytes], problem: Problem
) -> None:
    """Each trouble has its own kind."""
    told = played(protocol, *replies)
    assert told.failure is not None
    assert (told.failure.problem, told.seen.reached is Reached.DONE) == (problem, False)


@pytest.mark.parametrize(
    "body",
    [
        b"HTTP/1.1 401 x\r\nContent-Length: 100000000\r\n\r\n" + b"x" * 1024 * 1024,
        b"HTTP/1.1 401 x\r\nContent-Length: 9\r\n\r\nx",
        b"HTTP/1.1 401 x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
    ],
)
def test_only_the_status_of_a_wish_for_a_login_counts(body: bytes) -> None:
    """Whatever page goes with it; one that does not say how to sign in offers no way (§11.6.1)."""
    told = played(CALDAV, body)
    assert (told.failure, told.seen.reached) == (None, Reached.DONE)
    assert told.seen.mechanisms_after == ()


def test_trouble_with_the_wire_passes_through() -> None:
    """What was learned before it is kept."""
    late = ProbeTimeout(Problem.TIMEOUT, "said nothing for 6 s")
    told = played(CALDAV, redirect("/dav/"), late)
    assert told.failure is late
    assert told.seen.web is not None
    assert told.seen.web.hops[-1].endswith("/dav/")
