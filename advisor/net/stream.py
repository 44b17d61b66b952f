"""TCP connections that may become TLS: the asyncio side of the ``Connector`` seam.

Every wait has a deadline, every buffer a bound. What went wrong is said in one sentence with
host and port; which step it was is known to whoever drives the stream.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from advisor.errors import ConnectFailed, LookupFailed, ProbeTimeout, RemoteProtocolError, TlsFailed
from advisor.model.evidence import Problem
from advisor.model.observation import TlsObservation
from advisor.model.text import printable
from advisor.net._buffer import LineBuffer, LineTooLongError
from advisor.net._seams import Resolver
from advisor.net._tls import Contexts, Session, breakage, clear_text, failure, is_clear_text
from advisor.net._wire import Wire, dial

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait, in seconds: for a connection, for one step in it, for the whole probe."""

    connect: float = 5.0
    step: float = 6.0
    total: float = 12.0


def place(host: str, port: int) -> str:
    """Host and port as people write them, an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class TcpConnector:
    """Opens TCP connections to the addresses that *resolver* gives, in its order.

    *ca_file* is a PEM file of authorities trusted besides the system's.
    """

    def __init__(
        self,
        resolver: Resolver,
        timeouts: Timeouts | None = None,
        *,
        ca_file: str | Path | None = None,
    ) -> None:
        self._resolver = resolver
        self._timeouts = timeouts or Timeouts()
        self._contexts = Contexts(ca_file)

    def warm_up(self) -> None:
        """TLS will be wanted: prepare for it while the event loop goes on."""
        self._contexts.verifying.start()

    async def connect(self, host: str, port: int) -> TcpStream:
        """A connection to *host*: the next address is tried on failure, or after 250 ms.

        Raises:
            ConnectFailed: refused, unreachable, or no address that may be used.
            ProbeTimeout: none of the addresses answered in time.
        """
        where, patience = place(host, port), self._timeouts.connect
        try:
            addresses = await self._resolver.addresses(host)
        except LookupFailed as error:
            raise ConnectFailed(error.problem, str(error)) from error
        try:
            async with asyncio.timeout(patience):
                wire = await dial(addresses, port, where)
        except TimeoutError:
            raise ProbeTimeout(
                Problem.TIMEOUT, f"{where} did not accept a connection within {patience:g} s"
            ) from None
        return TcpStream(wire, host, port, self._timeouts, self._contexts)


class TcpStream:
    """One TCP connection; *address* is the other side's, *local_address* our own."""

    def __init__(
        self, wire: Wire, host: str, port: int, timeouts: Timeouts, contexts: Contexts
    ) -> None:
        self.address = wire.peer
        self.local_address = wire.own
        self._wire = wire
        self._host = host
        self._port = port
        self._where = place(host, port)
        self._step = timeouts.step
        self._contexts = contexts
        self._session: Session | None = None
        self._lines = LineBuffer()
        self._talked = False

    async def read_line(self, limit: int) -> bytes:
        """One line without its line end.

        Raises:
            ProbeTimeout: it was not complete within a step's time.
            RemoteProtocolError: ``LIMIT``, longer than *limit* bytes; ``CLOSED``, no line came.
        """
        self._talked = True
        line = self._buffered(limit)
        if line is None:
            line = await self._in_time(self._line(limit), "said nothing for")
        return line

    async def read_bytes(self) -> bytes:
        """Whatever comes next, as it is or out of TLS; nothing at the end.

        Raises:
            ProbeTimeout: nothing came within a step's time.
            TlsFailed: TLS broke off.
        """
        self._talked = True
        early = self._lines.drain()
        return early or await self._in_time(self._received(), "said nothing for")

    async def write(self, data: bytes) -> None:
        """Send *data*, waiting while the other side does not take it."""
        self._talked = True
        self._wire.write(self._encrypted(data))
        if self._wire.is_clogged:
            await self._in_time(self._wire.drained(), "took no data for")

    async def start_tls(self, *, verify: bool, name: str | None = None) -> TlsObservation:
        """Make TLS now. With *verify* off, anything is accepted, only to be looked at.

        *name* is the server name to ask for if not the host's; none is asked for where it is empty.

        Raises:
            RemoteProtocolError: ``INJECTION``, bytes arrived behind the agreement to STARTTLS.
            TlsFailed: the handshake or, with *verify*, the certificate; not its names.
            ProbeTimeout: not done within a step's time.
        """
        context = await self._contexts.verifying.get() if verify else self._contexts.lenient
        early = self._lines.drain() + self._wire.take()
        if early and self._talked:
            raise RemoteProtocolError(
                Problem.INJECTION,
                f"{self._where} sent more data behind its agreement to STARTTLS, in clear text",
            )
        try:
            session = Session(context, self._host if name is None else name)
        except ValueError as error:
            raise TlsFailed(
                Problem.TLS_HANDSHAKE, f"{self._where}: {printable(str(error))}"
            ) from None
        await self._in_time(
            self._handshake(session, early), "did not finish the TLS handshake within"
        )
        self._session = session
        return session.observe(self._host, verified=verify)

    def sent_chain(self) -> tuple[bytes, ...]:
        """The certificates as the server sent them, in DER; empty before TLS."""
        return () if self._session is None else self._session.sent()

    async def close(self) -> None:
        """Say the end of TLS, if there is one, and close; never waits for the other side."""
        if self._session is not None:
            self._session.end()
            self._wire.write(self._session.outgoing())
        self._wire.close()

    async def _in_time(self, work: Awaitable[T], complaint: str) -> T:
        try:
            async with asyncio.timeout(self._step):
                return await work
        except TimeoutError:
            raise ProbeTimeout(
                Problem.TIMEOUT, f"{self._where} {complaint} {self._step:g} s"
            ) from None

    async def _line(self, limit: int) -> bytes:
        while (line := self._buffered(limit)) is None:
            self._lines.feed(await self._plaintext())
        return line

    def _buffered(self, limit: int) -> bytes | None:
        try:
            return self._lines.take(limit)
        except LineTooLongError:
            raise RemoteProtocolError(
                Problem.LIMIT, f"{self._where} sent a line of more than {limit} bytes"
            ) from None

    async def _received(self) -> bytes:
        if self._session is None:
            return await self._wire.receive()
        return await self._decrypted(self._session)

    async def _plaintext(self) -> bytes:
        """Some bytes of the conversation; at its end, ``RemoteProtocolError``."""
        data = await self._received()
        if not data:
            raise RemoteProtocolError(Problem.CLOSED, f"{self._where} {self._wire.ending}")
        return data

    def _encrypted(self, data: bytes) -> bytes:
        if self._session is None:
            return data
        try:
            self._session.write(data)
        except ssl.SSLError:
            raise RemoteProtocolError(
                Problem.CLOSED, f"{self._where} {self._wire.ending}"
            ) from None
        return self._session.outgoing()

    async def _decrypted(self, session: Session) -> bytes:
        try:
            while (data := session.read()) is None:
                self._wire.write(session.outgoing())
                session.feed(await self._wire.receive())
        except ssl.SSLError as error:
            raise breakage(error, self._where) from None
        return data

    async def _handshake(self, session: Session, early: bytes) -> None:
        answer = early
        if early:
            session.feed(early)
        try:
            while not session.shake():
                self._wire.write(session.outgoing())
                data = await self._wire.receive()
                answer = answer or data
                session.feed(data)
        except ssl.SSLError as error:
            self._wire.write(session.outgoing())
            raise self._explained(error, answer) from None
        # What is left to send of it goes out with the next words, or before the next reading.

    def _explained(self, error: ssl.SSLError, answer: bytes) -> TlsFailed:
        if not answer or not is_clear_text(answer):
            return failure(error, self._where)
        if self._talked:
            return TlsFailed(
                Problem.TLS_HANDSHAKE,
                f"{self._where} agreed to STARTTLS and then went on in clear text",
            )
        return clear_text(answer, self._where, self._port)
