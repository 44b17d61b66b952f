"""A network with a distance: what is at 127.77.x.y is reached at 127.78.x.y, a round trip away.

Run as a program: a line of JSON on standard input (`Orders`) says how things are from now on, and
is answered by a line with what was seen since the line before. It ends when its input ends.

The kernel accepts a connection at once. So what a client sends waits until the round trip of its
SYN would be over, and what a server says until it would have had the client's ACK. What a client
computes between connecting and its first word is hidden by that, up to a round trip; and a closed
port refuses at once, a round trip too early.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from tests.lab.scenarios import NETWORK as LAB
from tests.lab.scenarios import RESOLVER_ADDRESS, RESOLVER_PORT

NETWORK = "127.78"
NAME_SERVER = f"{NETWORK}.0.53"
NAME_SERVER_PORT = RESOLVER_PORT
DEAD = "250.1"
DEAD_PORTS = (80, 110, 143, 443, 465, 587, 993, 995)

_A, _AAAA = 1, 28
_TTL = 60


@dataclass
class Orders:
    """How things are: *rtt* in seconds; *open* and *tarpits* as "x.y:port".

    A tarpit accepts and never answers. *dead* names lead to a host that swallows every packet;
    *silent* names (or "TYPE name") get no answer from the DNS.
    """

    rtt: float = 0.0
    open: list[str] = field(default_factory=list)
    tarpits: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)


Seen = list[tuple[float, str]]


class Relay:
    """Everything that listens, under the last orders."""

    def __init__(self) -> None:
        """Nothing listens yet."""
        self.orders = Orders()
        self.seen: Seen = []
        self._listening: set[str] = set()
        self._dead: list[socket.socket] = []

    async def start(self) -> None:
        """Serve names, and swallow what is sent to the dead host."""
        loop = asyncio.get_running_loop()
        self._dead = [sock for port in DEAD_PORTS for sock in swallowing(port)]
        await loop.create_datagram_endpoint(
            lambda: Names(self), local_addr=(NAME_SERVER, NAME_SERVER_PORT)
        )

    async def obey(self, orders: Orders) -> Seen:
        """Take *orders*; what was seen under the ones before."""
        loop = asyncio.get_running_loop()
        for place in orders.open:
            if place not in self._listening:
                self._listening.add(place)
                host, port = place.split(":")
                await loop.create_server(
                    lambda place=place: Client(self, place),  # type: ignore[misc]
                    f"{NETWORK}.{host}",
                    int(port),
                    backlog=256,
                )
        self.orders = orders
        seen, self.seen = self.seen, []
        return seen

    def note(self, text: str) -> None:
        """Remember that something was seen now."""
        self.seen.append((asyncio.get_running_loop().time(), text))


def swallowing(port: int) -> list[socket.socket]:
    """A listener whose queue is full for ever, so that the kernel drops every further SYN."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((f"{NETWORK}.{DEAD}", port))
    listener.listen(0)
    return [listener, socket.create_connection(listener.getsockname())]


class Lane:
    """One direction of a connection: bytes arrive half a round trip after they left, in order."""

    def __init__(self, opens: float, delay: float, deliver: Callable[[bytes], None]) -> None:
        """Nothing leaves before *opens*; *deliver* is given each piece, and b"" at the end."""
        self._opens, self._delay, self._deliver = opens, delay, deliver
        self._under_way: deque[bytes] = deque()

    def send(self, data: bytes) -> None:
        """Send *data* on its way; b"" means that nothing follows."""
        loop = asyncio.get_running_loop()
        self._under_way.append(data)
        loop.call_at(max(loop.time(), self._opens) + self._delay, self._arrive)

    def _arrive(self) -> None:
        self._deliver(self._under_way.popleft())


class Side(asyncio.Protocol):
    """The relay's end of one connection."""

    def __init__(self) -> None:
        """Not connected yet."""
        self.transport: asyncio.Transport | None = None
        self.out: Lane | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Send it on."""
        if self.out is not None:
            self.out.send(data)

    def eof_received(self) -> bool:
        """Send the end on, and stay open for the other direction."""
        self.data_received(b"")
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Send the end on."""
        self.data_received(b"")

    def deliver(self, data: bytes) -> None:
        """Hand over what came from the other side."""
        if self.transport is None or self.transport.is_closing():
            return
        if data:
            self.transport.write(data)
        else:
            self.transport.close()


