"""One crafted ClientHello on a connection of its own, and what the server says to it.

No key is ever agreed on: the server's first flight is all that is read.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from advisor.dialogues._base import Dialogue
from advisor.errors import ProbeFailed
from advisor.formats.tls import (
    SSL2,
    VERSIONS,
    Alert,
    Hello,
    Stranger,
    server_answer,
    ssl2_answer,
)
from advisor.formats.tls_flight import Flight, read_flight
from advisor.formats.tls_hello import client_hello, ssl2_hello
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.tls_names import group_name
from advisor.net._seams import Connector, Stream
from advisor.probing.arrival import arrive

Reading = Callable[[bytes], Hello | Alert | Stranger | None]

ACCEPTED, REFUSED, UNKNOWN = "accepted", "refused", "unknown"

# Bytes of an answer that are read before it is given up.
_MOST = 64 * 1024
# IANA's names for TLS ALPN; submission has none.
ALPN = {
    Protocol.IMAP: "imap",
    Protocol.POP3: "pop3",
    Protocol.MANAGESIEVE: "managesieve",
    Protocol.JMAP: "http/1.1",
    Protocol.CALDAV: "http/1.1",
    Protocol.CARDDAV: "http/1.1",
}
_STRICT_ABOUT_ALPN = "no application protocol"


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's *word* on a hello: accepted, refused or unknown (nothing that tells came).

    *hello* is what it chose where it answered with one, *flight* what followed in clear text.
    """

    word: str
    hello: Hello | None = None
    flight: Flight | None = None

    @property
    def key_exchange(self) -> str | None:
        """The group or kind of key that was agreed on, where it was said in clear text."""
        if self.flight is not None:
            return self.flight.key_exchange
        if self.hello is not None and self.hello.group is not None:
            return group_name(self.hello.group)
        return None


@dataclass(frozen=True, slots=True)
class Counter:
    """Where to try hellos: each call takes one connection to the moment at which TLS begins.

    *dialogue* is what leads there where STARTTLS does.
    """

    endpoint: Endpoint
    dialogue: Dialogue | None
    connector: Connector

    async def offer(self, version: str) -> Reply:
        """What comes of offering *version* at most; one connection, two where ALPN is in the way.

        A server that answers with an older version than it was offered has refused that one.
        """
        named = ALPN.get(self.endpoint.protocol, "") if version in ("TLSv1.2", "TLSv1.3") else ""
        reply = await self._offer(version, named)
        if named and reply.word == _STRICT_ABOUT_ALPN:
            reply = await self._offer(version, "")
        return replace(reply, word=REFUSED) if reply.word == _STRICT_ABOUT_ALPN else reply

    async def _offer(self, version: str, alpn: str) -> Reply:
        host, random = self.endpoint.host, secrets.token_bytes(64)
        reply = await self.ask(client_hello(version, host, random, alpn=alpn))
        if reply.hello is not None and reply.hello.version != version:
            return Reply(REFUSED)
        return reply

    async def offer_ssl2(self) -> Reply:
        """What comes of offering SSL 2.0 and nothing newer; one connection."""
        return await self.ask(ssl2_hello(secrets.token_bytes(16)), ssl2_answer)

    async def ask(self, hello: bytes, read: Reading = server_answer) -> Reply:
        """What the server says to *hello*; the word is an alert's name where ALPN is refused."""
        try:
            stream = await self.connector.connect(self.endpoint.host, self.endpoint.port)
            try:
                if self.endpoint.security is Security.STARTTLS and self.dialogue is not None:
                    await arrive(stream, self.dialogue)
                await stream.write(hello)
                return await _heard(stream, read)
            finally:
                await stream.close()
        except ProbeFailed:
            return Reply(UNKNOWN)


async def _heard(stream: Stream, read: Reading) -> Reply:
    data = b""
    while len(data) < _MOST:
        match read(data):
            case Hello() as hello:
                return await _followed(stream, hello, data)
            case Alert(name):
                return Reply(name if name == _STRICT_ABOUT_ALPN else REFUSED)
            case Stranger():
                return Reply(UNKNOWN)
        more = await stream.read_bytes()
        if not more:
            # Many servers hang up on a version they do not know, without an alert.
            return Reply(UNKNOWN if data else REFUSED)
        data += more
    return Reply(UNKNOWN)


async def _followed(stream: Stream, hello: Hello, data: bytes) -> Reply:
    """*hello* with the rest of its flight, as far as that comes; in TLS 1.3 it is encrypted."""
    if hello.version == SSL2 or VERSIONS[hello.version] >= VERSIONS["TLSv1.3"]:
        return Reply(ACCEPTED, hello)
    try:
        while not read_flight(data, hello.cipher).complete and len(data) < _MOST:
            more = await stream.read_bytes()
            if not more:
                break
            data += more
    except ProbeFailed:
        pass
    return Reply(ACCEPTED, hello, read_flight(data, hello.cipher))
