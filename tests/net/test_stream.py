"""Streams over real TCP and TLS on the loopback."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.errors import (
    ConnectFailed,
    InputError,
    ProbeFailed,
    ProbeTimeout,
    RemoteProtocolError,
    TlsFailed,
)
from advisor.model.evidence import Problem
from advisor.net import _wire
from advisor.net._wire import HIGH_WATER, Wire
from advisor.net.stream import TcpConnector, TcpStream, Timeouts
from tests.fakes import loopback
from tests.fakes.loopback import listening, saying, server_context
from tests.fakes.stream import FixedAddresses

HOST = "imap.example.org"
QUICK = Timeouts(connect=0.2, step=0.1, total=0.3)
PATIENT = Timeouts()


def connector(
    timeouts: Timeouts = PATIENT, ca_file: Path | None = None, *addresses: str
) -> TcpConnector:
    known = {HOST: addresses} if addresses else None
    return TcpConnector(FixedAddresses(known), timeouts, ca_file=ca_file)


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    """A file with the authority that the test servers' certificates come from."""
    return loopback.authority_file(tmp_path)


async def failure_of_tls(tls: ssl.SSLContext, ca_file: Path) -> TlsFailed:
    async with listening(loopback.silent, tls) as port:
        stream = await connector(PATIENT, ca_file).connect(HOST, port)
        with pytest.raises(TlsFailed) as caught:
            await stream.start_tls(verify=True)
        await stream.close()
    return caught.value


async def test_lines_come_without_their_ends() -> None:
    """CRLF and a bare LF both end a line; addresses are told."""
    async with listening(saying(b"one\r\ntwo\nthree\r\n")) as port:
        stream = await connector().connect(HOST, port)
        lines = [await stream.read_line(100) for _ in range(3)]
        assert lines == [b"one", b"two", b"three"]
        assert (stream.address, stream.local_address) == ("127.0.0.1", "127.0.0.1")
        await stream.close()


async def test_tls_is_made_and_described(ca_file: Path) -> None:
    """A good certificate is described without a second parse, and the conversation goes on."""
    tls = server_context(HOST, "*.example.net", "192.0.2.1")
    async with listening(saying(b"* OK inside\r\n"), tls) as port:
        stream = await connector(PATIENT, ca_file).connect(HOST, port)
        made = await stream.start_tls(verify=True)
        assert (made.version, made.chain_ok, made.name_ok) == ("TLSv1.3", True, True)
        assert made.certificate is not None
        assert made.certificate.names == (HOST, "*.example.net", "192.0.2.1")
        assert made.certificate.not_after.endswith("Z")
        assert "trustme" in made.certificate.issuer
        assert await stream.read_line(100) == b"* OK inside"
        await stream.write(b"a LOGOUT\r\n")
        await stream.close()


async def test_both_ways_to_read_a_certificate_agree(ca_file: Path) -> None:
    """What ssl says of a verified certificate is what its DER says."""
    async with listening(loopback.silent, server_context(HOST, "2001:db8::1")) as port:
        seen = []
        for verify in (True, False):
            stream = await connector(PATIENT, ca_file).connect(HOST, port)
            seen.append((await stream.start_tls(verify=verify)).certificate)
            await stream.close()
    assert seen[0] == seen[1]


async def test_a_wrong_name_is_no_failure_of_the_handshake(ca_file: Path) -> None:
    """Chain and name are told apart."""
    async with listening(loopback.silent, server_context("other.example")) as port:
        stream = await connector(PATIENT, ca_file).connect(HOST, port)
        made = await stream.start_tls(verify=True)
        assert (made.chain_ok, made.name_ok) == (True, False)
        await stream.close()


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (loopback.expired, Problem.CERT_EXPIRED),
        (loopback.not_yet_valid, Problem.CERT_NOT_YET_VALID),
        (loopback.untrusted, Problem.CERT_UNTRUSTED),
        (loopback.outdated, Problem.TLS_HANDSHAKE),
    ],
)
async def test_tls_fails_for_a_reason(
    make: Callable[..., ssl.SSLContext], problem: Problem, ca_file: Path
) -> None:
    """What is wrong with a certificate or a version has its own kind."""
    error = await failure_of_tls(make(HOST), ca_file)
    assert error.problem is problem
    assert str(error).startswith(HOST)


async def test_a_self_signed_certificate_is_recognised(tmp_path: Path, ca_file: Path) -> None:
    """It is not merely untrusted: the advice differs."""
    error = await failure_of_tls(loopback.self_signed(tmp_path, HOST), ca_file)
    assert error.problem is Problem.CERT_SELF_SIGNED


async def test_a_lenient_look_reads_what_a_strict_one_refuses(ca_file: Path) -> None:
    """TLS 1.0 and an expired certificate can still be looked at."""
    for tls in (loopback.outdated(HOST), loopback.expired(HOST)):
        async with listening(saying(b"hi\r\n"), tls) as port:
            stream = await connector(PATIENT, ca_file).connect(HOST, port)
            made = await stream.start_tls(verify=False)
            assert (made.chain_ok, made.name_ok) == (False, True)
            assert made.version in ("TLSv1", "TLSv1.3")
            assert await stream.read_line(100) == b"hi"
            await stream.close()


