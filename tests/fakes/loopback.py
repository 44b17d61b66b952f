"""Real TCP and TLS on the loopback, with certificates that trustme makes."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.converse import TLS, Transcript

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

NOW = datetime.now(UTC).replace(tzinfo=None)
DAY = timedelta(days=1)


@cache
def authority() -> trustme.CA:
    """The authority that the tests trust."""
    return trustme.CA()


def authority_file(folder: Path) -> Path:
    """Its certificate as a PEM file in *folder*."""
    path = folder / "authority.pem"
    authority().cert_pem.write_to_path(str(path))
    return path


def server_context(
    *names: str,
    issuer: trustme.CA | None = None,
    begins: datetime = NOW - DAY,
    ends: datetime = NOW + 30 * DAY,
) -> ssl.SSLContext:
    """A server's context with a certificate for *names*."""
    leaf = (issuer or authority()).issue_cert(*names, not_before=begins, not_after=ends)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    return context


def expired(*names: str) -> ssl.SSLContext:
    """A server whose certificate ran out on 2 January 2026."""
    return server_context(*names, begins=datetime(2025, 1, 1), ends=datetime(2026, 1, 2))  # noqa: DTZ001


def not_yet_valid(*names: str) -> ssl.SSLContext:
    """A server whose certificate begins tomorrow."""
    return server_context(*names, begins=NOW + DAY)


def untrusted(*names: str) -> ssl.SSLContext:
    """A server with a certificate of an authority that nobody knows."""
    return server_context(*names, issuer=trustme.CA())


def outdated(*names: str) -> ssl.SSLContext:
    """A server that speaks TLS 1.0 and nothing newer."""
    context = server_context(*names)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def self_signed(folder: Path, name: str) -> ssl.SSLContext:
    """A server that signed its own certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(own)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "self-signed.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@asynccontextmanager
async def listening(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on 127.0.0.1 that does *handler* with each connection; gives its port."""
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            with suppress(OSError, asyncio.CancelledError, asyncio.IncompleteReadError):
                await handler(reader, writer)
        finally:
            tasks.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def speaking(transcript: Transcript, tls: ssl.SSLContext | None = None) -> Handler:
    """The server's side of *transcript*; *tls* is for where TLS begins in it."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for who, data in transcript.lines:
            if who == "S":
                writer.write(data)
            elif who == TLS:
                assert tls is not None
                await writer.drain()
                await writer.start_tls(tls)
            else:
                await reader.readline()
        await writer.drain()
        await reader.read()

    return handle


def saying(data: bytes) -> Handler:
    """Say *data* and wait for the other side to leave."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        while await reader.read(4096):
            pass

    return handle


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Read, and never say anything."""
    while await reader.read(4096):
        pass


async def leaving(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close at once."""
    writer.close()


async def resetting(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Break the connection off with a reset."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send one line that never ends."""
    while not reader.at_eof():
        writer.write(b"x" * 16384)
        await writer.drain()


def closed_port() -> int:
    """A port on 127.0.0.1 where nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
