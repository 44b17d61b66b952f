"""The fetcher against small real web servers on loopback."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme

from advisor._version import __version__
from advisor.errors import FetchFailed
from advisor.model.evidence import Problem
from advisor.net._seams import Fetched, Redirect
from advisor.net.http import HttpFetcher
from tests.fakes.dns import FakeResolver
from tests.fakes.webserver import Page, page, redirect, web_server

HOST = "autoconfig.example.org"
ZONE = {(HOST, "A"): ("127.0.0.1",), ("other.example.net", "A"): ("127.0.0.1",)}
AUTHORITY = trustme.CA()


def client() -> ssl.SSLContext:
    """A client that trusts our authority alone."""
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


def server(*names: str, authority: trustme.CA = AUTHORITY, **options: Any) -> ssl.SSLContext:
    """A server with a certificate for *names*."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, **options).configure_cert(context)
    return context


def fetcher(timeout: float = 5.0) -> HttpFetcher:
    """A fetcher for the names of *ZONE*."""
    return HttpFetcher(FakeResolver(dict(ZONE)), timeout=timeout, ssl_context_factory=client)


async def problem_of(answer: Page, *, deadline: float = 5.0) -> Problem:
    """The problem with which fetching such an answer over plain HTTP ends."""
    async with web_server({"/x": answer}) as web:
        with pytest.raises(FetchFailed) as caught:
            await fetcher(deadline).get(f"http://{HOST}:{web.port}/x")
    assert caught.value.problem is not None
    return caught.value.problem


async def endless(writer: asyncio.StreamWriter, piece: bytes) -> None:
    """Sends *piece* until the other side hangs up."""
    while True:
        writer.write(piece)
        await writer.drain()


async def test_a_document_comes_with_its_type() -> None:
    """Body, type and the address asked."""
    async with web_server({"/x?a=1": page(b"<x/>", Content_Type="text/xml")}) as web:
        url = f"http://{HOST}:{web.port}/x?a=1"
        found = await fetcher().get(url)
    assert (found.body, found.content_type, found.url, found.hops) == (
        b"<x/>",
        "text/xml",
        url,
        (url,),
    )
    assert not found.secure


async def test_the_request_says_little() -> None:
    """GET, one document per connection, uncompressed, and who asks."""
    async with web_server({"/x": page()}) as web:
        await fetcher().get(f"http://{HOST}:{web.port}/x#fragment")
    head = web.requests[0].lower()
    assert head.startswith("get /x http/1.1\r\n")
    for line in (
        f"host: {HOST}:{web.port}",
        "connection: close",
        "accept-encoding: identity",
        f"user-agent: mail-advisor/{__version__}",
    ):
        assert f"\r\n{line}\r\n" in head


async def test_a_valid_certificate_makes_it_secure() -> None:
    """HTTPS all the way."""
    async with web_server({"/x": page()}, server(HOST)) as web:
        assert (await fetcher().get(f"https://{HOST}:{web.port}/x")).secure


def expired() -> ssl.SSLContext:
    """A server whose certificate ended yesterday."""
    return server(HOST, not_after=datetime.now(UTC) - timedelta(days=1))


def not_yet_valid() -> ssl.SSLContext:
    """A server whose certificate begins tomorrow."""
    now = datetime.now(UTC)
    return server(HOST, not_before=now + timedelta(days=1), not_after=now + timedelta(days=9))


