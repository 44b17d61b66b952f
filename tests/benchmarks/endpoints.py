"""A thousand mail servers for probes to look at, in a process of their own.

`python -m tests.benchmarks.endpoints FOLDER` listens on the addresses of ``hosts()``, writes its
authority to FOLDER, says so, and serves until its standard input ends. Each answer waits for as
many seconds as the file FOLDER/delay says, which stands for a round trip.
"""

from __future__ import annotations

import asyncio
import resource
import ssl
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import cast

import trustme

COUNT = 1000
PORTS = {"imap": 143, "smtp": 587}
AUTHORITY = "authority.pem"
DELAY = "delay"

_ANSWERS = {
    "imap": {
        b"": b"* OK hi\r\n",
        b"a1 CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\na1 OK\r\n",
        b"a2 STARTTLS": b"a2 OK\r\n",
        b"a3 CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na3 OK\r\n",
        b"bye LOGOUT": b"* BYE\r\nbye OK\r\n",
    },
    "smtp": {b"": b"220 hi\r\n", b"STARTTLS": b"220 go\r\n", b"QUIT": b"221 bye\r\n"},
}
# What tools other than ours say, in the same words with other tags.
_OTHERS = {
    "imap": {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n%b OK\r\n",
        b"STARTTLS": b"%b OK\r\n",
        b"LOGOUT": b"* BYE\r\n%b OK\r\n",
    },
    "smtp": {b"EHLO": b"250-hi\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n"},
}


def hosts() -> Iterator[tuple[str, str]]:
    """The name and the address of each server."""
    for number in range(COUNT):
        yield f"h{number}.bench.example", f"127.21.{number // 250}.{1 + number % 250}"


def many_files() -> None:
    """Allow this process as many connections as the system lets it have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Connection(asyncio.Protocol):
    """One connection to a server of *protocol*; the same server for all addresses."""

    def __init__(self, protocol: str, context: ssl.SSLContext, folder: Path) -> None:
        self._protocol, self._context = protocol, context
        self._delay = float((folder / DELAY).read_text())
        self._tls: ssl.SSLObject | None = None
        self._shaken = False
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet; the handshake of TCP is a round trip, too."""
        self._transport = cast(asyncio.Transport, transport)
        self._after(2 * self._delay, _ANSWERS[self._protocol][b""])

    def data_received(self, data: bytes) -> None:
        """Answer every line, or go on with TLS."""
        if self._tls is None:
            self._received += data
            self._answer()
            return
        self._in.write(data)
        try:
            if not self._shaken:
                self._tls.do_handshake()
                self._shaken = True
            self._received += self._tls.read(0x4000)
            self._answer()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            self._transport.close()
            return
        self._after(self._delay, self._out.read())

    def _answer(self) -> None:
        while b"\r\n" in self._received:
            line, _, self._received = self._received.partition(b"\r\n")
            said = self._said(line)
            if self._tls is not None:
                self._tls.write(said)
            else:
                self._after(self._delay, said)
                if line.upper().endswith(b"STARTTLS"):
                    self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
                    self._tls = self._context.wrap_bio(self._in, self._out, server_side=True)

    def _said(self, line: bytes) -> bytes:
        known = _ANSWERS[self._protocol].get(line)
        if known is not None:
            return known
        tag, _, rest = line.partition(b" ")
        word = (rest if self._protocol == "imap" else tag).upper()
        otherwise = b"%b BAD\r\n" if self._protocol == "imap" else b"500 what\r\n"
        return _OTHERS[self._protocol].get(word, otherwise).replace(b"%b", tag)

    def _after(self, seconds: float, data: bytes) -> None:
        if seconds and data:
            asyncio.get_running_loop().call_later(seconds, self._transport.write, data)
        elif data:
            self._transport.write(data)


async def serve(folder: Path) -> None:
    """Listen everywhere until nobody needs it any more."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / AUTHORITY))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("*.bench.example").configure_cert(context)
    (folder / DELAY).write_text("0")
    loop = asyncio.get_running_loop()
    for protocol, port in PORTS.items():
        for _, address in hosts():
            await loop.create_server(partial(Connection, protocol, context, folder), address, port)
    print("listening", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    many_files()
    asyncio.run(serve(Path(sys.argv[1])))
