"""A thorough look over wires that carry anything ends in a result, within its limits."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.formats.tls import VERSIONS, Alert, Hello, Stranger, server_answer
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.observation import ProbeResult, TlsObservation
from advisor.model.text import printable
from advisor.net._tls import Contexts
from advisor.net._wire import Wire
from advisor.net.stream import TcpStream, Timeouts
from advisor.probing.prober import Prober
from tests.badservers import imap, managesieve, pop3, smtp
from tests.fakes.stream import tls
from tests.probing.test_live import HOST, Canned

CONTEXTS = Contexts()
WORDS = {"accepted", "refused", "unknown"}
# What a thorough look may open: two looks, each version, an injection, and a dozen to spare.
CONNECTIONS = 2 + len(VERSIONS) + 1 + 12

HELLO = bytes.fromhex("160303002a0200002603030000000000000000000000000000000000000000") + bytes(23)
LIKELY = (
    *(
        b"\x16\x03",
        b"\x15\x03\x03\x00\x02\x02\x28",
        b"\x16\x03\x03\x40\x00",
        b"\x17\x03\x03\x00\x05",
    ),
    *(HELLO, HELLO[:11], HELLO.replace(b"\x26", b"\xff"), b"\x16\x03\x03\x00\x00" * 9, b"x" * 9000),
    *(b"in OK\r\n", b"250 ok\r\n", b".\r\n", b'OK (TAG "in")\r\n', b"\0\xff\r\n", b"\n"),
)
anything = st.lists(st.binary(max_size=200) | st.sampled_from(LIKELY), max_size=8)
OPENINGS = {
    Protocol.IMAP: b"* OK [CAPABILITY STARTTLS] hi\r\na2 OK\r\na3 OK\r\n",
    Protocol.POP3: b"+OK hi\r\n+OK\r\nSTLS\r\n.\r\n+OK\r\n+OK\r\n.\r\n",
    Protocol.SMTP: b"220 hi\r\n250-a\r\n250 STARTTLS\r\n220 go\r\n250 a\r\n",
    Protocol.MANAGESIEVE: b'"STARTTLS"\r\nOK\r\nOK\r\n"SASL" ""\r\nOK\r\n',
}


class Agreeing(TcpStream):
    """TLS is always made, and changes nothing: whatever comes is taken as said inside it."""

    async def start_tls(self, *, verify: bool, **_: Any) -> TlsObservation:
        """As good as it gets."""
        return tls(HOST)


class Hostile:
    """The first connection gets *opening*, as far as it is listened to; all get *pieces*."""

    def __init__(self, opening: bytes, pieces: list[bytes]) -> None:
        self._opening, self._pieces = opening, pieces
        self.opened = 0

    async def connect(self, host: str, port: int) -> TcpStream:
        """A server that says it all at once, and hangs up."""
        self.opened += 1
        wire = Wire()
        wire.connection_made(Canned())
        for piece in (self._opening, *self._pieces):
            wire.data_received(piece)
        wire.eof_received()
        return Agreeing(wire, host, port, Timeouts(1, 1, 5), CONTEXTS)


@settings(deadline=None, max_examples=200)
@given(
    pieces=anything,
    protocol=st.sampled_from(list(OPENINGS)),
    security=st.sampled_from([Security.TLS, Security.STARTTLS]),
    opens=st.booleans(),
)
def test_any_bytes_end_in_a_thorough_result(
    pieces: list[bytes], protocol: Protocol, security: Security, *, opens: bool
) -> None:
    """Versions, injections and all: nothing is raised, and each answer is a known one."""
    server = Hostile(OPENINGS[protocol] if opens else b"", pieces)

    async def run() -> ProbeResult:
        prober = Prober(server, Timeouts(1, 1, 5), thorough=True)
        return await prober.probe(Endpoint(protocol, HOST, 143, security))

    seen = asyncio.run(run()).observation
    assert seen.obeys_injected in (True, False, None)
    assert seen.tls is None or set(seen.tls.versions.values()) <= WORDS
    assert printable(seen.error or "") == (seen.error or "")
    assert server.opened <= CONNECTIONS


@settings(max_examples=500)
@given(pieces=anything)
def test_any_bytes_are_some_answer_to_a_hello(pieces: list[bytes]) -> None:
    """Or too few to tell; what was told once stays, whatever follows."""
    data, told = b"", None
    for piece in pieces:
        data += piece
        answer = server_answer(data)
        assert answer is None or isinstance(answer, Hello | Alert | Stranger)
        assert told is None or answer == told
        told = answer


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_a_good_conversation_cut_or_changed_anywhere_ends_in_a_result(data: st.DataObject) -> None:
    """One byte more, less or other than a good server says."""
    server = data.draw(st.sampled_from([imap.GOOD, pop3.GOOD, smtp.GOOD, managesieve.GOOD]))
    said = OPENINGS[server.protocol]
    at = data.draw(st.integers(0, len(said)))
    byte = data.draw(st.binary(max_size=2))
    skipped = data.draw(st.integers(0, 3))
    changed = Hostile(said[:at] + byte + said[at + skipped :], [])

    async def run() -> ProbeResult:
        prober = Prober(changed, Timeouts(1, 1, 5), thorough=True)
        return await prober.probe(Endpoint(server.protocol, HOST, 143, Security.STARTTLS))

    seen = asyncio.run(run()).observation
    assert printable(seen.error or "") == (seen.error or "")
    assert all(printable(one) == one for one in seen.capabilities_after)