@pytest.mark.parametrize("answer", [b"220 mail.example.org ESMTP\r\n", b"HTTP/1.1 400 No\r\n"])
async def test_clear_text_in_answer_to_tls_is_told_apart(answer: bytes) -> None:
    """A port that wants STARTTLS is not a port with broken TLS."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer.startswith(b"HTTP"):
            await reader.read(10)
        writer.write(answer)
        await loopback.silent(reader, writer)

    async with listening(handle) as port:
        stream = await connector().connect(HOST, port)
        with pytest.raises(TlsFailed, match=r"answers without TLS: port .* STARTTLS") as caught:
            await stream.start_tls(verify=True)
        assert caught.value.problem is Problem.NOT_TLS
        await stream.close()


async def test_bytes_behind_the_agreement_are_an_injection() -> None:
    """RFC 3207 §4: what came in clear text is not taken into TLS."""
    async with listening(saying(b"220 go\r\n250 forged\r\n")) as port:
        stream = await connector().connect(HOST, port)
        await stream.read_line(100)
        with pytest.raises(RemoteProtocolError) as caught:
            await stream.start_tls(verify=True)
        assert caught.value.problem is Problem.INJECTION
        await stream.close()


async def test_silence_ends_after_a_step() -> None:
    """The sentence says how long we waited, in the conversation and in the handshake."""
    async with listening(loopback.silent) as port:
        stream = await connector(QUICK).connect(HOST, port)
        with pytest.raises(ProbeTimeout, match=rf"^{HOST}:{port} said nothing for 0\.1 s$"):
            await stream.read_line(100)
        await stream.close()
        stream = await connector(QUICK).connect(HOST, port)
        with pytest.raises(ProbeTimeout, match="did not finish the TLS handshake within"):
            await stream.start_tls(verify=True)
        await stream.close()


@pytest.mark.parametrize(
    ("handler", "problem"),
    [
        (loopback.leaving, Problem.CLOSED),
        (loopback.resetting, Problem.CLOSED),
        (loopback.endless, Problem.LIMIT),
    ],
)
async def test_a_connection_that_yields_no_line(
    handler: loopback.Handler, problem: Problem
) -> None:
    """Hanging up, a reset and an endless line each have their kind."""
    async with listening(handler) as port:
        stream = await connector().connect(HOST, port)
        with pytest.raises(RemoteProtocolError) as caught:
            await stream.read_line(8192)
        assert caught.value.problem is problem
        await stream.close()


async def test_hanging_up_in_the_handshake_is_a_failure_of_tls() -> None:
    """Some old servers answer a ClientHello they cannot read that way."""
    async with listening(loopback.leaving) as port:
        stream = await connector().connect(HOST, port)
        with pytest.raises(TlsFailed, match="hung up during the TLS handshake"):
            await stream.start_tls(verify=True)
        await stream.close()


async def test_a_closed_port_refuses() -> None:
    """Refused is not unreachable."""
    with pytest.raises(ConnectFailed, match="refused the connection") as caught:
        await connector().connect(HOST, loopback.closed_port())
    assert caught.value.problem is Problem.REFUSED


async def test_the_next_address_is_tried() -> None:
    """A dead first address costs nothing but its failure."""
    async with listening(saying(b"hi\r\n")) as port:
        stream = await connector(PATIENT, None, "127.0.0.2", "127.0.0.1").connect(HOST, port)
        assert stream.address == "127.0.0.1"
        await stream.close()


async def test_no_address_is_no_connection() -> None:
    """The resolver's refusal becomes a failed connection of the same kind."""
    with pytest.raises(ConnectFailed) as caught:
        await TcpConnector(FixedAddresses({})).connect(HOST, 993)
    assert caught.value.problem is Problem.NO_ADDRESS
    with pytest.raises(ConnectFailed, match="has no address"):
        await TcpConnector(FixedAddresses({HOST: ()})).connect(HOST, 993)


async def test_connecting_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that swallows everything is given up."""

    async def swallow(address: str, port: int) -> Wire | OSError:
        await asyncio.sleep(60)
        raise AssertionError

    monkeypatch.setattr(_wire, "_open", swallow)
    with pytest.raises(ProbeTimeout, match=r"did not accept a connection within 0\.2 s"):
        await connector(QUICK).connect(HOST, 993)


async def test_an_unusable_ca_file_is_the_users_matter(tmp_path: Path) -> None:
    """The message names the file."""
    async with listening(loopback.silent) as port:
        stream = await connector(PATIENT, tmp_path / "none.pem").connect(HOST, port)
        with pytest.raises(InputError, match=r"none\.pem"):
            await stream.start_tls(verify=True)
        await stream.close()


class Recorder(asyncio.Transport):
    """A transport that only notes what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def pause_reading(self) -> None:
        self.asked.append("pause")

    def resume_reading(self) -> None:
        self.asked.append("resume")


def test_a_flood_is_held_back_until_it_is_read() -> None:
    """No server fills our memory: beyond 64 KiB unread, TCP makes it wait."""
    wire, transport = Wire(), Recorder()
    wire.connection_made(transport)
    wire.data_received(b"x" * HIGH_WATER)
    assert transport.asked == []
    wire.data_received(b"x")
    wire.data_received(b"x")
    assert transport.asked == ["pause"]
    assert len(wire.take()) == HIGH_WATER + 2
    assert transport.asked == ["pause", "resume"]


def test_a_stream_error_is_also_what_python_calls_it() -> None:
    """Ordinary except clauses work on ours."""
    assert issubclass(ConnectFailed, OSError)
    assert issubclass(ProbeTimeout, TimeoutError)
    assert str(ConnectFailed(Problem.REFUSED, "a sentence")) == "a sentence"
    assert issubclass(ProbeFailed, Exception)
    assert TcpStream.__doc__
