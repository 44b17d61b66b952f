"""Servers that no real program is: they accept and never speak, speak garbage, or do not answer.

Run as a program with a plan: `python misbehaving.py plan.json`. The plan lists addresses and ports
by kind of behaviour; the standard library is all it needs.
"""

from __future__ import annotations

import asyncio
import json
import random
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal, cast

Kind = Literal["silent", "garbage", "silent-dns", "refusing-dns"]
Plan = dict[Kind, list[tuple[str, int]]]

REFUSED = 5
ROUNDS = 20

# Escape, bidi and control characters, as a hostile server would send them to a terminal.
HOSTILE_LINES = (
    b"\x1b]0;owned\x07\x1b[2J\x1b[31m* OK? 220? +OK?\r\n"
    b"%s%n\x00\x01\x02\xff\xfe\r\n"
    b"\xe2\x80\xaegnp.exe\xe2\x80\xac\r\n"
)


def garbage() -> bytes:
    """Hostile lines, then random bytes: the same ones each time."""
    return HOSTILE_LINES + random.Random(77).randbytes(512) + b"\r\n"


async def be_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read whatever comes, and never say anything."""
    while await reader.read(4096):
        pass
    writer.close()


async def speak_garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speak at once, and again whenever something is said."""
    for _ in range(ROUNDS):
        writer.write(garbage())
        await writer.drain()
        if not await reader.read(4096):
            break
    writer.close()


class Refusing(asyncio.DatagramProtocol):
    """A name server that has no zone at all."""

    transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Send the question's header back as a refusal, with nothing else in it."""
        if len(data) >= 12:
            flags = bytes([data[2] & 0x79 | 0x80, REFUSED])
            self.transport.sendto(data[:2] + flags + bytes(8), addr)


def bind_and_never_read(address: str, port: int) -> list[socket.socket]:
    """A UDP and a TCP socket that nobody reads."""
    sockets = []
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        unread = socket.socket(socket.AF_INET, kind)
        unread.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        unread.bind((address, port))
        sockets.append(unread)
    sockets[1].listen()
    return sockets


async def serve(plan: Plan) -> None:
    """Serve the plan until the process is asked to end."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    unread = [bind_and_never_read(*where) for where in plan["silent-dns"]]
    for where in plan["refusing-dns"]:
        await loop.create_datagram_endpoint(Refusing, local_addr=(where[0], where[1]))
    await _listen(be_silent, plan["silent"])
    await _listen(speak_garbage, plan["garbage"])
    await ended.wait()
    del unread


def are_up(plan: Plan) -> bool:
    """Whether the last server of the plan listens, and so all of them."""
    address, port = plan["garbage"][-1]
    try:
        with socket.create_connection((address, port), timeout=1):
            return True
    except OSError:
        return False


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _listen(handler: Handler, places: list[tuple[str, int]]) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handler(reader, writer)
        except ConnectionError:
            writer.close()

    for address, port in places:
        await asyncio.start_server(handle, address, port, backlog=512)


if __name__ == "__main__":
    asyncio.run(serve(json.loads(Path(sys.argv[1]).read_text())))
