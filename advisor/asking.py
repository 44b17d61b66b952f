"""Asking everybody at once, and looking at every server as soon as somebody names it.

Priority decides the order of the answer, never the time to it. What is found comes together in
``Heard``; nothing is judged here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from typing import Any

from advisor.discovery import ranking
from advisor.discovery._answers import skipped
from advisor.discovery._authenticity import is_open, settled
from advisor.discovery._context import Context
from advisor.discovery._domain import domain_state
from advisor.discovery._planning import planned
from advisor.discovery._runner import Discovery
from advisor.discovery._source import Source
from advisor.engine.case import GUESSED, UNPUBLISHED, MailDomain
from advisor.engine.facts import role
from advisor.heard import Heard, Watch
from advisor.model.address import Subject
from advisor.model.endpoint import INCOMING, Endpoint, Protocol, conventional_ports
from advisor.model.evidence import Answer, Candidate, Outcome, Problem
from advisor.model.observation import Live
from advisor.net._seams import Net
from advisor.options import Options
from advisor.probing.prober import Prober, services

# Once both directions are confirmed, or nothing about mail is open any more, whatever is still
# silent gets this share of the time spent so far, and at least these seconds: a source that hangs
# must not hold up an answer that is there.
GRACE_SHARE = 0.5
GRACE_LEAST = 0.15

# Seconds for one source, within the deadline of the whole command.
SOURCE_DEADLINE = 8.0

# Without a word from any name server for so many seconds, what is known offline is the answer.
QUIET = 1.2

_UNHEARD = frozenset(
    {
        Problem.DNS_TIMEOUT,
        Problem.DNS_REFUSED,
        Problem.DNS_SERVFAIL,
        Problem.UNREACHABLE,
        Problem.REFUSED,
        Problem.CUT_OFF,
    }
)

# What is looked at before anybody names a host; POP3 only where nothing else is found.
_SPECULATED = (Protocol.IMAP, Protocol.SMTP)

# A domain of which the DNS says this has no servers, whatever its usual names lead to.
_MAILLESS = {
    "null-mx": (Problem.NULL_MX, "says that it takes no mail at all"),
    "no-domain": (Problem.NO_DOMAIN, "does not exist"),
}


class Asking:
    """One run over the network; *rank* is the order of the sources.

    One that is *patient* gives up nobody while there is time.
    """

    def __init__(
        self,
        who: Subject,
        options: Options,
        context: Context,
        sources: Sequence[Source],
        rank: Callable[[str], int],
        watch: Watch,
        *,
        patient: bool = False,
    ) -> None:
        if context.net is None:
            raise ValueError("nobody can be asked without a network")
        self._who, self._options, self._rank, self._watch = who, options, rank, watch
        self._patient = patient
        self._net: Net = context.net
        self._context = replace(context, hint=self._speculate)
        self._heard = Heard()
        self._changed = asyncio.Event()
        self._bug: BaseException | None = None
        self._looking: dict[asyncio.Task[None], Endpoint] = {}
        self._checking: set[asyncio.Task[None]] = set()
        asked = planned(sources, who, context)
        self._memory = {q.id for source, q in asked if not source.is_online(context)}
        self._prober = Prober(self._net.streams, resolver=self._net.dns)
        self._discovery = Discovery(
            sources,
            who,
            self._context,
            deadline=SOURCE_DEADLINE,
            on_answer=self._hear,
            on_end=self._changed.set,
        )

    async def run(self) -> Heard:
        """Ask everybody, look at every server, and stop when the answer is whole.

        Services beside mail get no more than the grace that sources get which are still silent.
        """
        loop = asyncio.get_running_loop()
        self._clock, self._start = loop.time, loop.time()
        state = asyncio.create_task(domain_state(self._who.domain.ascii, self._net.dns))
        state.add_done_callback(lambda _: self._changed.set())
        try:
            for question in self._discovery.start():
                self._watch(question)
            await self._listen(state)
        finally:
            try:
                for answer in await self._discovery.cut_off():
                    self._hear(answer)
            finally:
                self._heard.domain = await _settled(state)
                await _given_up(self._checking)
                await self._prober.aclose()
                await asyncio.gather(*self._looking, return_exceptions=True)
        if self._bug is not None:
            raise self._bug
        return self._concluded()

    def _concluded(self) -> Heard:
        heard = self._heard
        if not self._is_heard() or heard.domain.problem is Problem.DNS_ISLAND:
            heard.offline = True
            heard.probed.clear()
        heard.answers = [_sobered(one, self._who, heard.domain) for one in heard.answers]
        hosts = {end.host for end in heard.probed}
        heard.aliases = {h: end for h in sorted(hosts) if (end := self._net.dns.alias(h)) != h}
        return heard

    async def _listen(self, state: asyncio.Task[MailDomain]) -> None:
        deadline = self._start + self._options.timeout
        grace: float | None = None
        while True:
            self._changed.clear()
            if self._bug is not None:
                raise self._bug
            whole = self._is_whole(state)
            if whole and not self._discovery.pending and not self._is_looking_aside():
                return
            now = self._clock()
            if grace is None and not self._patient and (whole or self._is_settled()):
                grace = now + max(GRACE_LEAST, GRACE_SHARE * (now - self._start))
            until = min(deadline, grace or deadline)
            if self._published() and not self._is_heard():
                until = min(until, self._start + QUIET)
            if now >= until:
                return
            try:
                async with asyncio.timeout_at(until):
                    await self._changed.wait()
            except TimeoutError:
                return

    def _hear(self, answer: Answer) -> None:
        self._heard.answers.append(answer)
        self._watch(answer)
        if is_open(answer):
            self._start_task(self._check(answer), self._checking)
        if self._options.probe:
            if answer.question.id == "guess":
                self._speculate([candidate.endpoint for candidate in answer.candidates])
            elif answer.question.id not in GUESSED:
                self._look(one.place for one in answer.candidates if _is_looked_at(one))
                self._look(one.endpoint for one in self._siblings())
        self._changed.set()

    async def _check(self, answer: Answer) -> None:
        """Put what the signatures in the DNS make of *answer* in its place."""
        better = await settled(answer, self._net.dns)
        place = next(n for n, one in enumerate(self._heard.answers) if one is answer)
        self._heard.answers[place] = better

    def _start_task(
        self, work: Coroutine[Any, Any, None], running: set[asyncio.Task[None]]
    ) -> None:
        task = asyncio.create_task(work)
        running.add(task)
        task.add_done_callback(running.discard)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            self._bug = task.exception()
        self._changed.set()

    def _speculate(self, likely: Sequence[Endpoint]) -> None:
        """Look at the likeliest host of each protocol; more would crowd out what is published."""
        if not self._options.probe or self._context.catalogue.by_domain(self._who.domain.ascii):
            return
        first = {end.protocol: end.host for end in reversed(likely)}
        self._look(e for e in likely if e.protocol in _SPECULATED and first[e.protocol] == e.host)

    def _siblings(self) -> tuple[Candidate, ...]:
        return ranking.siblings(self._ordered(), conventional_ports)

    def _certified(self) -> tuple[Candidate, ...]:
        return ranking.certified(self._ordered(), self._heard.probed)

    def _ordered(self) -> list[Answer]:
        return sorted(self._heard.answers, key=lambda answer: self._rank(answer.question.id))

    def _look(self, endpoints: Iterable[Endpoint]) -> None:
        for endpoint in endpoints:
            if endpoint not in self._heard.probed and endpoint not in self._looking.values():
                task = asyncio.create_task(self._probe(endpoint))
                self._looking[task] = endpoint
                task.add_done_callback(self._seen)

    def _seen(self, task: asyncio.Task[None]) -> None:
        del self._looking[task]
        self._ended(task)

    async def _probe(self, endpoint: Endpoint) -> None:
        self._heard.probed[endpoint] = found = await self._prober.probe(endpoint)
        self._watch(found)
        self._look(candidate.endpoint for candidate in self._certified())

    def _is_whole(self, state: asyncio.Task[MailDomain]) -> bool:
        """Has everything about mail been heard? Guesses matter where nobody publishes."""
        if self._checking or not state.done():
            return False
        if any(not question.aside for question in self._discovery.pending):
            return False
        self._heard.domain = state.result()
        guessed = self._needed_guesses()
        self._look(guessed)
        told = (c.endpoint for a in self._published() for c in a.candidates)
        needed = guessed | {end for end in told if role(end.protocol) != "service"}
        needed |= {one.endpoint for one in (*self._siblings(), *self._certified())}
        return needed.isdisjoint(self._looking.values())

    def _is_looking_aside(self) -> bool:
        """Is a service beside mail still being looked at?"""
        return any(role(end.protocol) == "service" for end in self._looking.values())

    def _published(self) -> list[Answer]:
        return [
            one
            for one in self._heard.answers
            if one.candidates and one.question.id not in UNPUBLISHED
        ]

    def _needed_guesses(self) -> set[Endpoint]:
        if not self._options.probe:
            return set()
        told = {c.endpoint.protocol for answer in self._published() for c in answer.candidates}
        return {
            candidate.endpoint
            for answer in self._heard.answers
            if answer.question.id in GUESSED and self._heard.domain.mail not in _MAILLESS
            for candidate in answer.candidates
            if _wanted(candidate.endpoint.protocol, told)
        }

    def _is_heard(self) -> bool:
        """Has anything come back from the network yet?"""
        return any(
            answer.problem not in _UNHEARD and answer.outcome is not Outcome.SKIPPED
            for answer in self._heard.answers
            if answer.question.id not in self._memory
        )

    def _is_settled(self) -> bool:
        """Has a published setting been confirmed in both directions?"""
        published = {c.endpoint for answer in self._published() for c in answer.candidates}
        confirmed = {
            end.protocol
            for end, result in self._heard.probed.items()
            if end in published and result.live is Live.CONFIRMED
        }
        return Protocol.SMTP in confirmed and not confirmed.isdisjoint(INCOMING)


def _is_looked_at(one: Candidate) -> bool:
    """Is there something to look at? Most of what has a web address is no server for us."""
    return one.url is None or one.endpoint.protocol in services()


def _wanted(protocol: Protocol, told: set[Protocol]) -> bool:
    """Does nobody publish anything for the direction of *protocol*?"""
    return told.isdisjoint(INCOMING if protocol in INCOMING else (protocol,))


def _sobered(answer: Answer, who: Subject, domain: MailDomain) -> Answer:
    """*answer*, without its guesses where *domain* turned out to take no mail."""
    guessed = answer.question.id in GUESSED and answer.candidates
    if not guessed or domain.mail not in _MAILLESS:
        return answer
    problem, says = _MAILLESS[domain.mail]
    return skipped(answer.question, f"{who.domain.ascii} {says}", problem)


async def _settled(state: asyncio.Task[MailDomain]) -> MailDomain:
    if not state.done():
        state.cancel()
    try:
        return await state
    except asyncio.CancelledError:
        return MailDomain(problem=Problem.CUT_OFF)


async def _given_up(tasks: Iterable[asyncio.Task[None]]) -> None:
    left = tuple(tasks)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
