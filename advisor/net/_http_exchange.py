"""One request and its response over an open connection, within limits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import h11

from advisor.errors import FetchFailed
from advisor.model.evidence import Problem
from advisor.model.text import decoded
from advisor.net._urls import Target

MAX_HEADERS = 64 * 1024
# Chunk headers and trailers come on top of the body; more than as much again is an attack.
_OVERHEAD = 2
_BLOCK = 16 * 1024


@dataclass(frozen=True, slots=True)
class Response:
    """A whole response; *body* is empty unless *status* is 200."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = b""

    def header(self, name: bytes) -> str:
        """The first value of *name*, which is in lower case; "" where there is none."""
        found = next((value for key, value in self.headers if key == name), b"")
        return decoded(found, 2000).strip()


async def exchange(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    asked: Target,
    request: h11.Request,
    sent: bytes,
    max_body: int,
) -> Response:
    """Sends *request* with the body *sent*, and reads the response; *max_body* is in bytes.

    Raises:
        FetchFailed: not HTTP, too large, compressed, or hung up in the middle.
    """
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEADERS)
    events = _Events(reader, connection, asked, MAX_HEADERS + _OVERHEAD * max_body)
    try:
        writer.write(connection.send(request) or b"")
        if sent:
            writer.write(connection.send(h11.Data(data=sent)) or b"")
        writer.write(connection.send(h11.EndOfMessage()) or b"")
        await writer.drain()
        return await _response(events, asked, max_body)
    except h11.RemoteProtocolError as error:
        raise _not_http(asked, error, hung_up=events.at_end) from None
    except OSError:
        raise _closed(asked) from None


class _Events:
    """The events of *connection*, read from *reader* as needed; *limit* bytes at most."""

    def __init__(
        self, reader: asyncio.StreamReader, connection: h11.Connection, asked: Target, limit: int
    ) -> None:
        self._reader = reader
        self._connection = connection
        self._asked = asked
        self._left = limit
        self.at_end = False

    async def next(self) -> object:
        while (event := self._connection.next_event()) is h11.NEED_DATA:
            data = await self._reader.read(_BLOCK)
            self.at_end = not data
            self._left -= len(data)
            if self._left < 0:
                raise _too_large(self._asked)
            self._connection.receive_data(data)
        return event


async def _response(events: _Events, asked: Target, max_body: int) -> Response:
    event = await events.next()
    while isinstance(event, h11.InformationalResponse):
        event = await events.next()
    if not isinstance(event, h11.Response):
        raise _closed(asked)
    response = Response(event.status_code, tuple((name, value) for name, value in event.headers))
    if response.status != 200:
        return response
    if response.header(b"content-encoding").lower() not in ("", "identity"):
        raise compressed(asked)
    body = await _body(events, asked, max_body)
    return Response(response.status, response.headers, body)


async def _body(events: _Events, asked: Target, max_body: int) -> bytes:
    body = bytearray()
    while isinstance(event := await events.next(), h11.Data):
        body += event.data
        if len(body) > max_body:
            raise _too_large(asked)
    return bytes(body)


def _not_http(asked: Target, error: h11.RemoteProtocolError, *, hung_up: bool) -> FetchFailed:
    if error.error_status_hint == 431:
        return _too_large(asked)
    if hung_up:
        return _closed(asked)
    return FetchFailed(
        Problem.HTTP_ERROR, f"what answers at {asked.host} port {asked.port} does not speak HTTP"
    )


def _closed(asked: Target) -> FetchFailed:
    return FetchFailed(Problem.CLOSED, f"{asked.host} hung up in the middle of its answer")


def _too_large(asked: Target) -> FetchFailed:
    return FetchFailed(Problem.TOO_LARGE, f"{asked.host} sent more than such a document can hold")


def compressed(asked: Target) -> FetchFailed:
    """The error for a body that would have to be unpacked first."""
    return FetchFailed(
        Problem.BAD_DOCUMENT, f"{asked.host} sent a compressed document, which was not asked for"
    )
