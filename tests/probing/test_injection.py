"""Commands behind STARTTLS: servers that keep them, and servers that do not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.observation import ProbeResult
from advisor.net.stream import TcpConnector, Timeouts
from advisor.probing.prober import Prober, dialogues
from tests.fakes.loopback import authority_file, listening, server_context
from tests.fakes.stream import FixedAddresses

HOST = "mail.example.org"
PATIENCE = Timeouts(2, 2, 10)
SIEVE = b'"IMPLEMENTATION" "x"\r\n"SASL" "PLAIN"\r\n"STARTTLS"\r\nOK "hi"\r\n'

# What a small server says to each command; "%b" stands for the tag, the empty word greets.
ANSWERS: Mapping[Protocol, Mapping[bytes, bytes]] = {
    Protocol.IMAP: {
        b"": b"* OK hi\r\n",
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n%b OK\r\n",
        b"STARTTLS": b"%b OK\r\n",
        b"NOOP": b"%b OK\r\n",
        b"LOGOUT": b"* BYE\r\n%b OK\r\n",
    },
    Protocol.SMTP: {
        b"": b"220 hi\r\n",
        b"EHLO": b"250-hi\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n",
        b"STARTTLS": b"220 go\r\n",
        b"NOOP": b"250 ok\r\n",
        b"QUIT": b"221 bye\r\n",
    },
    Protocol.POP3: {
        b"": b"+OK hi\r\n",
        b"CAPA": b"+OK\r\nSTLS\r\nSASL PLAIN\r\n.\r\n",
        b"STLS": b"+OK go\r\n",
        b"QUIT": b"+OK bye\r\n",
    },
    Protocol.MANAGESIEVE: {
        b"": SIEVE,
        b"STARTTLS": b"OK\r\n",
        b"NOOP": b'OK (TAG "in") "done"\r\n',
        b"LOGOUT": b"OK\r\n",
    },
}
HARMLESS = {b"CAPABILITY", b"CAPA", b"EHLO", b"NOOP", b"STARTTLS", b"STLS", b"LOGOUT", b"QUIT"}


class Server:
    """Speaks one protocol; *forgets* what came in clear text as soon as TLS is agreed on.

    *heard* keeps the word of every command.
    """

    def __init__(self, protocol: Protocol, *, forgets: bool) -> None:
        self._protocol, self._forgets = protocol, forgets
        self._tls = server_context(HOST)
        self.heard: set[bytes] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        writer.write(ANSWERS[self._protocol][b""])
        # The hello for another version of TLS is no line.
        while (line := await reader.readline()).isascii() and line.endswith(b"\r\n"):
            tag, _, rest = line.strip().partition(b" ")
            word = (rest if self._protocol is Protocol.IMAP else tag).upper()
            self.heard.add(word)
            answer = ANSWERS[self._protocol].get(word, b"")
            writer.write(answer.replace(b"%b", tag))
            await writer.drain()
            if word in (b"STARTTLS", b"STLS"):
                await self._upgrade(reader, writer)

    async def _upgrade(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind = reader._buffer  # type: ignore[attr-defined]
        kept = bytes(behind)
        behind.clear()
        await writer.start_tls(self._tls)
        if self._protocol is Protocol.MANAGESIEVE:
            writer.write(SIEVE)
        if kept and not self._forgets:
            reader.feed_data(kept)


async def probed(server: Server, protocol: Protocol, folder: Path) -> ProbeResult:
    """A thorough look at *server*."""
    async with listening(server.serve) as port:
        connector = TcpConnector(FixedAddresses(), PATIENCE, ca_file=authority_file(folder))
        prober = Prober(connector, PATIENCE, thorough=True)
        return await prober.probe(Endpoint(protocol, HOST, port, Security.STARTTLS))


@pytest.mark.parametrize("protocol", ANSWERS)
@pytest.mark.parametrize("forgets", [True, False])
async def test_a_server_that_obeys_is_told_from_one_that_forgets(
    protocol: Protocol, tmp_path: Path, *, forgets: bool
) -> None:
    """In every protocol that has STARTTLS, and nothing but harmless commands is sent."""
    server = Server(protocol, forgets=forgets)
    found = await probed(server, protocol, tmp_path)
    assert found.observation.tls is not None, found.observation.error
    assert found.observation.obeys_injected is not forgets
    assert server.heard <= HARMLESS


def test_every_dialogue_says_how_it_is_tried() -> None:
    """What is slipped in is one line, behind the command that asks for TLS."""
    for dialogue in dialogues().values():
        assert dialogue.injection.command.count(b"\r\n") == 1
        assert dialogue.injection.upgrade.endswith(b"\r\n")
