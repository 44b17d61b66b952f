"""Services over HTTPS, looked at over real TCP and TLS."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Problem
from advisor.model.observation import Live, PlainHttp, ProbeResult, Reached
from advisor.net.stream import Timeouts
from advisor.probing.prober import Prober
from tests.fakes import loopback
from tests.fakes.loopback import listening, server_context
from tests.fakes.webserver import Page, page, redirect, web_server
from tests.probing.web import QUICK, Routed
from tests.services.web import CLASSES, HOME, LOGIN

HOST, OTHER = "dav.example.org", "dav.example.net"
PATHS = {one: f"/.well-known/{one}" for one in (Protocol.JMAP, Protocol.CALDAV, Protocol.CARDDAV)}


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    """A file with the authority that the test servers' certificates come from."""
    return loopback.authority_file(tmp_path)


def end(protocol: Protocol = Protocol.CALDAV) -> Endpoint:
    """The service at its usual place."""
    return Endpoint(protocol, HOST, 443, Security.TLS, PATHS[protocol])


async def looked(
    connector: Routed, at: Endpoint, *, thorough: bool = False, timeouts: Timeouts = QUICK
) -> ProbeResult:
    """What the service shows."""
    prober = Prober(connector, timeouts, thorough=thorough)
    try:
        return await prober.probe(at)
    finally:
        await prober.aclose()


@pytest.mark.parametrize("protocol", list(PATHS))
async def test_a_service_that_wants_a_login_is_confirmed(protocol: Protocol, ca_file: Path) -> None:
    """With its certificate, the steps it took, and what is needed to sign in."""
    async with web_server({PATHS[protocol]: LOGIN}, server_context(HOST)) as server:
        connector = Routed({(HOST, 443): server.port}, ca_file)
        found = await looked(connector, end(protocol))
    seen = found.observation
    assert (found.live, seen.error, seen.reached) == (Live.CONFIRMED, None, Reached.DONE)
    assert seen.mechanisms == ("Basic",)
    assert {"connect", "tls", "greeting", "done"} <= set(seen.seconds)
    assert seen.tls is not None
    assert seen.tls.chain_ok
    assert seen.tls.name_ok
    assert seen.web is not None
    assert seen.web.plain_http is PlainHttp.NOTHING
    assert found.endpoint == end(protocol)
    assert not any("authorization" in head.lower() for head in server.requests)


async def test_the_certificate_of_a_service_is_told_as_that_of_a_mail_server(
    tmp_path: Path, ca_file: Path
) -> None:
    """Each kind of trouble; the conversation behind it is held all the same."""
    for tls, problem in (
        (loopback.expired(HOST), Problem.CERT_EXPIRED),
        (loopback.self_signed(tmp_path, HOST), Problem.CERT_SELF_SIGNED),
        (loopback.untrusted(HOST), Problem.CERT_UNTRUSTED),
        (server_context("other.example"), Problem.CERT_WRONG_NAME),
        (loopback.outdated(HOST), Problem.TLS_HANDSHAKE),
    ):
        async with web_server({PATHS[Protocol.JMAP]: LOGIN}, tls) as server:
            connector = Routed({(HOST, 443): server.port}, ca_file)
            found = await looked(connector, end(Protocol.JMAP))
        seen = found.observation
        assert (found.live, seen.problem) == (Live.FAILED, problem)
        assert seen.reached is Reached.DONE
        assert seen.tls is not None
        assert seen.tls.certificate is not None


async def test_a_redirect_to_another_host_is_followed_over_verified_tls(ca_file: Path) -> None:
    """What is seen of TLS is the first server's; the end of the way is told."""
    first: dict[str, Page] = {PATHS[Protocol.CALDAV]: redirect(f"https://{OTHER}/dav/")}
    async with (
        web_server(first, server_context(HOST)) as one,
        web_server({"/dav/": LOGIN}, server_context(OTHER)) as other,
    ):
        ports = {(HOST, 443): one.port, (OTHER, 443): other.port}
        found = await looked(Routed(ports, ca_file), end())
    seen = found.observation
    assert (found.live, seen.error) == (Live.CONFIRMED, None)
    assert seen.web is not None
    assert seen.web.hops[-1] == f"https://{OTHER}/dav/"
    assert seen.tls is not None
    assert seen.tls.certificate is not None
    assert seen.tls.certificate.names == (HOST,)


@pytest.mark.parametrize("trouble", ["closed", "expired", "wrong-name", "silent"])
async def test_a_redirect_to_where_nothing_works_is_broken(trouble: str, ca_file: Path) -> None:
    """And the sentence says why, and where."""
    first: dict[str, Page] = {PATHS[Protocol.CALDAV]: redirect(f"https://{OTHER}/dav/")}
    context = loopback.expired(OTHER) if trouble == "expired" else server_context("x.example")
    quick = Timeouts(connect=1, step=0.5, total=4)
    async with (
        web_server(first, server_context(HOST)) as one,
        web_server({"/dav/": LOGIN}, context) as other,
        listening(loopback.silent) as nobody,
    ):
        ports = {(HOST, 443): one.port}
        if trouble != "closed":
            ports[OTHER, 443] = nobody if trouble == "silent" else other.port
        connector = Routed(ports, ca_file, quick)
        found = await looked(connector, end(), timeouts=quick)
    seen = found.observation
    assert (found.live, seen.problem) == (Live.FAILED, Problem.REDIRECT_BROKEN)
    assert f"{HOST}:443 leads on to https://{OTHER}/dav/" in str(seen.error)


