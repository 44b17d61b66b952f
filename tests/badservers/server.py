"""One small server on real TCP that behaves as its script says, and remembers what it was sent."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.badservers.script import (
    CONNECT,
    GREETING,
    INSIDE,
    SECURED,
    Close,
    Drip,
    Flood,
    Pause,
    Raw,
    Script,
    Server,
    Silence,
    Step,
    Tls,
)
from tests.fakes.loopback import listening

DRIP = 0.02
_HELLO = b"\x16\x03"

Certificates = Callable[[str], ssl.SSLContext]


@dataclass
class Record:
    """What a server was sent: *lines* in the clear, *inside* TLS, and what was neither; how many
    connections there were, and at most at a time.
    """

    lines: list[bytes] = field(default_factory=list)
    inside: list[bytes] = field(default_factory=list)
    strange: list[bytes] = field(default_factory=list)
    connections: int = 0
    open_now: int = 0
    most_open: int = 0


class OverError(Exception):
    """This connection has come to its end."""


class Conversation:
    """One connection to *server*."""

    def __init__(
        self,
        server: Server,
        certificates: Certificates,
        record: Record,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._server, self._certificates, self._record = server, certificates, record
        self._reader, self._writer = reader, writer
        self._received = b""
        self._tls: ssl.SSLObject | None = None
        self._tag = b""

    async def hold(self) -> None:
        """Do what the script says, to the end of the connection."""
        try:
            await self._at(CONNECT)
            await self._at(GREETING)
            while True:
                await self._obey(await self._line())
        except (OverError, ssl.SSLError, OSError):
            return

    async def _obey(self, line: bytes) -> None:
        (self._record.inside if self._tls else self._record.lines).append(line)
        words = line.split()
        if self._server.protocol == "imap":
            self._tag, words = (words or [b""])[0], words[1:]
        word = (words or [b""])[0].upper().decode("latin-1")
        inside = f"{INSIDE}{word}"
        answers = self._server.answers
        await self._at(inside if self._tls and inside in answers else word)

    async def _at(self, moment: str) -> None:
        script: Script = self._server.answers.get(moment, ())
        for step in script if isinstance(script, tuple) else (script,):
            await self._do(step)

    async def _do(self, step: Step) -> None:
        match step:
            case bytes():
                await self._say(step.replace(b"%b", self._tag))
            case Tls(kind, keeps):
                await self._secure(kind, keeps=keeps)
            case Raw(data):
                await self._write(data)
            case Drip(data):
                while True:
                    for byte in data:
                        await self._say(bytes([byte]))
                        await asyncio.sleep(DRIP)
            case Flood(data):
                while True:
                    await self._say(data)
            case Pause():
                self._received += await self._more()
            case Silence():
                while True:
                    await self._more()
            case Close(reset, notify):
                self._close(reset=reset, notify=notify)

    def _close(self, *, reset: bool, notify: bool) -> None:
        if notify and self._tls is not None:
            try:
                self._tls.unwrap()
            except ssl.SSLError:
                self._writer.write(self._out.read())
        if reset:
            sock = self._writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._writer.transport.abort()
        self._writer.close()
        raise OverError

    async def _say(self, data: bytes) -> None:
        if self._tls is None:
            await self._write(data)
        elif data:
            self._tls.write(data)
            await self._write(self._out.read())

    async def _write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def _more(self) -> bytes:
        """Some bytes of the conversation."""
        while True:
            if self._tls is not None:
                try:
                    if data := self._tls.read(0x4000):
                        return data
                except ssl.SSLWantReadError:
                    pass
                await self._write(self._out.read())
            data = await self._reader.read(0x4000)
            if not data:
                raise OverError
            if self._tls is None:
                return data
            self._in.write(data)

    async def _line(self) -> bytes:
        while b"\n" not in self._received or self._received.startswith(_HELLO):
            if self._received.startswith(_HELLO):
                raise OverError
            try:
                self._received += await self._more()
            except OverError:
                if self._received:
                    self._record.strange.append(self._received)
                raise
        line, _, self._received = self._received.partition(b"\n")
        return line.removesuffix(b"\r")

    async def _secure(self, kind: str, *, keeps: bool) -> None:
        early, self._received = self._received, b""
        kept = b""
        if not early.startswith(_HELLO):
            kept, early = early, b""
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = self._certificates(kind).wrap_bio(self._in, self._out, server_side=True)
        self._in.write(early)
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._write(self._out.read())
                data = await self._reader.read(0x4000)
                if not data:
                    raise OverError from None
                self._in.write(data)
            except ssl.SSLError:
                await self._write(self._out.read())
                raise
            else:
                break
        await self._write(self._out.read())
        self._tls = tls
        self._received = kept if keeps else b""
        await self._at(SECURED)


@asynccontextmanager
async def running(server: Server, certificates: Certificates) -> AsyncIterator[tuple[int, Record]]:
    """*server* on a port of 127.0.0.1, with the record of what it is sent."""
    record = Record()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 0x8000)
        record.connections += 1
        record.open_now += 1
        record.most_open = max(record.most_open, record.open_now)
        try:
            await Conversation(server, certificates, record, reader, writer).hold()
        finally:
            record.open_now -= 1

    async with listening(handle) as port:
        yield port, record
