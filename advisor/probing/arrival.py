"""Holding a conversation as far as the moment at which TLS should begin."""

from __future__ import annotations

from contextlib import closing

from advisor.dialogues._base import Dialogue, ReadLine, Seen, Send, StartTls
from advisor.dialogues._lines import LINE
from advisor.model.endpoint import Security
from advisor.net._seams import Stream
from advisor.probing.driver import literal


async def arrive(stream: Stream, dialogue: Dialogue, behind: bytes = b"") -> None:
    """Hold it; *behind* is sent in one piece with the command that asks for TLS.

    Raises:
        ProbeFailed: it does not come to that.
    """
    name = literal(stream.local_address)
    with closing(dialogue.inspect(Seen(), Security.STARTTLS, name)) as talk:
        reply: bytes | None = None
        while True:
            match talk.send(reply):
                case StartTls():
                    return
                case Send(data):
                    is_upgrade = data == dialogue.injection.upgrade
                    await stream.write(data + behind if is_upgrade else data)
                    reply = None
                case ReadLine():
                    reply = await stream.read_line(LINE)
