"""A server that begins TLS anew in the middle, which only OpenSSL's own test server does for us."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.observation import Live
from advisor.net.stream import TcpConnector, Timeouts
from advisor.probing.prober import Prober
from tests.badservers.certificates import HOST
from tests.fakes.loopback import authority, authority_file
from tests.fakes.stream import FixedAddresses

PATIENCE = Timeouts(connect=5, step=5, total=10)


@asynccontextmanager
async def openssl(folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`openssl s_server` with TLS 1.2, the last version that can begin anew (RFC 5246 §7.4.1.1)."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed")
    leaf = authority().issue_cert(HOST)
    leaf.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    process = await asyncio.create_subprocess_exec(
        *(program, "s_server", "-accept", "127.0.0.1:0", "-tls1_2", "-crlf"),
        *("-cert", str(folder / "server.pem")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        await process.communicate()


async def heard(process: asyncio.subprocess.Process, word: bytes) -> bytes:
    """The next line of its output that has *word* in it."""
    assert process.stdout is not None
    while word not in (line := await process.stdout.readline()):
        assert line, f"openssl ended before it said {word!r}"
    return line


async def test_a_server_may_renegotiate_in_the_middle(tmp_path: Path) -> None:
    """The conversation goes on over the new keys, and nothing is lost."""
    async with asyncio.timeout(20), openssl(tmp_path) as process:
        assert process.stdin is not None
        port = int((await heard(process, b"ACCEPT")).rpartition(b":")[2])
        connector = TcpConnector(FixedAddresses(), PATIENCE, ca_file=authority_file(tmp_path))
        endpoint = Endpoint(Protocol.IMAP, HOST, port, Security.TLS)
        looking = asyncio.create_task(Prober(connector, PATIENCE).probe(endpoint))
        process.stdin.write(b"* OK hi\n")
        await heard(process, b"a1 CAPABILITY")
        process.stdin.write(b"r\n")
        await heard(process, b"SSL_do_handshake")
        process.stdin.write(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\na1 OK\n")
        found = await looking
    assert (found.live, found.observation.error) == (Live.CONFIRMED, None)
    assert found.observation.mechanisms_after == ("PLAIN",)
