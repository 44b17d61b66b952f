"""A small real name server on loopback, over UDP and TCP, that answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Behaviour = Callable[[dns.message.Message], dns.message.Message | None]


def answering(*records: str, flags: int = 0) -> Behaviour:
    """Answers with *records*, each "name type data"; none of them means NODATA."""

    def behave(query: dns.message.Message) -> dns.message.Message:
        reply = dns.message.make_response(query)
        reply.flags |= flags
        for line in records:
            name, rdtype, data = line.split(" ", 2)
            reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", rdtype, data))
        return reply

    return behave


def saying(rcode: dns.rcode.Rcode, ede: int | None = None) -> Behaviour:
    """Answers with *rcode*, and with an Extended DNS Error where one is given."""

    def behave(query: dns.message.Message) -> dns.message.Message:
        reply = dns.message.make_response(query)
        reply.set_rcode(rcode)
        if ede is not None:
            reply.use_edns(0, options=[dns.edns.EDEOption(dns.edns.EDECode.make(ede))])
        return reply

    return behave


def silent(_query: dns.message.Message) -> None:
    """Says nothing at all."""


def withholding(behave: Behaviour) -> Behaviour:
    """SERVFAIL to whoever wants validation, and *behave* to whoever sets CD."""

    def choose(query: dns.message.Message) -> dns.message.Message | None:
        checked = not query.flags & dns.flags.CD
        return saying(dns.rcode.SERVFAIL)(query) if checked else behave(query)

    return choose


@dataclass
class NameServer:
    """A running server: *asked* are the questions it received as (name, type, transport)."""

    address: str
    behave: Behaviour
    truncates: bool = False
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def reply(self, wire: bytes, transport: str) -> bytes | None:
        """What goes back for *wire*."""
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True)
        self.asked.append((name, question.rdtype.name, transport))
        reply = self.behave(query)
        if reply is None:
            return None
        if self.truncates and transport == "udp":
            reply = dns.message.make_response(query)
            reply.flags |= dns.flags.TC
        return reply.to_wire(max_size=65535)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self.server = server

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        reply = self.server.reply(data, "udp")
        if reply is not None:
            self.transport.sendto(reply, addr)


@asynccontextmanager
async def name_server(behave: Behaviour, *, truncates: bool = False) -> AsyncIterator[NameServer]:
    """A server on a free port of loopback for as long as the block runs."""
    server = NameServer("", behave, truncates)

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = int.from_bytes(await reader.readexactly(2))
        reply = server.reply(await reader.readexactly(size), "tcp") or b""
        writer.write(len(reply).to_bytes(2) + reply)
        await writer.drain()
        writer.close()

    tcp = await asyncio.start_server(converse, "127.0.0.1", 0)
    port = tcp.sockets[0].getsockname()[1]
    udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Datagrams(server), local_addr=("127.0.0.1", port)
    )
    server.address = f"127.0.0.1:{port}"
    try:
        yield server
    finally:
        udp.close()
        tcp.close()
        await tcp.wait_closed()