def self_signed() -> ssl.SSLContext:
    """A server with a certificate that vouches for itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=9))
    made = builder.add_extension(
        x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False
    ).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    pem = trustme.Blob(private + made.public_bytes(serialization.Encoding.PEM))
    with pem.tempfile() as path:
        context.load_cert_chain(path)
    return context


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (expired, Problem.CERT_EXPIRED),
        (not_yet_valid, Problem.CERT_NOT_YET_VALID),
        (self_signed, Problem.CERT_SELF_SIGNED),
        (lambda: server(HOST, authority=trustme.CA()), Problem.CERT_UNTRUSTED),
        (lambda: server("www.example.org"), Problem.CERT_WRONG_NAME),
    ],
    ids=["expired", "too early", "self-signed", "unknown authority", "other name"],
)
async def test_bad_certificates_are_told_apart(
    make: Callable[[], ssl.SSLContext], problem: Problem
) -> None:
    """The domain's owner must mend each of them differently."""
    async with web_server({"/x": page()}, make()) as web:
        with pytest.raises(FetchFailed) as caught:
            await fetcher().get(f"https://{HOST}:{web.port}/x")
    assert caught.value.problem is problem
    assert HOST in str(caught.value)


async def test_https_at_a_port_without_tls_is_a_failed_handshake() -> None:
    """Something answers there, and not with TLS."""

    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org ESMTP\r\n")
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(greet, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with listening:
        with pytest.raises(FetchFailed) as caught:
            await fetcher().get(f"https://{HOST}:{port}/x")
    assert caught.value.problem is Problem.TLS_HANDSHAKE


async def test_a_redirect_does_not_get_around_the_address_policy() -> None:
    """Every hop goes through the resolver."""
    zone = {**ZONE, ("inside.example.net", "A"): Problem.PRIVATE_ADDRESS}
    async with web_server({"/x": redirect("http://inside.example.net/")}) as web:
        with pytest.raises(FetchFailed) as caught:
            await HttpFetcher(FakeResolver(zone)).get(f"http://{HOST}:{web.port}/x")
    assert caught.value.problem is Problem.PRIVATE_ADDRESS


@pytest.fixture
async def both() -> AsyncIterator[tuple[Any, Any]]:
    """A plain and a secure server side by side."""
    async with web_server({}) as plain, web_server({}, server(HOST)) as secure:
        yield plain, secure


async def test_a_redirect_to_https_is_followed_and_stays_insecure(both: tuple[Any, Any]) -> None:
    """Whoever could change the first answer could have sent us anywhere."""
    plain, secure = both
    plain.pages["/x"] = redirect(f"https://{HOST}:{secure.port}/y")
    secure.pages["/y"] = page(b"<y/>")
    found = await fetcher().get(f"http://{HOST}:{plain.port}/x")
    assert found.body == b"<y/>"
    assert not found.secure
    assert found.hops == (f"http://{HOST}:{plain.port}/x", f"https://{HOST}:{secure.port}/y")


async def test_a_redirect_from_https_to_http_is_not_followed(both: tuple[Any, Any]) -> None:
    """The target is told, and never asked."""
    plain, secure = both
    target = f"http://{HOST}:{plain.port}/y"
    secure.pages["/x"] = redirect(target)
    with pytest.raises(FetchFailed, match=target) as caught:
        await fetcher().get(f"https://{HOST}:{secure.port}/x")
    assert caught.value.problem is Problem.INSECURE_REDIRECT
    assert plain.requests == []


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temp", "308 Perm"])
async def test_each_kind_of_redirect_is_followed(status: str) -> None:
    """A relative location too."""
    async with web_server({"/a/x": redirect("../y", status), "/y": page(b"<y/>")}) as web:
        assert (await fetcher().get(f"http://{HOST}:{web.port}/a/x")).body == b"<y/>"


async def test_a_circle_of_redirects_ends() -> None:
    """An address that was asked already is not asked again."""
    async with web_server({"/x": redirect("/y"), "/y": redirect("/x#again")}) as web:
        with pytest.raises(FetchFailed) as caught:
            await fetcher().get(f"http://{HOST}:{web.port}/x")
    assert caught.value.problem is Problem.REDIRECT_LOOP
    assert len(web.requests) == 2


async def test_five_redirects_are_followed_and_no_sixth() -> None:
    """The limit is exact."""
    pages: dict[str, Page] = {f"/{n}": redirect(f"/{n + 1}") for n in range(6)}
    async with web_server({**pages, "/6": page()}) as web:
        assert (await fetcher().get(f"http://{HOST}:{web.port}/1")).body
        with pytest.raises(FetchFailed) as caught:
            await fetcher().get(f"http://{HOST}:{web.port}/0")
    assert caught.value.problem is Problem.REDIRECT_LOOP


@pytest.mark.parametrize(
    "location",
    [
        "ftp://example.org/x",
        "https://user@example.org/",
        "https://10.0.0.1/",
        "//localhost/",
        "http://[",
        "file:///etc/passwd",
    ],
)
async def test_a_redirect_to_no_web_page_is_not_followed(location: str) -> None:
    """Only host names over HTTP, and nobody's credentials."""
    assert await problem_of(redirect(location)) is Problem.HTTP_ERROR


async def test_a_redirect_without_target_is_an_error() -> None:
    """There is nowhere to go."""
    assert await problem_of(page(b"", "302 Found")) is Problem.HTTP_ERROR


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        ("404 Not Found", Problem.NOT_FOUND),
        ("410 Gone", Problem.NOT_FOUND),
        ("401 Unauthorized", Problem.LOGIN_WANTED),
        ("403 Forbidden", Problem.LOGIN_WANTED),
        ("500 Oops", Problem.HTTP_ERROR),
        ("204 No Content", Problem.HTTP_ERROR),
    ],
)
async def test_a_missing_document_and_a_broken_server_are_told_apart(
    status: str, problem: Problem
) -> None:
    """404 and 410 mean that nothing is published; the rest is trouble."""
    assert await problem_of(page(b"", status)) is problem


