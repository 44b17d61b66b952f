"""Documents over HTTP/1.1, bounded in size, redirects and time.

Connects only to addresses that the resolver gave and its policy allows; certificates are always
verified for the host name of the URL.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

import h11

from advisor._version import __version__
from advisor.errors import DnsFailed, FetchFailed
from advisor.model.evidence import Problem
from advisor.model.text import decoded
from advisor.net._certificates import tls_failure
from advisor.net._http_exchange import Response, compressed, exchange
from advisor.net._race import race
from advisor.net._seams import MAX_BODY, MAX_REDIRECTS, Fetched, Redirect, Reply, Resolver
from advisor.net._shared import Shared
from advisor.net._tls import Later
from advisor.net._urls import Target, redirected, target

T = TypeVar("T")

USER_AGENT = f"mail-advisor/{__version__}"
# RFC 8305 §5: the recommended pause between attempts at the addresses of one host.
PAUSE = 0.25

_REDIRECTS = (301, 302, 303, 307, 308)
_GONE = (404, 410)
_GZIP = b"\x1f\x8b"
_CLOSED = {
    401: "answered 401: it wants a login first, and none is given",
    403: "answered 403: it refuses, perhaps until somebody has signed in",
}
# Some servers take this exact form and no other.
_XML = "text/xml; charset=utf-8"


class HttpFetcher:
    """The ``Fetcher`` seam over h11; belongs to one event loop and one run.

    *timeout* is the seconds for one document with all its redirects. *ssl_context_factory* is
    called once, in a thread, when the first HTTPS host has been found or at ``warm_up``; it must
    verify certificates and host names.
    """

    def __init__(
        self,
        resolver: Resolver,
        *,
        timeout: float = 5.0,
        ssl_context_factory: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        user_agent: str = USER_AGENT,
    ) -> None:
        self._resolver = resolver
        self._timeout = timeout
        self._ssl_context = Later(ssl_context_factory)
        self._user_agent = user_agent
        self._asked: Shared[tuple[str, Target, bytes | None, int], Response] = Shared()

    def warm_up(self) -> None:
        """HTTPS will be wanted: prepare for it while the event loop goes on."""
        self._ssl_context.start()

    async def get(self, url: str) -> Fetched:
        """The document at *url*; see the seam."""
        return _fetched(*await self._answered(url, MAX_BODY))

    async def look(self, url: str, *, limit: int = MAX_BODY, method: str = "GET") -> Reply:
        """What *url* answers; see the seam."""
        response, hops = await self._answered(url, limit, method)
        return Reply(
            response.status,
            tuple((decoded(name, 80), decoded(value, 2000)) for name, value in response.headers),
            response.body,
            tuple(hop.url for hop in hops),
            secure=all(hop.secure for hop in hops),
        )

    async def _answered(
        self, url: str, limit: int, method: str = "GET"
    ) -> tuple[Response, list[Target]]:
        first = target(url)
        return await self._in_time(first, self._follow(first, limit, method))

    async def request(self, url: str, xml: bytes | None = None) -> Fetched | Redirect:
        """What one request gets; see the seam."""
        asked = target(url)
        method = "GET" if xml is None else "POST"
        response = await self._in_time(asked, self._response(method, asked, xml))
        if response.status not in _REDIRECTS:
            return _fetched(response, [asked])
        return Redirect(asked.url, redirected(asked, _location(asked, response)).url)

    async def _in_time(self, asked: Target, work: Coroutine[Any, Any, T]) -> T:
        try:
            async with asyncio.timeout(self._timeout):
                return await work
        except TimeoutError:
            raise FetchFailed(
                Problem.TIMEOUT, f"{asked.host} sent no document within {self._timeout:g} s"
            ) from None

    async def _follow(
        self, current: Target, limit: int, method: str
    ) -> tuple[Response, list[Target]]:
        hops = [current]
        while True:
            response = await self._response(method, current, limit=limit)
            if response.status not in _REDIRECTS:
                return response, hops
            current = redirected(current, _location(current, response))
            if current in hops or len(hops) > MAX_REDIRECTS:
                raise FetchFailed(
                    Problem.REDIRECT_LOOP,
                    f"{hops[0].host} redirects in a circle, or more than {MAX_REDIRECTS} times",
                )
            hops.append(current)

    async def _response(
        self, method: str, asked: Target, xml: bytes | None = None, limit: int = MAX_BODY
    ) -> Response:
        work = partial(self._ask, method, asked, xml, limit)
        return await self._asked.get((method, asked, xml, limit), work)

    async def _ask(self, method: str, asked: Target, xml: bytes | None, limit: int) -> Response:
        try:
            reader, writer = await self._connect(asked)
        except (ssl.SSLError, ssl.CertificateError) as error:
            raise tls_failure(asked.host, error) from None
        except OSError:
            raise FetchFailed(
                Problem.CLOSED, f"{asked.host} closed the connection before TLS was made"
            ) from None
        try:
            request = self._request(method, asked, xml)
            return await exchange(reader, writer, asked, request, xml or b"", limit)
        finally:
            writer.transport.abort()

    def _request(self, method: str, asked: Target, xml: bytes | None) -> h11.Request:
        headers = {
            "Host": asked.authority,
            "User-Agent": self._user_agent,
            "Accept": "application/xml, text/xml, application/json, */*;q=0.5",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        if xml is not None:
            headers |= {"Content-Type": _XML, "Content-Length": str(len(xml))}
        if method == "PROPFIND":
            headers["Depth"] = "0"  # RFC 4918 §9.1: nothing below it
        return h11.Request(method=method, target=asked.path, headers=list(headers.items()))

    async def _connect(self, asked: Target) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            addresses = await self._resolver.addresses(asked.host)
        except DnsFailed as error:
            raise FetchFailed(error.problem, str(error)) from error
        if asked.secure:
            self._ssl_context.start()
        attempts = (partial(_connected, address, asked.port) for address in addresses)
        outcome = await race(attempts, pause=PAUSE, failure=OSError, discard=socket.socket.close)
        if isinstance(outcome, list):
            raise _no_connection(asked, outcome)
        if not asked.secure:
            return await asyncio.open_connection(sock=outcome)
        try:
            context = await self._ssl_context.get()
        except BaseException:
            outcome.close()
            raise
        return await asyncio.open_connection(sock=outcome, ssl=context, server_hostname=asked.host)


async def _connected(address: str, port: int) -> socket.socket | OSError:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(made, (address, port))
    except OSError as error:
        made.close()
        return error
    except asyncio.CancelledError:
        made.close()
        raise
    return made


def _no_connection(asked: Target, failures: list[OSError]) -> FetchFailed:
    where = f"{asked.host} port {asked.port}"
    if all(isinstance(failure, ConnectionRefusedError) for failure in failures):
        return FetchFailed(Problem.REFUSED, f"{where} refuses connections")
    if any(isinstance(failure, TimeoutError) for failure in failures):
        return FetchFailed(Problem.TIMEOUT, f"{where} does not answer")
    return FetchFailed(Problem.UNREACHABLE, f"{where} cannot be reached from here")


def _location(asked: Target, response: Response) -> str:
    location = response.header(b"location")
    if not location:
        raise FetchFailed(
            Problem.HTTP_ERROR,
            f"{asked.host} answered {response.status}, a redirect, without saying where to",
        )
    return location


def _fetched(response: Response, hops: list[Target]) -> Fetched:
    last = hops[-1]
    if response.status in _GONE:
        raise FetchFailed(
            Problem.NOT_FOUND, f"{last.host} answered {response.status}: nothing is published there"
        )
    if response.status in _CLOSED:
        raise FetchFailed(Problem.LOGIN_WANTED, f"{last.host} {_CLOSED[response.status]}")
    if response.status != 200:
        raise FetchFailed(
            Problem.HTTP_ERROR, f"{last.host} answered {response.status} instead of a document"
        )
    if response.body.startswith(_GZIP):
        raise compressed(last)
    return Fetched(
        url=last.url,
        body=response.body,
        content_type=response.header(b"content-type"),
        hops=tuple(hop.url for hop in hops),
        secure=all(hop.secure for hop in hops),
    )
