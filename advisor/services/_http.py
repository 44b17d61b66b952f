"""HTTP/1.1 as a client, sans-I/O and within limits: one request and its reply at a time."""

from __future__ import annotations

import h11

from advisor._version import __version__
from advisor.dialogues._base import Send
from advisor.dialogues._strangers import not_this
from advisor.errors import ProbeFailed, RemoteProtocolError
from advisor.model.evidence import Problem
from advisor.model.text import decoded
from advisor.services._base import Part, Place, Read, Reply, Request, Visit

# Bytes of the head of a reply, of a document, and of a page that only goes with a status.
HEAD = 64 * 1024
DOCUMENT = 256 * 1024
PAGE = 64 * 1024
# Bytes of its beginning that are kept, to tell what else it may be.
LINE = 200
_BEGINNING = b"HTTP/"
# Values of headers that are kept.
_HEADERS = 100
# Chunk headers and trailers come on top of the body; more than as much again is an attack.
_OVERHEAD = 2


class Conversation:
    """All that is asked of a service; *place* is where the connection leads at first."""

    def __init__(self, place: Place) -> None:
        self._begin(place)
        self._left = 0
        self._came = b""
        self._ended = False

    def _begin(self, place: Place) -> None:
        """A new connection, on which nothing was said yet."""
        self._at = (place.host, place.port)
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD)
        self._is_first = True

    def ask(self, request: Request, place: Place) -> Part[Reply]:
        """The reply to *request* at *place*, over the same connection where that is possible.

        Raises:
            RemoteProtocolError: not HTTP, too large a head, or no reply at all.
        """
        at = (place.host, place.port)
        if at != self._at or self._http.our_state is not h11.IDLE:
            yield from self._anew(place)
        is_first = self._is_first
        try:
            return (yield from self._answered(request, place))
        except RemoteProtocolError as error:
            # Some hang up behind an answer without a word (RFC 9112 §9.3.1): asked once more.
            if is_first or self._came or error.problem is not Problem.CLOSED:
                raise
        yield from self._anew(place)
        return (yield from self._answered(request, place))

    def _anew(self, place: Place) -> Part[None]:
        yield Visit(place)
        self._begin(place)

    def _answered(self, request: Request, place: Place) -> Part[Reply]:
        self._is_first = False
        self._left, self._came = HEAD + _OVERHEAD * DOCUMENT, b""
        yield Send(self._words(request, place))
        try:
            head = yield from self._head()
        except h11.RemoteProtocolError as error:
            raise self._explained(error) from None
        reply = _reply(head)
        body, cut = yield from self._body(DOCUMENT if reply.status == 200 else PAGE)
        if self._http.our_state is self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
        return Reply(reply.status, reply.reason, reply.headers, body, cut)

    def _words(self, request: Request, place: Place) -> bytes:
        headers = [
            ("Host", place.authority),
            ("User-Agent", f"mail-advisor/{__version__}"),
            ("Accept-Encoding", "identity"),
            *request.headers,
        ]
        if request.body:
            headers.append(("Content-Length", str(len(request.body))))
        head = h11.Request(method=request.method, target=place.path, headers=headers)
        words = self._http.send(head) or b""
        if request.body:
            words += self._http.send(h11.Data(data=request.body)) or b""
        return words + (self._http.send(h11.EndOfMessage()) or b"")

    def _head(self) -> Part[h11.Response]:
        event = yield from self._event()
        while isinstance(event, h11.InformationalResponse):
            event = yield from self._event()
        if not isinstance(event, h11.Response):
            raise _hung_up()
        return event

    def _body(self, most: int) -> Part[tuple[bytes, ProbeFailed | None]]:
        """The body, or what there is of it and what kept the rest."""
        body = bytearray()
        try:
            while isinstance(event := (yield from self._event()), h11.Data):
                body += event.data
                if len(body) > most:
                    return bytes(body[:most]), _too_large()
        except ProbeFailed as error:
            return bytes(body), error
        except h11.RemoteProtocolError as error:
            return bytes(body), self._explained(error)
        return bytes(body), None

    def _event(self) -> Part[object]:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            data = yield Read()
            assert data is not None, "a Read is resumed with bytes"  # noqa: S101  the driver's duty
            self._ended = not data
            self._came = (self._came + data)[:LINE]
            if not self._came.startswith(_BEGINNING[: len(self._came)]):
                raise not_this("HTTP", self._came.partition(b"\n")[0].rstrip(b"\r"))
            if self._left <= 0:
                raise _too_large()
            data = data[: self._left]
            self._left -= len(data)
            self._http.receive_data(data)
        return event

    def _explained(self, error: h11.RemoteProtocolError) -> RemoteProtocolError:
        if error.error_status_hint == 431:
            return _too_large()
        if self._ended:
            return _hung_up()
        return RemoteProtocolError(
            Problem.NOT_THIS_PROTOCOL, "the server answers with what only looks like HTTP"
        )


def _reply(head: h11.Response) -> Reply:
    headers = ((name.decode("latin-1"), decoded(value, 2000)) for name, value in head.headers)
    return Reply(head.status_code, decoded(bytes(head.reason), 80), tuple(headers)[:_HEADERS])


def _too_large() -> RemoteProtocolError:
    return RemoteProtocolError(
        Problem.LIMIT, f"the server sends more than {DOCUMENT // 1024} KiB, or a head without end"
    )


def _hung_up() -> RemoteProtocolError:
    return RemoteProtocolError(Problem.CLOSED, "hung up before its answer was whole")
