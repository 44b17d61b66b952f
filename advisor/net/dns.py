"""A stub resolver for one run: asks recursive name servers, and shares what it asked.

It believes the AD bit of a resolver on loopback, or of one that the operator trusts (RFC 6840
§5.8), and tells a validation that failed from other trouble. What such a resolver did not vouch
for is checked here when somebody wants to know (``net._dnssec``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from advisor.errors import DnsFailed
from advisor.model.evidence import Dnssec, Problem
from advisor.net._addresses import has_ipv6_route, interleaved, is_public, literal
from advisor.net._dns_exchange import Asked, ask, diagnosed
from advisor.net._dnssec import Validator, anchors
from advisor.net._race import race
from advisor.net._records import record
from advisor.net._seams import DnsAnswer
from advisor.net._servers import Server, parse_server, system_servers

__all__ = ["DnsResolver", "parse_server", "system_servers"]

MAX_RECORDS = 64
ROUNDS = 3
# RFC 8305 §3: how long the slower address family is waited for once the other has answered.
RESOLUTION_DELAY = 0.05

Conclusion = tuple[dns.message.Message | DnsFailed, Server]


class DnsResolver:
    """The ``Resolver`` seam over dnspython; belongs to one event loop and one run.

    *servers* are asked in their order, written as ``address``, ``address:port`` or ``[v6]:port``:
    the next one after *pause* seconds or as soon as one fails, each up to three times. *timeout*
    is the seconds for one question over all of them. *ipv4*, *ipv6* and *private_addresses* are
    the policy of ``addresses``. *trust* says whether the servers' word on DNSSEC is believed
    (None: of those on loopback); own checks begin with the keys in *trust_anchor*, or the root's.

    Raises:
        InputError: one of *servers* is no address.
    """

    def __init__(
        self,
        servers: Sequence[str],
        *,
        timeout: float = 5.0,
        pause: float = 0.8,
        ipv4: bool = True,
        ipv6: bool = True,
        private_addresses: bool = True,
        trust: bool | None = None,
        trust_anchor: Path | None = None,
    ) -> None:
        self._trust = trust
        self._trust_anchor = trust_anchor
        self._messages: dict[tuple[str, str], tuple[dns.message.Message, Server]] = {}
        self._servers = tuple(parse_server(text) for text in servers)
        self._best: Server | None = None
        self._timeout = timeout
        self._pause = pause
        self._families = [name for name, wanted in (("AAAA", ipv6), ("A", ipv4)) if wanted]
        self._private_addresses = private_addresses
        self._asked: dict[tuple[str, str], asyncio.Task[DnsAnswer]] = {}

    @property
    def servers(self) -> tuple[str, ...]:
        """The name servers in use."""
        return tuple(str(server) for server in self._servers)

    async def query(self, name: str, rdtype: str) -> DnsAnswer:
        """The records of *rdtype* at *name*; see the seam. Each question is sent once per run."""
        key = _key(name, rdtype)
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = asyncio.create_task(self._resolve(*key))
            task.add_done_callback(_seen)
        return await asyncio.shield(task)

    async def dnssec(self, name: str, rdtype: str) -> Dnssec:
        """What DNSSEC says of the answer to ``query``; see the seam."""
        try:
            answer = await self.query(name, rdtype)
        except DnsFailed as error:
            return Dnssec.BOGUS if error.problem is Problem.DNSSEC_BOGUS else Dnssec.UNKNOWN
        if answer.authenticated:
            return Dnssec.SECURE
        if not answer.records:
            return Dnssec.UNKNOWN
        message, server = self._messages[_key(name, rdtype)]
        signed = any(one.rdtype == dns.rdatatype.RRSIG for one in message.answer)
        if self._is_trusted(server) and not signed:
            return Dnssec.INSECURE
        return await self._validator.check(message)

    def alias(self, host: str) -> str:
        """The name that *host* leads to by aliases; asks nothing."""
        for rdtype in ("A", "AAAA"):
            task = self._asked.get(_key(host, rdtype))
            if task and task.done() and not task.cancelled() and task.exception() is None:
                return task.result().canonical or host
        return host

    @cached_property
    def _validator(self) -> Validator:
        return Validator(self._message, anchors(self._trust_anchor))

    async def _message(self, name: str, rdtype: str) -> dns.message.Message:
        await self.query(name, rdtype)
        return self._messages[_key(name, rdtype)][0]

    def _is_trusted(self, server: Server) -> bool:
        return server.is_loopback if self._trust is None else self._trust

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of *host* that the policy allows, in the order to try them."""
        if literal(host) is not None:
            return self._allowed(host, (host,))
        found = {answer.rdtype: answer.records for answer in await self._families_of(host)}
        listed = interleaved(found.get("AAAA", ()), found.get("A", ()), ipv6_first=_prefers_ipv6())
        return self._allowed(host, listed)

    def _allowed(self, host: str, addresses: tuple[str, ...]) -> tuple[str, ...]:
        if not addresses:
            raise DnsFailed(Problem.NO_ADDRESS, f"{host} has no {self._wanted}")
        allowed = addresses if self._private_addresses else tuple(filter(is_public, addresses))
        if not allowed:
            raise DnsFailed(
                Problem.PRIVATE_ADDRESS,
                f"{host} leads only to private addresses, and these are not contacted from here",
            )
        return allowed

    @property
    def _wanted(self) -> str:
        """What kind of address is looked for, in words."""
        only = self._families[0] if len(self._families) == 1 else None
        return {"A": "IPv4 address", "AAAA": "IPv6 address"}.get(only or "", "address")

    async def _families_of(self, host: str) -> list[DnsAnswer]:
        """What the address families gave; raises only where none of them answered."""
        tasks = [asyncio.create_task(self.query(host, rdtype)) for rdtype in self._families]
        for task in tasks:
            task.add_done_callback(_seen)
        try:
            waiting = await _until_conclusive(tasks)
            done = [task for task in tasks if task not in waiting]
            failed = [error for task in done if (error := task.exception()) is not None]
        finally:
            for task in tasks:
                task.cancel()
        answers = [task.result() for task in done if task.exception() is None]
        if not any(answer.records for answer in answers) and failed:
            raise failed[0]
        if answers and not any(answer.exists for answer in answers):
            raise DnsFailed(Problem.NO_DOMAIN, f"{host} does not exist")
        return answers

    async def _resolve(self, name: str, rdtype: str) -> DnsAnswer:
        if not self._servers:
            raise DnsFailed(Problem.DNS_TIMEOUT, "this machine knows no name server to ask")
        asked = _asked(name, rdtype)
        try:
            async with asyncio.timeout(self._timeout):
                message, server = await self._concluded(asked)
        except TimeoutError:
            raise DnsFailed(
                Problem.DNS_TIMEOUT,
                f"no name server answered for {rdtype} of {name} within {self._timeout:g} s",
            ) from None
        if isinstance(message, DnsFailed):
            raise message
        self._messages[name, rdtype] = message, server
        return _answer(name, rdtype, message, trusted=self._is_trusted(server))

    async def _concluded(self, asked: Asked) -> Conclusion:
        """The first answer, or word of a failed validation, of any server.

        The server that gave it is the first to be asked from then on.
        """
        given_up: set[Server] = set()

        async def attempt(server: Server) -> Conclusion | DnsFailed:
            reply = await ask(server, asked)
            if isinstance(reply, DnsFailed) and reply.problem is not Problem.DNSSEC_BOGUS:
                given_up.add(server)
                return reply
            return reply, server

        def attempts() -> Iterator[Callable[[], Coroutine[Any, Any, Conclusion | DnsFailed]]]:
            for server in sorted(self._servers, key=lambda one: one != self._best) * ROUNDS:
                if server not in given_up:
                    yield partial(attempt, server)

        outcome = await race(attempts(), pause=self._pause, failure=DnsFailed)
        if isinstance(outcome, list):
            raise await diagnosed(outcome, self._servers, asked)
        self._best = outcome[1]
        return outcome


