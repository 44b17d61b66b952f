"""One question to one name server, and what its reply comes to."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass

import dns.asyncbackend
import dns.asyncquery
import dns.edns
import dns.exception
import dns.flags
import dns.inet
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from advisor.errors import DnsFailed
from advisor.model.evidence import Problem
from advisor.net._servers import Server

# RFC 9715 §3: fits a datagram that is not fragmented.
UDP_PAYLOAD = 1232
# RFC 8914 §4.7-§4.13: the codes by which a resolver says that validation failed.
_BOGUS = range(6, 13)
# What is worth telling when every server failed, most telling first.
_TELLING = (
    Problem.DNSSEC_BOGUS,
    Problem.DNS_SERVFAIL,
    Problem.DNS_REFUSED,
    Problem.UNREACHABLE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in the types of dnspython."""

    name: dns.name.Name
    rdtype: dns.rdatatype.RdataType

    def message(self, *, checking: bool = True) -> dns.message.QueryMessage:
        """A new query for it, with AD and DO set (RFC 6840 §5.7); CD where not *checking*."""
        flags = dns.flags.RD | dns.flags.AD | (0 if checking else dns.flags.CD)
        return dns.message.make_query(
            self.name,
            self.rdtype,
            use_edns=0,
            want_dnssec=True,
            payload=UDP_PAYLOAD,
            flags=flags,
        )


async def ask(
    server: Server, asked: Asked, *, checking: bool = True
) -> dns.message.Message | DnsFailed:
    """What *server* says, NXDOMAIN included; or what is wrong with it."""
    try:
        reply = await _exchange(server, asked.message(checking=checking))
    except ConnectionRefusedError:
        return DnsFailed(Problem.DNS_REFUSED, f"nothing answers DNS at {server}")
    except (OSError, EOFError, dns.exception.DNSException) as error:
        what = type(error).__name__
        return DnsFailed(Problem.UNREACHABLE, f"the name server {server} cannot be asked ({what})")
    code = reply.rcode()
    if code in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return reply
    if _says_bogus(reply):
        return _bogus(server, asked)
    said = f"the name server {server} answers {dns.rcode.to_text(code)} for {_text(asked)}"
    refused = code == dns.rcode.REFUSED
    return DnsFailed(Problem.DNS_REFUSED if refused else Problem.DNS_SERVFAIL, said)


async def diagnosed(
    failures: list[DnsFailed], servers: Iterable[Server], asked: Asked
) -> DnsFailed:
    """The most telling of *failures*; a bare SERVFAIL is asked again without validation.

    See: RFC 4035 §3.2.2: with CD set, a validating resolver answers what it would hold back.
    """
    worst = min(failures, key=lambda failure: _TELLING.index(failure.problem))
    if worst.problem is Problem.DNS_SERVFAIL:
        for server in servers:
            if isinstance(await ask(server, asked, checking=False), dns.message.Message):
                return _bogus(server, asked)
    return worst


async def _exchange(server: Server, query: dns.message.QueryMessage) -> dns.message.Message:
    backend = dns.asyncbackend.get_default_backend()
    family = dns.inet.af_for_address(server.address)
    # Connected, so that a closed port says so at once instead of by silence.
    where = (server.address, server.port)
    kind = socket.SOCK_DGRAM
    datagrams = await backend.make_socket(  # type: ignore[no-untyped-call]  # dnspython's own gap
        family, kind, 0, None, where
    )
    async with datagrams:
        try:
            return await dns.asyncquery.udp(
                query,
                server.address,
                port=server.port,
                sock=datagrams,
                raise_on_truncation=True,
                ignore_errors=True,
                ignore_unexpected=True,
            )
        except dns.message.Truncated:
            return await dns.asyncquery.tcp(query, server.address, port=server.port)


def _says_bogus(reply: dns.message.Message) -> bool:
    return any(
        isinstance(option, dns.edns.EDEOption) and option.code in _BOGUS for option in reply.options
    )


def _bogus(server: Server, asked: Asked) -> DnsFailed:
    return DnsFailed(
        Problem.DNSSEC_BOGUS,
        f"DNSSEC validation of {_text(asked)} failed: the name server {server} withholds it",
    )


def _text(asked: Asked) -> str:
    return f"{asked.rdtype.name} of {asked.name.to_text(omit_final_dot=True)}"
