"""The pipeline: an address in, a Report out.

All sources start at once. As soon as one names a server, that server is looked at, and likely
hosts are looked at before anybody names them: priority decides the order of the answer, never the
time to it. The rules judge what has come together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from advisor.discovery import ranking
from advisor.discovery._answers import skipped
from advisor.discovery._context import Context
from advisor.discovery._state import domain_state
from advisor.discovery.runner import Discovery, offline_answers, planned, sources
from advisor.engine.case import UNPUBLISHED, Case, MailDomain
from advisor.engine.evaluate import judge
from advisor.knowledge.library import Library
from advisor.knowledge.providers import Catalogue
from advisor.knowledge.suffixes import registrable
from advisor.model.address import Subject, subject
from advisor.model.client import Client
from advisor.model.endpoint import INCOMING, Endpoint, Protocol, conventional_ports
from advisor.model.evidence import Answer, Candidate, Outcome, Problem, Provider, Question, Trust
from advisor.model.observation import Live, ProbeResult
from advisor.model.report import Report
from advisor.net._seams import Net
from advisor.options import Options
from advisor.probing.egress import egress
from advisor.probing.prober import Prober
from advisor.reporting import report

Watch = Callable[[Question | Answer | ProbeResult], None]

# Once both directions are confirmed, whatever is still silent gets this share of the time spent
# so far, and at least these seconds: a source that hangs must not hold up an answer that is there.
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

_SIBLINGS = Question(
    "siblings",
    "the servers themselves, on their other standard ports",
    "a look at the other standard ports of the servers that were named",
)


async def recommend(
    address: str,
    options: Options | None = None,
    *,
    library: Library | None = None,
    net: Net | None = None,
    watch: Watch | None = None,
) -> Report:
    """The settings for *address* (or a bare domain), judged, with reasons and evidence.

    *watch* is told every question, answer and probe result as it comes. *net* replaces the real
    network.

    Raises:
        InputError: the address or an option cannot be used.
        RuleError: the rules are wrong.
    """
    _, found = await survey(address, options, library=library, net=net, watch=watch)
    return found


async def survey(
    address: str,
    options: Options | None = None,
    *,
    library: Library | None = None,
    net: Net | None = None,
    watch: Watch | None = None,
    patient: bool = False,
) -> tuple[Case, Report]:
    """The report of ``recommend`` with the case it rests on.

    One who is *patient* hears every source out, within the time limits.

    Raises:
        InputError, RuleError: as ``recommend``.
    """
    options = options or Options()
    who, library = subject(address), library or Library()
    run = _Run(who, options, library, watch or (lambda _: None), patient=patient)
    if options.offline:
        await run.from_memory()
    else:
        if net is None:
            from advisor.net.open import open_net

            net = open_net(options, warm_up=True)
        await run.ask(net)
    return run.judged()


class _Run:
    """One question on its way to a report."""

    def __init__(
        self, who: Subject, options: Options, library: Library, watch: Watch, *, patient: bool
    ) -> None:
        self._who, self._options, self._library, self._watch = who, options, library, watch
        self._patient = patient
        self._rules = library.rulebook
        self._catalogue = Catalogue(library.entries("providers"))
        self._answers: list[Answer] = []
        self._probed: dict[Endpoint, ProbeResult] = {}
        self._domain = MailDomain()
        self._client = _client(options.client, library)
        self._asked_at = datetime.now(UTC)
        self._servers: tuple[str, ...] = ()
        self._offline = options.offline
        asked = planned(sources(), who, self._context(None))
        self._memory = {question.id for source, question in asked if not source.online}

    async def from_memory(self) -> None:
        """Ask only the sources that need no network."""
        for answer in await offline_answers(sources(), self._who, self._context(None)):
            self._hear(answer)

    async def ask(self, net: Net) -> None:
        """Ask everybody, look at every server, and stop when the answer is whole."""
        self._servers = net.dns.servers
        self._loop = asyncio.get_running_loop()
        self._start = self._loop.time()
        self._changed = asyncio.Event()
        self._bug: BaseException | None = None
        self._looking: dict[asyncio.Task[None], Endpoint] = {}
        self._prober = Prober(net.streams, resolver=net.dns)
        self._discovery = Discovery(
            sources(),
            self._who,
            self._context(net),
            deadline=SOURCE_DEADLINE,
            on_answer=self._hear,
            on_end=self._changed.set,
        )
        state = asyncio.create_task(domain_state(self._who.domain.ascii, net.dns))
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
                self._domain = await _settled(state)
                await self._prober.aclose()
                await asyncio.gather(*self._looking, return_exceptions=True)
        if self._bug is not None:
            raise self._bug
        if not self._is_heard() or self._domain.problem is Problem.DNS_ISLAND:
            self._offline = True
            self._probed.clear()
        self._answers = [_sobered(one, self._who, self._domain) for one in self._answers]

    def _context(self, net: Net | None) -> Context:
        guesses = self._library.single("guesses")
        return Context(
            net=net,
            catalogue=self._catalogue,
            ispdb=self._options.ispdb,
            guesses=tuple(
                (Protocol(protocol), prefix)
                for protocol in ("imap", "pop3", "smtp")
                for prefix in guesses[protocol]
            ),
        )

    async def _listen(self, state: asyncio.Task[MailDomain]) -> None:
        deadline = self._start + self._options.timeout
        grace: float | None = None
        while True:
            self._changed.clear()
            if self._bug is not None:
                raise self._bug
            if self._is_complete(state):
                return
            now = self._loop.time()
            if grace is None and not self._patient and self._is_settled():
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
        self._answers.append(answer)
        self._watch(answer)
        if self._options.offline or not self._options.probe:
            return
        if answer.question.id == "guess":
            self._look(self._speculations(answer))
        else:
            self._look(candidate.endpoint for candidate in answer.candidates if not candidate.url)
            self._look(candidate.endpoint for candidate in self._siblings())
        self._changed.set()

    def _speculations(self, answer: Answer) -> Iterable[Endpoint]:
        """The likeliest host of each protocol: more would crowd out what somebody publishes."""
        if self._catalogue.by_domain(self._who.domain.ascii):
            return ()
        ends = [candidate.endpoint for candidate in answer.candidates]
        first = {end.protocol: end.host for end in reversed(ends)}
        return (e for e in ends if e.protocol in _SPECULATED and first[e.protocol] == e.host)

    def _siblings(self) -> tuple[Candidate, ...]:
        return ranking.siblings(self._ordered(), conventional_ports)

    def _ordered(self) -> list[Answer]:
        return sorted(self._answers, key=lambda a: self._rules.source_rank(a.question.id))

    def _look(self, endpoints: Iterable[Endpoint]) -> None:
        for endpoint in endpoints:
            if endpoint not in self._probed and endpoint not in self._looking.values():
                task = asyncio.create_task(self._probe(endpoint))
                self._looking[task] = endpoint
                task.add_done_callback(self._seen)

    def _seen(self, task: asyncio.Task[None]) -> None:
        del self._looking[task]
        if not task.cancelled() and task.exception() is not None:
            self._bug = task.exception()
        self._changed.set()

    async def _probe(self, endpoint: Endpoint) -> None:
        self._probed[endpoint] = found = await self._prober.probe(endpoint)
        self._watch(found)

    def _is_complete(self, state: asyncio.Task[MailDomain]) -> bool:
        """Has everything that matters been heard? Guesses matter where nobody publishes."""
        if self._discovery.pending or not state.done():
            return False
        self._domain = state.result()
        guessed = self._needed_guesses()
        self._look(guessed)
        needed = guessed | {c.endpoint for a in self._published() for c in a.candidates}
        needed |= {candidate.endpoint for candidate in self._siblings()}
        return needed.isdisjoint(self._looking.values())

    def _published(self) -> list[Answer]:
        return [a for a in self._answers if a.candidates and a.question.id not in UNPUBLISHED]

    def _needed_guesses(self) -> set[Endpoint]:
        if not self._options.probe:
            return set()
        told = {c.endpoint.protocol for answer in self._published() for c in answer.candidates}
        return {
            candidate.endpoint
            for answer in self._answers
            if answer.question.id == "guess" and self._domain.mail not in _MAILLESS
            for candidate in answer.candidates
            if _wanted(candidate.endpoint.protocol, told)
        }

    def _is_heard(self) -> bool:
        """Has anything come back from the network yet?"""
        return any(
            answer.problem not in _UNHEARD and answer.outcome is not Outcome.SKIPPED
            for answer in self._answers
            if answer.question.id not in self._memory
        )

    def _is_settled(self) -> bool:
        """Has a published setting been confirmed in both directions?"""
        published = {c.endpoint for answer in self._published() for c in answer.candidates}
        confirmed = {
            end.protocol
            for end, result in self._probed.items()
            if end in published and result.live is Live.CONFIRMED
        }
        return Protocol.SMTP in confirmed and not confirmed.isdisjoint(INCOMING)

    def judged(self) -> tuple[Case, Report]:
        """Everything that came together, and the report on it."""
        if self._options.probe and not self._offline:
            self._answers.append(self._sibling_answer())
        case = self._case()
        return case, report(
            case,
            judge(case, self._rules),
            probed=self._probed,
            rank=self._rules.source_rank,
            servers=self._servers,
            rules_version=self._library.version,
            asked_at=self._asked_at,
        )

    def _sibling_answer(self) -> Answer:
        found = tuple(
            candidate
            for candidate in self._siblings()
            if (seen := self._probed.get(candidate.endpoint)) and seen.live is not Live.FAILED
        )
        return Answer(
            _SIBLINGS,
            Outcome.FOUND if found else Outcome.NOTHING,
            _SIBLINGS.asked,
            "" if found else "no other standard port of these servers can be used",
            trust=Trust.GUESSED if found else None,
            candidates=self._siblings(),
        )

    def _case(self) -> Case:
        return Case(
            subject=self._who,
            settings=ranking.merge(self._who, self._answers, self._probed, self._rules.source_rank),
            answers=tuple(self._ordered()),
            now=self._asked_at,
            registrable=registrable,
            domain=self._domain,
            provider=self._provider(),
            offline=self._offline,
            probing=self._options.probe,
            egress=egress(self._probed.values()),
            client=self._client,
        )

    def _provider(self) -> Provider | None:
        """The best source's provider; the catalogue's, which knows most, where it has one."""
        ordered = sorted(self._answers, key=lambda a: self._rules.source_rank(a.question.id))
        named = [answer.provider for answer in ordered if answer.provider]
        return next((one for one in named if one.id), None) or next(iter(named), None)


def _client(name: str | None, library: Library) -> Client | None:
    return None if name is None else library.client(name)


def _wanted(protocol: Protocol, told: set[Protocol]) -> bool:
    """Does nobody publish anything for the direction of *protocol*?"""
    return told.isdisjoint(INCOMING if protocol in INCOMING else (protocol,))


def _sobered(answer: Answer, who: Subject, domain: MailDomain) -> Answer:
    """*answer*, without its guesses where *domain* turned out to take no mail."""
    if answer.question.id != "guess" or not answer.candidates or domain.mail not in _MAILLESS:
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