@cache
def _prefers_ipv6() -> bool:
    return has_ipv6_route()


def _seen(task: asyncio.Task[DnsAnswer]) -> None:
    if not task.cancelled():
        task.exception()  # else asyncio complains where every asker has left


def _key(name: str, rdtype: str) -> tuple[str, str]:
    return name.rstrip(".").lower() or ".", rdtype.upper()


def _asked(name: str, rdtype: str) -> Asked:
    try:
        return Asked(dns.name.from_text(name), dns.rdatatype.from_text(rdtype))
    except (dns.exception.DNSException, UnicodeError):
        raise DnsFailed(Problem.NO_DOMAIN, f"{name} is no name that the DNS can hold") from None


async def _until_conclusive(
    tasks: list[asyncio.Task[DnsAnswer]],
) -> set[asyncio.Task[DnsAnswer]]:
    """Waits for all, or a moment longer than for the first that suffices; gives those left."""
    done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    if waiting:
        delay = RESOLUTION_DELAY if any(map(_suffices, done)) else None
        _, waiting = await asyncio.wait(waiting, timeout=delay)
    return waiting


def _suffices(task: asyncio.Task[DnsAnswer]) -> bool:
    """Does it give addresses, or say that the name has none of either family?"""
    if task.exception() is not None:
        return False
    return bool(task.result().records) or not task.result().exists


def _answer(name: str, rdtype: str, message: dns.message.Message, *, trusted: bool) -> DnsAnswer:
    try:
        rrset, canonical = _chained(message)
    except dns.exception.DNSException:
        raise DnsFailed(
            Problem.DNS_SERVFAIL, f"the answer for {rdtype} of {name} contradicts itself"
        ) from None
    return DnsAnswer(
        name,
        rdtype,
        exists=message.rcode() != dns.rcode.NXDOMAIN,
        records=tuple(record(rdata) for rdata in sorted(rrset or (), key=_urgency)[:MAX_RECORDS]),
        authenticated=trusted and bool(message.flags & dns.flags.AD),
        canonical=canonical,
    )


def _urgency(rdata: Any) -> int:
    """What the owner of an MX or SRV record wants to be tried first; others keep their order."""
    urgency: int = getattr(rdata, "preference", getattr(rdata, "priority", 0))
    return urgency


def _chained(message: dns.message.Message) -> tuple[Any, str]:
    """The records at the end of the CNAMEs, or None; and the name there."""
    if not isinstance(message, dns.message.QueryMessage):
        raise dns.exception.FormError
    chain = message.resolve_chaining()
    return chain.answer, chain.canonical_name.to_text(omit_final_dot=True).lower()
