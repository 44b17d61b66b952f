"""A small real web server on loopback that sends what it is told, byte for byte."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Page = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


def page(
    body: bytes = b"<clientConfig/>",
    status: str = "200 OK",
    **headers: str,
) -> bytes:
    """A whole response; underscores in the names of *headers* stand for hyphens."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    """A redirect to *location*."""
    return page(b"", status, Location=location)


@dataclass
class WebServer:
    """A running server: *requests* are the heads it received, *bodies* what came with them."""

    port: int
    pages: dict[str, Page]
    requests: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one response."""
        self.writers.append(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
            self.requests.append(head)
            length = re.search(r"(?im)^content-length: (\d+)", head)
            self.bodies.append(await reader.readexactly(int(length[1]) if length else 0))
            answer = self.pages.get(head.split(" ")[1], page(b"", "404 Not Found"))
            if isinstance(answer, bytes):
                writer.write(answer)
            else:
                await answer(writer)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def web_server(
    pages: dict[str, Page], context: ssl.SSLContext | None = None
) -> AsyncIterator[WebServer]:
    """A server on a free port of loopback for as long as the block runs; HTTPS with *context*."""
    server = WebServer(0, pages)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for writer in server.writers:
            writer.transport.abort()
        for _ in range(3):
            await asyncio.sleep(0)
        await listening.wait_closed()