class Client(Side):
    """A client's connection, and the server's that belongs to it."""

    def __init__(self, relay: Relay, place: str) -> None:
        """To be forwarded to *place* in the lab."""
        super().__init__()
        self._relay, self._place = relay, place
        self._connecting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connect to the server, unless this is a tarpit."""
        super().connection_made(transport)
        orders = self._relay.orders
        self._relay.note(f"TCP {self._place}")
        if self._place in orders.tarpits:
            return
        now, rtt = asyncio.get_running_loop().time(), orders.rtt
        server = Side()
        self.out = Lane(now + rtt, rtt / 2, server.deliver)
        server.out = Lane(now + 1.5 * rtt, rtt / 2, self.deliver)
        self._connecting = asyncio.create_task(self._connect(server))

    async def _connect(self, server: Side) -> None:
        host, port = self._place.split(":")
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: server, f"{LAB}.{host}", int(port))
        except OSError:
            assert self.transport is not None
            self.transport.abort()


class Names(asyncio.DatagramProtocol):
    """The name server: half a round trip each way, with the addresses of this network."""

    def __init__(self, relay: Relay) -> None:
        """Asks the lab's, through one socket."""
        self._relay = relay
        self._asked: dict[bytes, tuple[bytes, tuple[str, int]]] = {}
        self._number = 0
        self._upstream = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._upstream.setblocking(False)
        self._upstream.connect((RESOLVER_ADDRESS, RESOLVER_PORT))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Listen to both sides."""
        self._transport = cast(asyncio.DatagramTransport, transport)
        asyncio.get_running_loop().add_reader(self._upstream, self._answered)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Forward a question, answer it here, or be silent."""
        name, rdtype, end = question(data)
        orders, loop = self._relay.orders, asyncio.get_running_loop()
        asked = f"{TYPES.get(rdtype, rdtype)} {name}"
        self._relay.note(f"DNS {asked}")
        if name in orders.silent or asked in orders.silent:
            return
        if name in orders.dead and rdtype in (_A, _AAAA):
            reply = made_up(data[:end], f"{NETWORK}.{DEAD}", rdtype)
            loop.call_later(orders.rtt, self._transport.sendto, reply, addr)
        else:
            loop.call_later(orders.rtt / 2, self._ask, data, addr)

    def _ask(self, data: bytes, addr: tuple[str, int]) -> None:
        self._number = (self._number + 1) % 0x10000
        number = self._number.to_bytes(2, "big")
        self._asked[number] = data[:2], addr
        self._upstream.send(number + data[2:])

    def _answered(self) -> None:
        data = self._upstream.recv(0x10000)
        own_number, addr = self._asked.pop(data[:2])
        reply = own_number + moved(data[2:])
        delay = self._relay.orders.rtt / 2
        asyncio.get_running_loop().call_later(delay, self._transport.sendto, reply, addr)


TYPES = {_A: "A", 15: "MX", 16: "TXT", _AAAA: "AAAA", 33: "SRV"}


def question(packet: bytes) -> tuple[str, int, int]:
    """The name and the type that a DNS packet asks for, and where the question ends in it."""
    labels, at = [], 12
    while length := packet[at]:
        labels.append(packet[at + 1 : at + 1 + length].decode("ascii").lower())
        at += 1 + length
    return ".".join(labels), int.from_bytes(packet[at + 1 : at + 3], "big"), at + 5


def made_up(asked: bytes, address: str, rdtype: int) -> bytes:
    """A reply to the question in *asked*: *address*, or no such record for other types."""
    found = rdtype == _A
    # RFC 1035 §4.1: QR, RD and RA; one question, no or one answer, whose name is at offset 12.
    head = asked[:2] + struct.pack("!HHHHH", 0x8180, 1, found, 0, 0)
    record = struct.pack("!HHHIH", 0xC00C, _A, 1, _TTL, 4) + socket.inet_aton(address)
    return head + asked[12:] + (record if found else b"")


def moved(reply: bytes) -> bytes:
    """*reply* with the lab's addresses as this network's."""
    length = b"\x00\x04"
    lab, network = (socket.inet_aton(f"{prefix}.0.0")[:2] for prefix in (LAB, NETWORK))
    return reply.replace(length + lab, length + network)


async def serve() -> None:
    """Obey one line after the other, until there is none."""
    relay = Relay()
    await relay.start()
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        print(json.dumps(await relay.obey(Orders(**json.loads(line)))), flush=True)


if __name__ == "__main__":
    asyncio.run(serve())
