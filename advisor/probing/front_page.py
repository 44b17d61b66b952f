"""What answers on port 80 of a host: a network that wants a sign-in first answers there itself.

One request, no redirect followed, no name resolved but the host's own.
"""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlsplit

from advisor.errors import ProbeFailed
from advisor.model.doctor import WebRow
from advisor.model.text import printable
from advisor.net._seams import Connector, Stream
from advisor.net.stream import place

PORT = 80
# Seconds for all of it at most: most mail servers have nothing there.
PATIENCE = 4.0

_LINE = 8192
_HEADERS = 100
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)(?: |\Z)")


async def front_page(host: str, connector: Connector, patience: float = PATIENCE) -> WebRow:
    """The status and the target of a redirect, as far as there is an answer (RFC 9110 §15)."""
    try:
        async with asyncio.timeout(min(patience, PATIENCE)):
            stream = await connector.connect(host, PORT)
            try:
                return await _asked(host, stream)
            finally:
                await stream.close()
    except (ProbeFailed, TimeoutError):
        return WebRow(host)


async def _asked(host: str, stream: Stream) -> WebRow:
    name = place(host, PORT).removesuffix(f":{PORT}")
    await stream.write(f"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
    status = _STATUS.match(await stream.read_line(_LINE))
    if status is None:
        return WebRow(host, stream.address)
    leads_to = None
    for _ in range(_HEADERS):
        field, colon, value = (await stream.read_line(_LINE)).partition(b":")
        if not colon:
            break
        if field.strip().lower() == b"location":
            leads_to = _host(value.decode("latin-1").strip())
    return WebRow(host, stream.address, int(status[1]), leads_to)


def _host(location: str) -> str | None:
    try:
        name = urlsplit(location).hostname
    except ValueError:
        return None
    return printable(name, 255) if name else None