async def test_the_status_stands_in_the_sentence() -> None:
    """A person can look it up."""
    async with web_server({"/x": page(b"", "503 Busy")}) as web:
        with pytest.raises(FetchFailed, match=f"{HOST} answered 503"):
            await fetcher().get(f"http://{HOST}:{web.port}/x")


async def test_an_endless_body_is_cut_off() -> None:
    """256 KiB and no more, whatever the length header says or leaves out."""

    async def body(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await endless(writer, b"x" * 4096)

    assert await problem_of(body) is Problem.TOO_LARGE


async def test_a_body_of_the_very_limit_is_taken() -> None:
    """256 KiB fit, one byte more does not."""
    limit = 256 * 1024
    async with web_server({"/x": page(b"x" * limit)}) as web:
        assert len((await fetcher().get(f"http://{HOST}:{web.port}/x")).body) == limit
    assert await problem_of(page(b"x" * (limit + 1))) is Problem.TOO_LARGE


async def test_headers_without_end_are_cut_off() -> None:
    """64 KiB of headers are enough for anybody."""

    async def headers(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        await endless(writer, b"X-Filler: " + b"x" * 500 + b"\r\n")

    assert await problem_of(headers) is Problem.TOO_LARGE


@pytest.mark.parametrize(
    "answer", [page(Content_Encoding="gzip"), page(b"\x1f\x8b\x08\x00")], ids=["said", "unsaid"]
)
async def test_a_compressed_document_is_refused(answer: bytes) -> None:
    """It was not asked for, and may unfold to any size."""
    assert await problem_of(answer) is Problem.BAD_DOCUMENT


async def test_a_slow_server_ends_at_the_deadline() -> None:
    """One deadline for all steps together."""

    async def dribble(writer: asyncio.StreamWriter) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n":
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.02)

    assert await problem_of(dribble, deadline=0.15) is Problem.TIMEOUT


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", b"", b"HTTP/1.1 200"]
)
async def test_a_connection_closed_in_the_middle_is_no_document(answer: bytes) -> None:
    """Half a document is none."""
    assert await problem_of(answer) is Problem.CLOSED


async def test_another_protocol_is_recognised() -> None:
    """A mail server at a web port."""
    assert await problem_of(b"220 mail.example.org ESMTP\r\n\r\n") is Problem.HTTP_ERROR


