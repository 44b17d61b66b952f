"""Looking at endpoints: each once, few at a time on one server, never raising what a server did."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from weakref import WeakValueDictionary

from advisor import _plugins
from advisor.dialogues._base import Dialogue
from advisor.errors import LookupFailed, ProbeFailed, ProbeTimeout
from advisor.model.endpoint import Endpoint, Protocol
from advisor.model.evidence import Problem
from advisor.model.observation import ProbeResult, Reached
from advisor.net._seams import Connector, Resolver
from advisor.net.stream import Timeouts, place
from advisor.probing._judgement import deserves_second_look, not_checked, result
from advisor.probing.driver import STEPS, Driver, Look, Trace

CONNECTIONS = 64
CONNECTIONS_PER_SERVER = 4


@cache
def dialogues() -> Mapping[Protocol, Dialogue]:
    """The dialogue of every protocol that has one."""
    found = _plugins.collect("advisor.dialogues", "DIALOGUE").values()
    return {dialogue.protocol: dialogue for dialogue in found}


class Prober:
    """Probes endpoints through *connector*, for one run.

    At most *connections* are open at a time, and at most four to one server: one address where a
    *resolver* is given to tell, one host name otherwise. *on_result* is called with every result
    once; *trace* gets a line of safe text for each step.
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
    ) -> None:
        self._connector = connector
        self._timeouts = timeouts or Timeouts()
        self._resolver = resolver
        self._all = asyncio.Semaphore(connections)
        self._servers: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._tasks: dict[Endpoint, asyncio.Task[ProbeResult]] = {}
        self._on_result = on_result or (lambda _: None)
        self._trace = trace
        self._closed = False

    async def probe(self, endpoint: Endpoint) -> ProbeResult:
        """What *endpoint* really offers; asked twice, it is still looked at once.

        A caller that is cancelled leaves the look to the others. After ``aclose`` the result is
        "not checked".
        """
        if endpoint not in self._tasks:
            if self._closed:
                return _cut_off(endpoint)
            self._tasks[endpoint] = asyncio.create_task(self._probe(endpoint))
        task = self._tasks[endpoint]
        await asyncio.wait([task])
        return _cut_off(endpoint) if task.cancelled() else task.result()

    async def aclose(self) -> None:
        """Give up everything that is still under way, and wait until its connections are closed."""
        self._closed = True
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _probe(self, endpoint: Endpoint) -> ProbeResult:
        dialogue = dialogues().get(endpoint.protocol)
        if dialogue is None:
            found = not_checked(endpoint, None, f"{endpoint.protocol} cannot be probed")
        else:
            server = await self._server(endpoint.host)
            async with self._slot(server), self._all:
                found = await self._examine(endpoint, dialogue)
        self._on_result(found)
        return found

    async def _examine(self, endpoint: Endpoint, dialogue: Dialogue) -> ProbeResult:
        first, second = Look(), None
        try:
            async with asyncio.timeout(self._timeouts.total):
                await self._look(endpoint, dialogue, first, verify=True)
                if deserves_second_look(first):
                    second = Look()
                    await self._look(endpoint, dialogue, second, verify=False)
        except TimeoutError:
            last = second or first
            last.failure = self._overdue(endpoint, last.seen.reached)
        return result(endpoint, first, second, datetime.now(UTC))

    async def _look(
        self, endpoint: Endpoint, dialogue: Dialogue, look: Look, *, verify: bool
    ) -> None:
        """One connection, from the handshake of TCP to the goodbye; failures are kept in *look*."""
        where = place(endpoint.host, endpoint.port)
        try:
            stream = await self._connector.connect(endpoint.host, endpoint.port)
            look.address = stream.address
            look.reach(Reached.CONNECT)
            self._tell(f"{where} -- connected to {stream.address} --")
            try:
                driver = Driver(dialogue, stream, look, where, verify, self._trace)
                await driver.run(endpoint.security)
            finally:
                await stream.close()
        except ProbeFailed as error:
            look.failure = error
            self._tell(f"{where} !! {error}")

    def _tell(self, text: str) -> None:
        if self._trace is not None:
            self._trace(text)

    async def _server(self, host: str) -> str:
        """The address that *host* leads to first, or *host* where that is not known."""
        if self._resolver is None:
            return host
        try:
            return (await self._resolver.addresses(host))[0]
        except (LookupFailed, IndexError):
            return host

    def _slot(self, server: str) -> asyncio.Semaphore:
        slot = self._servers.get(server) or asyncio.Semaphore(CONNECTIONS_PER_SERVER)
        self._servers[server] = slot
        return slot

    def _overdue(self, endpoint: Endpoint, reached: Reached) -> ProbeTimeout:
        where, limit = place(endpoint.host, endpoint.port), self._timeouts.total
        if reached is Reached.NOTHING:
            story = f"was not reached within {limit:g} s"
        else:
            story = f"{STEPS[reached]} and then did not finish within {limit:g} s in all"
        return ProbeTimeout(Problem.TIMEOUT, f"{where} {story}")


def _cut_off(endpoint: Endpoint) -> ProbeResult:
    return not_checked(
        endpoint,
        Problem.CUT_OFF,
        f"{place(endpoint.host, endpoint.port)} was given up before it had answered",
    )
