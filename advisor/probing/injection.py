"""Does a server obey a command that was sent in clear text behind STARTTLS?

Whoever sits on the way could put such a command in front of what the user sends inside TLS.
"""

from __future__ import annotations

import asyncio

from advisor.dialogues._base import Dialogue
from advisor.dialogues._lines import LINE, LINES
from advisor.errors import ProbeFailed
from advisor.model.endpoint import Endpoint
from advisor.net._seams import Connector, Stream
from advisor.probing.arrival import arrive

# Seconds for the answers inside TLS; not every server hangs up on a goodbye.
PATIENCE = 2.0


async def obeys_injected(
    endpoint: Endpoint, dialogue: Dialogue, connector: Connector
) -> bool | None:
    """True where it answers the command inside TLS; None where it does not come to TLS at all.

    A server that drops the command, or hangs up on it, is fine. Only commands that change nothing
    are ever sent.
    """
    try:
        stream = await connector.connect(endpoint.host, endpoint.port)
    except ProbeFailed:
        return None
    try:
        await arrive(stream, dialogue, dialogue.injection.command)
    except ProbeFailed:
        await stream.close()
        return None
    try:
        await stream.start_tls(verify=False)
        await stream.write(dialogue.injection.goodbye)
        async with asyncio.timeout(PATIENCE):
            return await _betrays(stream, dialogue)
    except (ProbeFailed, TimeoutError, ValueError):
        return False
    finally:
        await stream.close()


async def _betrays(stream: Stream, dialogue: Dialogue) -> bool:
    for number in range(LINES):
        if dialogue.injection.betrays.match(await stream.read_line(LINE)):
            if dialogue.injection.alike and not number:
                await stream.read_line(LINE)
            return True
    return False