async def test_a_closed_port_refuses() -> None:
    """Nobody listens there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchFailed) as caught:
        await fetcher().get(f"http://{HOST}:{port}/x")
    assert caught.value.problem is Problem.REFUSED


async def test_the_next_address_is_tried() -> None:
    """A host with a dead address still has its other one."""
    resolver = FakeResolver({(HOST, "A"): ("127.0.0.2", "127.0.0.1")})
    async with web_server({"/x": page(b"<x/>")}) as web:
        found = await HttpFetcher(resolver).get(f"http://{HOST}:{web.port}/x")
    assert found.body == b"<x/>"


async def test_a_name_that_does_not_exist_keeps_its_problem() -> None:
    """What the resolver says is what the source learns."""
    with pytest.raises(FetchFailed, match="does not exist") as caught:
        await fetcher().get("https://nowhere.example.org/x")
    assert caught.value.problem is Problem.NO_DOMAIN


async def test_the_context_is_made_once_and_only_for_https() -> None:
    """It costs 20 ms and reads the system's authorities."""
    made: list[ssl.SSLContext] = []

    def factory() -> ssl.SSLContext:
        made.append(client())
        return made[-1]

    one = HttpFetcher(FakeResolver(dict(ZONE)), ssl_context_factory=factory)
    async with web_server({"/x": page()}) as plain, web_server({"/x": page()}, server(HOST)) as web:
        await one.get(f"http://{HOST}:{plain.port}/x")
        assert not made
        await one.get(f"https://{HOST}:{web.port}/x")
        await one.get(f"https://{HOST}:{web.port}/x")
    assert len(made) == 1


async def test_the_context_is_made_beside_the_event_loop() -> None:
    """Reading the authorities holds nobody up."""
    release = threading.Event()

    def factory() -> ssl.SSLContext:
        assert release.wait(5)
        return client()

    one = HttpFetcher(FakeResolver(dict(ZONE)), ssl_context_factory=factory)
    async with web_server({"/x": page()}, server(HOST)) as web:
        asking = asyncio.create_task(one.get(f"https://{HOST}:{web.port}/x"))
        await asyncio.sleep(0.02)
        assert not asking.done()
        release.set()
        assert (await asking).secure


async def test_who_leaves_before_the_context_is_made_leaves_nothing_open() -> None:
    """No socket, and the context goes to the next one."""
    release = threading.Event()
    made: list[ssl.SSLContext] = []

    def factory() -> ssl.SSLContext:
        assert release.wait(5)
        made.append(client())
        return made[-1]

    one = HttpFetcher(FakeResolver(dict(ZONE)), timeout=5, ssl_context_factory=factory)
    one.warm_up()
    async with web_server({"/x": page()}, server(HOST)) as web:
        url = f"https://{HOST}:{web.port}/x"
        asking = asyncio.create_task(one.get(url))
        await asyncio.sleep(0.02)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        release.set()
        assert (await one.get(url)).secure
    assert len(made) == 1


async def test_looking_tells_status_and_headers_at_the_end_of_the_redirects() -> None:
    """Whatever the status is; the body of a refusal is not read."""
    denied = page(b"secret", "401 Unauthorized", WWW_Authenticate="Basic", DAV="1")
    async with web_server({"/x": redirect("/y"), "/y": denied}) as web:
        at = f"http://{HOST}:{web.port}"
        found = await fetcher().look(f"{at}/x")
    assert (found.status, found.body, found.url, found.secure) == (401, b"", f"{at}/y", False)
    assert found.hops == (f"{at}/x", f"{at}/y")
    assert (found.header("www-authenticate"), found.header("dav")) == ("Basic", "1")
    assert found.header("allow") == ""


