"""Does a service over HTTPS answer over plain HTTP, too, where it should lead to HTTPS?

A program that begins there sends its password in the clear, if it is not led away.
"""

from __future__ import annotations

import asyncio

from advisor.dialogues._base import Send
from advisor.errors import ProbeFailed
from advisor.model.endpoint import Endpoint
from advisor.model.observation import PlainHttp
from advisor.net._seams import Connector, Stream
from advisor.services._base import HTTP, Place, Read, Reply, Service
from advisor.services._challenges import schemes
from advisor.services._http import Conversation

# Seconds for the answer.
PATIENCE = 2.0


async def plain_http(endpoint: Endpoint, service: Service, connector: Connector) -> PlainHttp:
    """What comes of the first question at port 80 of the same host; nothing is followed."""
    start = service.place(endpoint)
    at = Place(start.host, HTTP, start.path, secure=False)
    try:
        async with asyncio.timeout(PATIENCE):
            stream = await connector.connect(at.host, at.port)
            try:
                return _means(await _asked(stream, service, at), service)
            finally:
                await stream.close()
    except (ProbeFailed, TimeoutError):
        return PlainHttp.NOTHING


async def _asked(stream: Stream, service: Service, at: Place) -> Reply:
    talk = Conversation(at).ask(service.ask, at)
    got: bytes | None = None
    while True:
        try:
            step = talk.send(got)
        except StopIteration as end:
            reply: Reply = end.value
            return reply
        got = None
        match step:
            case Send(data):
                await stream.write(data)
            case Read():
                got = await stream.read_bytes()


def _means(reply: Reply, service: Service) -> PlainHttp:
    if reply.location is not None:
        secure = reply.location.lower().startswith("https://")
        return PlainHttp.REDIRECTS if secure else PlainHttp.ELSEWHERE
    if reply.status == 401 and "Basic" in schemes(reply):
        return PlainHttp.WANTS_PASSWORD
    return PlainHttp.ANSWERS if service.is_there(reply) else PlainHttp.NOTHING
