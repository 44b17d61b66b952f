"""Looking at endpoints: each once, few at a time on one server, never raising what a server did."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from weakref import WeakValueDictionary

from advisor import _plugins
from advisor.dialogues._base import Dialogue
from advisor.errors import LookupFailed, ProbeFailed, ProbeTimeout, TlsFailed
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Problem
from advisor.model.observation import ProbeResult, Reached
from advisor.model.reach import ProgramHello
from advisor.net._seams import Connector, Resolver
from advisor.net.stream import Timeouts, place
from advisor.probing._judgement import (
    deserves_second_look,
    expects_tls,
    may_expect_tls,
    not_checked,
    result,
)
from advisor.probing._places import Beside
from advisor.probing.driver import STEPS, Driver, Look, Player, Trace
from advisor.probing.injection import obeys_injected
from advisor.probing.plain_http import plain_http
from advisor.probing.programs import tried
from advisor.probing.thorough import examined
from advisor.probing.visits import Visitor
from advisor.probing.weaknesses import tempted
from advisor.services._base import HTTPS, Service

CONNECTIONS = 64
CONNECTIONS_PER_SERVER = 4

# Seconds for a server that kept silent to answer a TLS handshake.
GLANCE = 2.0


@cache
def dialogues() -> Mapping[Protocol, Dialogue]:
    """The dialogue of every protocol that has one."""
    found = _plugins.collect("advisor.dialogues", "DIALOGUE").values()
    return {dialogue.protocol: dialogue for dialogue in found}


@cache
def services() -> Mapping[Protocol, Service]:
    """The look at every service over HTTPS that can be looked at."""
    found = _plugins.collect("advisor.services", "SERVICE").values()
    return {service.protocol: service for service in found}


class Prober:
    """Probes endpoints through *connector*, for one run.

    At most *connections* are open at a time, and at most four to one server: to each address that
    its host leads to, whichever is dialled, where a *resolver* is given to tell; to one host name
    otherwise. Other connections of the run, such as those of HTTP, are not counted. *on_result* is
    called with every result once; *trace* gets a line of safe text for each step. *thorough* looks
    closer at TLS and tries an injection behind STARTTLS, on 21 more connections at most, and sends
    each of *hellos* that may fit; what these take too long for is left out.
    """

    def __init__(
        self,
        connector: Connector,
        timeouts: Timeouts | None = None,
        *,
        resolver: Resolver | None = None,
        connections: int = CONNECTIONS,
        on_result: Callable[[ProbeResult], None] | None = None,
        trace: Trace | None = None,
        thorough: bool = False,
        hellos: Sequence[ProgramHello] = (),
    ) -> None:
        self._connector = connector
        self._timeouts = timeouts or Timeouts()
        self._resolver = resolver
        self._all = asyncio.Semaphore(connections)
        self._servers: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._tasks: dict[Endpoint, asyncio.Task[ProbeResult]] = {}
        self._looks: dict[Endpoint, list[Look]] = {}
        self._on_result = on_result or (lambda _: None)
        self._trace = trace
        self._thorough = thorough
        self._hellos = hellos
        self._closed = False

    async def probe(self, endpoint: Endpoint, *, patience: float | None = None) -> ProbeResult:
        """What *endpoint* really offers; asked twice, it is still looked at once.

        A caller that is cancelled leaves the look to the others. With *patience* the caller waits
        for so many seconds at most, and gets a time-out with what was seen until then; the look
        goes on. Where ``aclose`` or the caller's time cuts off a look that has not failed yet or
        not begun, the result is "not checked", with what was seen until then.
        """
        if endpoint not in self._tasks:
            if self._closed:
                return self._cut_off(endpoint)
            self._tasks[endpoint] = asyncio.create_task(self._probe(endpoint))
        task = self._tasks[endpoint]
        await asyncio.wait([task], timeout=patience)
        if not task.done():
            return self._late(endpoint, patience or 0)
        return self._cut_off(endpoint) if task.cancelled() else task.result()

    async def aclose(self) -> None:
        """Give up everything that is still under way, and wait until its connections are closed."""
        self._closed = True
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _probe(self, endpoint: Endpoint) -> ProbeResult:
        spoken = dialogues().get(endpoint.protocol) or services().get(endpoint.protocol)
        if spoken is None:
            found = not_checked(endpoint, None, f"{endpoint.protocol} cannot be probed")
        else:
            servers = await self._addresses(endpoint.host)
            rooms = [*map(self._slot, servers), self._all]
            async with AsyncExitStack() as places:
                for room in rooms:
                    await places.enter_async_context(room)
                found = await self._examine(endpoint, spoken, Beside(self._connector, rooms))
        self._on_result(found)
        return found

    async def _examine(
        self, endpoint: Endpoint, spoken: Dialogue | Service, beside: Connector
    ) -> ProbeResult:
        looks = self._looks[endpoint] = [Look()]
        try:
            async with asyncio.timeout(self._timeouts.total):
                await self._look(endpoint, spoken, looks[0], beside, verify=True)
                if deserves_second_look(looks[0]):
                    looks.append(Look())
                    await self._look(endpoint, spoken, looks[1], beside, verify=False)
                elif may_expect_tls(endpoint, looks[0]) and await self._speaks_tls(endpoint):
                    looks[0].failure = expects_tls(endpoint)
        except TimeoutError:
            looks[-1].failure = _overdue(endpoint, looks[-1], self._timeouts.total)
        looks[-1].over = True
        if isinstance(spoken, Service) and endpoint.port == HTTPS and looks[-1].tls is not None:
            looks[-1].plain_http = await plain_http(endpoint, spoken, beside)
        if self._thorough:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timeouts.total):
                    await self._examine_tls(endpoint, spoken, looks, beside)
        return result(endpoint, looks, datetime.now(UTC))

    async def _examine_tls(
        self,
        endpoint: Endpoint,
        spoken: Dialogue | Service,
        looks: Sequence[Look],
        beside: Connector,
    ) -> None:
        """What takes connections of its own: bytes behind STARTTLS, and all about TLS."""
        look, failure = looks[-1], looks[0].failure
        if look.tls is None:
            return
        dialogue = spoken if isinstance(spoken, Dialogue) else None
        if endpoint.security is Security.STARTTLS and dialogue is not None:
            look.obeys_injected = await obeys_injected(endpoint, dialogue, beside)
        code = failure.code if isinstance(failure, TlsFailed) else None
        code = 0 if looks[0].tls is not None else code
        at = (endpoint, dialogue, beside, self._resolver)
        look.tls = await examined(*at, look.tls, code)
        look.tls = await tempted(*at[:3], look.tls)
        async with aclosing(tried(*at[:3], look.tls, self._hellos)) as more:
            async for tls in more:
                look.tls = tls

    async def _speaks_tls(self, endpoint: Endpoint) -> bool:
        """Does a server that was silent answer a TLS handshake?"""
        try:
            async with asyncio.timeout(GLANCE):
                stream = await self._connector.connect(endpoint.host, endpoint.port)
                try:
                    await stream.start_tls(verify=False)
                finally:
                    await stream.close()
        except (ProbeFailed, TimeoutError, ValueError):
            return False
        self._tell(f"{place(endpoint.host, endpoint.port)} -- answers a TLS handshake --")
        return True

    async def _look(
        self,
        endpoint: Endpoint,
        spoken: Dialogue | Service,
        look: Look,
        beside: Connector,
        *,
        verify: bool,
    ) -> None:
        """One connection, from the handshake of TCP to the goodbye; failures are kept in *look*.

        A web service may lead on; one connection at a time is open then, too.
        """
        where = place(endpoint.host, endpoint.port)
        try:
            connector = beside if isinstance(spoken, Service) else self._connector
            stream = await connector.connect(endpoint.host, endpoint.port)
            look.address = stream.address
            look.reach(Reached.CONNECT)
            self._tell(f"{where} -- connected to {stream.address} --")
            at = (stream, look, where, endpoint.security, verify, self._trace)
            player: Player
            if isinstance(spoken, Service):
                player = Visitor(*at, spoken, endpoint, connector)
            else:
                player = Driver(*at, spoken)
            try:
                await player.run()
            finally:
                await player.leave()
        except ProbeFailed as error:
            look.failure = error
            self._tell(f"{where} !! {error}")

    def _tell(self, text: str) -> None:
        if self._trace is not None:
            self._trace(text)

    async def _addresses(self, host: str) -> list[str]:
        """The addresses that *host* leads to, or *host* where they are not known.

        In one order for all hosts, so that nobody waits in a circle.
        """
        if self._resolver is None:
            return [host]
        try:
            return sorted(set(await self._resolver.addresses(host))) or [host]
        except LookupFailed:
            return [host]

    def _slot(self, server: str) -> asyncio.Semaphore:
        slot = self._servers.get(server) or asyncio.Semaphore(CONNECTIONS_PER_SERVER)
        self._servers[server] = slot
        return slot

    def _cut_off(self, endpoint: Endpoint) -> ProbeResult:
        """What is known when nobody waits any longer; a first look that has failed is a result."""
        looks = self._looks.get(endpoint) or [Look()]
        if looks[0].failure is not None or looks[-1].over:
            return result(endpoint, looks, datetime.now(UTC))
        where = place(endpoint.host, endpoint.port)
        reason = f"{where} was given up before it had answered"
        return not_checked(endpoint, Problem.CUT_OFF, reason, looks[0])

    def _late(self, endpoint: Endpoint, patience: float) -> ProbeResult:
        """What is known when the caller's time is over; nothing is said of what was not begun."""
        looks = self._looks.get(endpoint)
        if not looks or looks[0].failure is not None or looks[-1].over:
            return self._cut_off(endpoint)
        overdue = replace(looks[0], failure=_overdue(endpoint, looks[0], patience))
        return result(endpoint, [overdue], datetime.now(UTC))


def _overdue(endpoint: Endpoint, look: Look, limit: float) -> ProbeTimeout:
    where, reached = place(endpoint.host, endpoint.port), look.seen.reached
    if reached is Reached.NOTHING:
        story = f"was not reached within {limit:g} s"
    else:
        story = f"{STEPS[reached]} and then did not finish within {limit:g} s in all"
    return ProbeTimeout(Problem.TIMEOUT, f"{where} {story}")