async def test_looking_takes_a_pack_of_the_size_that_was_named() -> None:
    """A .tar.gz as it is; one byte more is too large."""
    pack = b"\x1f\x8b" + b"x" * 300_000
    async with web_server({"/x": page(pack)}) as web:
        url = f"http://{HOST}:{web.port}/x"
        assert (await fetcher().look(url, limit=len(pack))).body == pack
        with pytest.raises(FetchFailed) as caught:
            await fetcher().look(url, limit=len(pack) - 1)
    assert caught.value.problem is Problem.TOO_LARGE


async def test_looking_gives_up_circles() -> None:
    """As for a document."""
    async with web_server({"/x": redirect("/x")}) as web:
        with pytest.raises(FetchFailed) as caught:
            await fetcher().look(f"http://{HOST}:{web.port}/x")
    assert caught.value.problem is Problem.REDIRECT_LOOP


async def test_a_document_is_posted_with_its_length_and_type() -> None:
    """The type in the one form that every Autodiscover server takes."""
    async with web_server({"/x": page(b"<y/>")}) as web:
        found = await fetcher().request(f"http://{HOST}:{web.port}/x", b"<x/>")
    assert isinstance(found, Fetched)
    assert found.body == b"<y/>"
    head = web.requests[0].lower()
    assert head.startswith("post /x http/1.1\r\n")
    assert "\r\ncontent-type: text/xml; charset=utf-8\r\n" in head
    assert "\r\ncontent-length: 4\r\n" in head
    assert web.bodies == [b"<x/>"]


async def test_a_single_request_follows_no_redirect() -> None:
    """Where it leads is given back, in full, and not asked."""
    async with web_server({"/x": redirect("/y"), "/y": page()}) as web:
        base = f"http://{HOST}:{web.port}"
        found = await fetcher().request(f"{base}/x", b"<x/>")
    assert found == Redirect(f"{base}/x", f"{base}/y")
    assert len(web.requests) == 1


async def test_a_single_request_tells_of_a_redirect_to_plain_http() -> None:
    """It is not even given back."""
    async with web_server({"/x": redirect(f"http://{HOST}/y")}, server(HOST)) as web:
        with pytest.raises(FetchFailed) as caught:
            await fetcher().request(f"https://{HOST}:{web.port}/x")
    assert caught.value.problem is Problem.INSECURE_REDIRECT


async def test_the_same_request_is_made_once() -> None:
    """Together and one after the other; a POST is another request than a GET."""
    async with web_server({"/x": page(b"<x/>")}) as web:
        one, url = fetcher(), f"http://{HOST}:{web.port}/x"
        await asyncio.gather(one.get(url), one.get(url), one.request(url))
        await one.get(url)
        assert len(web.requests) == 1
        await asyncio.gather(one.request(url, b"<x/>"), one.request(url, b"<x/>"))
        assert len(web.requests) == 2
        await one.request(url, b"<z/>")
    assert len(web.requests) == 3


async def test_a_failure_is_shared_too() -> None:
    """Each of those who asked learns it."""
    async with web_server({"/x": page(b"", "500 Oops")}) as web:
        one, url = fetcher(), f"http://{HOST}:{web.port}/x"
        told = await asyncio.gather(one.get(url), one.get(url), return_exceptions=True)
    assert [type(error) for error in told] == [FetchFailed, FetchFailed]
    assert len(web.requests) == 1


async def test_one_who_leaves_does_not_take_the_answer_from_the_others() -> None:
    """The last to leave ends the request."""
    held, free = asyncio.Event(), asyncio.Event()

    async def slow(writer: asyncio.StreamWriter) -> None:
        held.set()
        await free.wait()
        writer.write(page(b"<x/>"))

    async with web_server({"/x": slow}) as web:
        one, url = fetcher(), f"http://{HOST}:{web.port}/x"
        first, second = (asyncio.create_task(one.get(url)) for _ in range(2))
        await held.wait()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        free.set()
        assert (await second).body == b"<x/>"
    assert first.cancelled()
    assert len(web.requests) == 1
