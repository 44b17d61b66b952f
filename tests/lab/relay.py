"""Machines on the way that no real program of Debian's is: a firewall that blanks, a mail shield.

Run as a program with a plan: `python relay.py plan.json`. It takes the connections that a packet
filter redirects to it, connects to where they were going, and passes on what is said: with a
certificate of its own where it has one, or with greeting and STARTTLS written over.
"""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import ssl
import struct
import sys
from pathlib import Path
from typing import TypedDict

_ORIGINAL_DST = 80  # SO_ORIGINAL_DST, netfilter


class Post(TypedDict):
    """Where one relay listens, and *to* where it connects if not to where it was redirected from.

    *certificate* is a PEM file with its key.
    """

    address: str
    port: int
    to: tuple[str, int] | None
    blanks: bool
    certificate: str | None


def blanked(line: bytes) -> bytes:
    """As firewalls that inspect mail write over what they do not let through."""
    if line.startswith(b"220 "):
        return b"220 " + b"*" * (len(line) - 6) + b"\r\n"
    return re.sub(rb"STARTTLS", b"XXXXXXXA", line)


async def relay(post: Post, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on one connection until either side has had enough."""
    outer = _careless() if post["certificate"] else None
    onward, back = await asyncio.open_connection(*(post["to"] or _meant(writer)), ssl=outer)

    async def answers() -> None:
        while data := await (onward.readline() if post["blanks"] else onward.read(4096)):
            writer.write(blanked(data) if post["blanks"] else data)

    async def questions() -> None:
        while data := await reader.read(4096):
            back.write(data)

    tasks = [asyncio.ensure_future(answers()), asyncio.ensure_future(questions())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        back.close()
        writer.close()


def _meant(writer: asyncio.StreamWriter) -> tuple[str, int]:
    """Where the connection was going before it was redirected here."""
    there = writer.get_extra_info("socket").getsockopt(socket.SOL_IP, _ORIGINAL_DST, 16)
    port, address = struct.unpack("!2xH4s8x", there)
    return socket.inet_ntoa(address), port


def _careless() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _own(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def serve(posts: list[Post]) -> None:
    """Take connections until the process is asked to end."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    for post in posts:

        async def handle(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter, post: Post = post
        ) -> None:
            try:
                await relay(post, reader, writer)
            except OSError:
                writer.close()

        own = _own(post["certificate"]) if post["certificate"] else None
        await asyncio.start_server(handle, post["address"], post["port"], ssl=own)
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve(json.loads(Path(sys.argv[1]).read_text())))
