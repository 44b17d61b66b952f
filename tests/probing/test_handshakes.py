"""Crafted hellos against servers that are particular, stapling, or modern."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from advisor.formats.tls_hello import post_quantum_hello
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.tls_names import group_name
from advisor.net.stream import TcpConnector, Timeouts
from advisor.probing.handshakes import Counter
from advisor.probing.prober import Prober, dialogues
from tests.fakes import loopback, pki
from tests.fakes.loopback import closed_port, listening
from tests.fakes.stream import FixedAddresses

HOST = "mail.example.org"
QUICK = Timeouts(1, 1, 3)


def counter(port: int) -> Counter:
    """Where to try hellos: an IMAP server on *port*."""
    at = Endpoint(Protocol.IMAP, HOST, port, Security.TLS)
    return Counter(at, dialogues()[Protocol.IMAP], TcpConnector(FixedAddresses(), QUICK))


@pytest.fixture
def stapling(tmp_path: Path) -> Iterator[int]:
    """The port of ``openssl s_server`` with an OCSP answer to hand out."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    root = pki.issue("Test Root", authority=True)
    own = pki.issue(HOST, root)
    now = datetime.now(UTC).replace(tzinfo=None)
    answer = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=own.certificate,
            issuer=root.certificate,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus.GOOD,
            this_update=now,
            next_update=now + timedelta(days=1),
            revocation_time=None,
            revocation_reason=None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, root.certificate)
        .sign(root.key, hashes.SHA256())
    )
    (tmp_path / "own.pem").write_bytes(own.pem + own.private_pem)
    (tmp_path / "answer.der").write_bytes(answer.public_bytes(serialization.Encoding.DER))
    port = closed_port()
    command = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", "own.pem"]
    command += ["-status_file", "answer.der", "-quiet"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE) as server:
        try:
            _await(port)
            yield port
        finally:
            server.terminate()


def _await(port: int) -> None:
    for _ in range(10_000):
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail("openssl s_server did not come up")


async def test_a_stapled_answer_is_seen(stapling: int) -> None:
    """It comes between the certificate and the key, where it is asked for."""
    reply = await counter(stapling).offer("TLSv1.2")
    assert reply.flight is not None
    assert (reply.word, reply.flight.complete, reply.flight.stapled) == ("accepted", True, True)
    assert len(reply.flight.certificates) == 1


# RFC 8446 §4.1.3: the random of a HelloRetryRequest.
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


def retry(hello: bytes, group: int) -> bytes:
    """A HelloRetryRequest for *group* as an answer to *hello*."""
    session = hello[44:76]
    extensions = b"\x00\x2b\x00\x02\x03\x04" + b"\x00\x33\x00\x02" + group.to_bytes(2)
    body = b"\x03\x03" + RETRY + b"\x20" + session + b"\x13\x01\x00"
    body += len(extensions).to_bytes(2) + extensions
    message = b"\x02" + len(body).to_bytes(3) + body
    return b"\x16\x03\x03" + len(message).to_bytes(2) + message


async def test_a_server_that_asks_for_a_post_quantum_key_can_do_it() -> None:
    """It is offered nothing else and given no key, so it names the group."""

    async def modern(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello = await reader.read(4096)
        writer.write(retry(hello, 0x11EC) if b"\x11\xec" in hello else b"\x15\x03\x03\0\2\2\x28")
        await reader.read()

    async with listening(modern) as port:
        reply = await counter(port).ask(post_quantum_hello(HOST, bytes(64)))
    assert reply.hello is not None
    assert reply.hello.group is not None
    assert group_name(reply.hello.group) == "X25519MLKEM768"


async def test_a_server_that_refuses_our_alpn_is_asked_without() -> None:
    """It says nothing against the version."""
    seen: list[bool] = []

    async def strict(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello = await reader.read(4096)
        seen.append(b"\x04imap" in hello)
        alert = 120 if seen[-1] else 70
        writer.write(b"\x15\x03\x03\0\2\2" + bytes([alert]))
        await reader.read()

    async with listening(strict) as port:
        assert (await counter(port).offer("TLSv1.3")).word == "refused"
        assert seen == [True, False]
        await counter(port).offer("TLSv1")
    assert seen == [True, False, False]


async def test_a_flight_that_breaks_off_is_still_an_answer(tmp_path: Path) -> None:
    """The version is accepted; what did not come is not told."""
    context = pki.context(tmp_path, pki.issue(HOST))

    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        import ssl

        received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(received, sent, server_side=True)
        received.write(await reader.read(4096))
        with pytest.raises(ssl.SSLWantReadError):
            tls.do_handshake()
        writer.write(sent.read()[:-20])
        writer.write_eof()
        await reader.read()

    async with listening(half) as port:
        reply = await counter(port).offer("TLSv1.2")
    assert reply.word == "accepted"
    assert reply.flight is not None
    assert not reply.flight.complete


async def test_a_closer_look_that_takes_too_long_costs_nothing_that_was_seen(
    tmp_path: Path,
) -> None:
    """The first connection is served, all others hang: the result is as without."""
    root = pki.issue("Test Root", authority=True)
    (tmp_path / "root.pem").write_bytes(root.pem)
    context = pki.context(tmp_path, pki.issue(HOST, root))
    connections = 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        if connections == 1:
            await writer.start_tls(context)
            writer.write(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n")
        await reader.read()
        await loopback.silent(reader, writer)

    limits = Timeouts(connect=0.5, step=0.3, total=0.5)
    async with listening(handle) as port:
        connector = TcpConnector(FixedAddresses(), limits, ca_file=str(tmp_path / "root.pem"))
        prober = Prober(connector, limits, thorough=True)
        found = await prober.probe(Endpoint(Protocol.IMAP, HOST, port, Security.TLS))
    assert found.live == "confirmed"
    assert found.observation.tls is not None
    assert set(found.observation.tls.versions.values()) <= {"unknown"}
