"""Which versions of TLS a server accepts, whatever the local library speaks itself.

One connection for each version, to the point where TLS begins; the server's first words tell.
"""

from __future__ import annotations

import asyncio
import secrets

from advisor.dialogues._base import Dialogue
from advisor.errors import ProbeFailed
from advisor.formats.tls import VERSIONS, Alert, Hello, Stranger, client_hello, server_answer
from advisor.model.endpoint import Endpoint, Security
from advisor.net._seams import Connector, Stream
from advisor.probing.arrival import arrive

ACCEPTED, REFUSED, UNKNOWN = "accepted", "refused", "unknown"

# Bytes of an answer that are read before it is given up.
_MOST = 64 * 1024
# Connections at a time; a server may count them.
_AT_ONCE = 2


async def versions(endpoint: Endpoint, dialogue: Dialogue, connector: Connector) -> dict[str, str]:
    """Each version, oldest first, with accepted, refused or unknown (nothing that tells came).

    A server that answers with an older version than it was offered has refused that one.
    """
    slots = asyncio.Semaphore(_AT_ONCE)

    async def one(version: str) -> str:
        async with slots:
            return await _ask(endpoint, dialogue, connector, version)

    told = await asyncio.gather(*(one(version) for version in VERSIONS))
    return dict(zip(VERSIONS, told, strict=True))


async def _ask(endpoint: Endpoint, dialogue: Dialogue, connector: Connector, version: str) -> str:
    try:
        stream = await connector.connect(endpoint.host, endpoint.port)
        try:
            if endpoint.security is Security.STARTTLS:
                await arrive(stream, dialogue)
            await stream.write(client_hello(version, endpoint.host, secrets.token_bytes(64)))
            return await _heard(stream, version)
        finally:
            await stream.close()
    except ProbeFailed:
        return UNKNOWN


async def _heard(stream: Stream, version: str) -> str:
    data = b""
    while len(data) < _MOST:
        answer = server_answer(data)
        match answer:
            case Hello(chosen):
                return ACCEPTED if chosen == version else REFUSED
            case Alert():
                return REFUSED
            case Stranger():
                return UNKNOWN
        more = await stream.read_bytes()
        if not more:
            # Many servers hang up on a version they do not know, without an alert.
            return UNKNOWN if data else REFUSED
        data += more
    return UNKNOWN