async def test_a_bad_certificate_keeps_from_nothing_on_the_same_server(ca_file: Path) -> None:
    """A second look goes on there without verifying, only to look."""
    pages: dict[str, Page] = {PATHS[Protocol.CALDAV]: redirect("/dav/"), "/dav/": LOGIN}
    async with web_server(pages, loopback.expired(HOST)) as one:
        found = await looked(Routed({(HOST, 443): one.port}, ca_file), end())
    seen = found.observation
    assert (seen.problem, seen.reached) == (Problem.CERT_EXPIRED, Reached.DONE)
    assert seen.mechanisms == ("Basic",)


async def test_a_server_that_is_not_who_it_should_be_leads_nobody_on(ca_file: Path) -> None:
    """Its redirect is as good as its certificate."""
    first: dict[str, Page] = {PATHS[Protocol.CALDAV]: redirect(f"https://{OTHER}/dav/")}
    async with web_server(first, loopback.untrusted(HOST)) as one:
        connector = Routed({(HOST, 443): one.port, (OTHER, 443): one.port}, ca_file)
        found = await looked(connector, end())
    assert found.observation.problem is Problem.CERT_UNTRUSTED
    assert (OTHER, 443) not in connector.asked


@pytest.mark.parametrize(
    ("answer", "means"),
    [
        (redirect(f"https://{HOST}/dav/"), PlainHttp.REDIRECTS),
        (redirect(f"http://{HOST}/dav/"), PlainHttp.ELSEWHERE),
        (redirect("/dav/"), PlainHttp.ELSEWHERE),
        (LOGIN, PlainHttp.WANTS_PASSWORD),
        (page(b"", "401 Unauthorized", WWW_Authenticate="Digest realm=x"), PlainHttp.ANSWERS),
        (CLASSES, PlainHttp.ANSWERS),
        (HOME, PlainHttp.NOTHING),
        (page(b"", "404 Not Found"), PlainHttp.NOTHING),
        (b"\0garbage\r\n", PlainHttp.NOTHING),
    ],
)
async def test_what_port_80_does_is_told(answer: bytes, means: PlainHttp, ca_file: Path) -> None:
    """It should lead to HTTPS, or not be there at all; nothing it says is followed."""
    path = PATHS[Protocol.CALDAV]
    async with (
        web_server({path: LOGIN}, server_context(HOST)) as https,
        web_server({path: answer}) as http,
    ):
        ports = {(HOST, 443): https.port, (HOST, 80): http.port}
        found = await looked(Routed(ports, ca_file), end())
    assert found.observation.web is not None
    assert found.observation.web.plain_http is means
    assert found.live is Live.CONFIRMED
    assert [head.split(" ")[1] for head in http.requests] == [path]
    assert f"\r\nHost: {HOST}\r\n" in http.requests[0]


async def test_a_thorough_look_asks_for_every_version_of_tls(ca_file: Path) -> None:
    """As with mail servers."""
    async with web_server({PATHS[Protocol.JMAP]: LOGIN}, server_context(HOST)) as server:
        connector = Routed({(HOST, 443): server.port}, ca_file)
        found = await looked(connector, end(Protocol.JMAP), thorough=True)
    tls = found.observation.tls
    assert tls is not None
    assert tls.versions["TLSv1.3"] == "accepted"
    assert tls.versions["TLSv1"] == "refused"
    assert tls.details is not None
    assert tls.details.sent == 1


async def endless_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One header after the other, and never a body."""
    writer.write(b"HTTP/1.1 401 Unauthorized\r\n")
    while not reader.at_eof():
        writer.write(b"X-Header: x\r\n" * 1000)
        await writer.drain()


@pytest.mark.parametrize(
    ("handler", "problem"),
    [
        (loopback.silent, Problem.TIMEOUT),
        (loopback.leaving, Problem.CLOSED),
        (loopback.endless, Problem.NOT_THIS_PROTOCOL),
        (endless_head, Problem.LIMIT),
        (loopback.saying(b"\x1b]0;owned\x07\r\n\r\n"), Problem.NOT_THIS_PROTOCOL),
        (loopback.saying(b"220 mail ESMTP\r\n"), Problem.NOT_THIS_PROTOCOL),
    ],
)
async def test_a_bad_server_is_told_apart(
    handler: loopback.Handler, problem: Problem, ca_file: Path
) -> None:
    """Silent, gone, endless, garbled, or for mail: each has its kind and a sentence."""
    quick = Timeouts(connect=1, step=0.5, total=3)
    async with listening(handler, server_context(HOST)) as port:
        connector = Routed({(HOST, 443): port}, ca_file, quick)
        found = await looked(connector, end(Protocol.JMAP), timeouts=quick)
    assert (found.live, found.observation.problem) == (Live.FAILED, problem)
    assert str(found.observation.error).startswith(f"{HOST}:443")


async def test_a_closed_port_is_told() -> None:
    """Nobody is asked about plain HTTP there."""
    connector = Routed({})
    found = await looked(connector, end())
    assert found.observation.problem is Problem.REFUSED
    assert connector.asked == [(HOST, 443)]
