"""One `recommend` over a network with a distance, counted in round trips.

A round trip is measured, not assumed: the relay's timers add a little. The bounds are those of
`performance.md` §4: what data flow allows, each input used as soon as it is there, and what
looking at likely hosts from the beginning allows.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

from advisor.advise import recommend
from advisor.engine.case import UNPUBLISHED
from advisor.knowledge.library import Library
from advisor.loop import run
from advisor.model.endpoint import INCOMING, Endpoint, Protocol
from advisor.model.evidence import Answer, Question
from advisor.model.observation import Live, ProbeResult
from advisor.model.report import Report, Setting
from advisor.options import Options
from tests.lab.scenarios import ISPDB

from . import relay
from .distant import NONE, Distance, Faults, distant_lab
from .rows import Row, interleaved, ms
from .startup import OFFLINE, Place, module

ROUND_TRIPS = (0.05, 0.1)
RUNS = 7
FAULT_RUNS = 3
PROCESS_RUNS = 5

BUDGET = 8.2
FAULTS_BUDGET = 1.2

TARPIT = f"{ISPDB.name}:443"


@dataclass(frozen=True)
class Trip:
    """One domain, its two bounds in round trips, and what is wrong in the run with faults."""

    domain: str
    shows: str
    dataflow: int
    speculative: int
    faults: Faults


GOOD = Trip(
    "good.test",
    "autoconfig, SRV, MX",
    8,
    7,
    Faults("three faults", (TARPIT,), ("good.test",), ("autoconfig.good.test",)),
)
SRV = Trip(
    "srv.test",
    "SRV only",
    8,
    7,
    Faults("three faults", (TARPIT,), ("srv.test",), ("autoconfig.srv.test",)),
)
WELL_KNOWN = Trip(
    "wellknown.test",
    "autoconfig only",
    11,
    7,
    Faults("three faults", (TARPIT,), ("mail.wellknown.test",), ("autoconfig.wellknown.test",)),
)
TRIPS = (GOOD, SRV, WELL_KNOWN)

# One thing wrong at a time, to tell which of them costs what.
SINGLE_FAULTS = (
    (GOOD, Faults("the ISPDB is a tarpit", tarpits=(TARPIT,))),
    (GOOD, Faults("the ISPDB is dead", dead=(ISPDB.name,))),
    (GOOD, Faults("autoconfig host is a tarpit", tarpits=("autoconfig.good.test:443",))),
    (GOOD, Faults("autoconfig host is dead", dead=("autoconfig.good.test",))),
    (GOOD, Faults("silent: autoconfig.good.test", silent=("autoconfig.good.test",))),
    (GOOD, Faults("silent: AAAA of imap", silent=("AAAA imap.good.test",))),
    (GOOD, Faults("silent: mail.good.test", silent=("mail.good.test",))),
    (GOOD, Faults("mail.good.test is dead", dead=("mail.good.test",))),
    (GOOD, Faults("silent: MX", silent=("MX good.test",))),
    (GOOD, Faults("silent: one SRV label", silent=("_pop3s._tcp.good.test",))),
    (GOOD, Faults("a published port is a tarpit", tarpits=("pop.good.test:995",))),
    (SRV, Faults("silent: mail.srv.test", silent=("mail.srv.test",))),
    (SRV, Faults("silent: one SRV label", silent=("_pop3s._tcp.srv.test",))),
    (WELL_KNOWN, Faults("silent: mail.wellknown.test", silent=("mail.wellknown.test",))),
    (WELL_KNOWN, Faults("silent: MX", silent=("MX wellknown.test",))),
    (WELL_KNOWN, Faults("mail.wellknown.test is dead", dead=("mail.wellknown.test",))),
)


@dataclass
class Took:
    """When things happened in one run, in seconds since it was asked, and what came of it."""

    report: Report
    whole: float
    events: list[tuple[float, Question | Answer | ProbeResult]] = field(default_factory=list)

    def recommended(self) -> float:
        """Until both settings that the report puts first were confirmed."""
        times = self._confirmed()
        firsts = (self.report.incoming[:1], self.report.outgoing[:1])
        return max(times.get(one[0].endpoint, math.inf) if one else math.inf for one in firsts)

    def pair(self) -> float:
        """Until a published setting in each direction was confirmed."""
        times = self._confirmed()
        incoming = (when for end, when in times.items() if end.protocol in INCOMING)
        outgoing = (when for end, when in times.items() if end.protocol is Protocol.SMTP)
        return max(min(incoming, default=math.inf), min(outgoing, default=math.inf))

    def every(self) -> float:
        """Until the last of the published settings that were confirmed was."""
        return max(self._confirmed().values(), default=math.inf)

    def unchecked(self) -> int:
        """How many settings of the report nobody had the time to check."""
        settings: Sequence[Setting] = (*self.report.incoming, *self.report.outgoing)
        return sum(one.live is Live.NOT_CHECKED for one in settings)

    def _confirmed(self) -> dict[Endpoint, float]:
        """The published endpoints that were confirmed, and when both was known."""
        named: dict[Endpoint, float] = {}
        seen: dict[Endpoint, float] = {}
        for when, event in self.events:
            if isinstance(event, Answer) and event.question.id not in UNPUBLISHED:
                for candidate in event.candidates:
                    named.setdefault(candidate.endpoint, when)
            elif isinstance(event, ProbeResult) and event.live is Live.CONFIRMED:
                seen[_endpoint(event)] = when
        return {end: max(named[end], when) for end, when in seen.items() if end in named}


def _endpoint(result: ProbeResult) -> Endpoint:
    return Endpoint(result.protocol, result.host, result.port, result.security)


def ask(domain: str, options: Options, library: Library) -> Took:
    """One run in this process."""
    start = time.perf_counter()
    took: list[tuple[float, Question | Answer | ProbeResult]] = []
    report = run(
        recommend(
            f"jane@{domain}",
            options,
            library=library,
            watch=lambda event: took.append((time.perf_counter() - start, event)),
        )
    )
    return Took(report, time.perf_counter() - start, took)


def rows() -> Iterator[Row]:
    """Every row of this group."""
    with distant_lab(trip.domain for trip in TRIPS) as far:
        library = Library()
        for rtt in ROUND_TRIPS:
            real = far.round_trip(rtt)
            yield Row(f"a round trip of {ms(rtt)} through the relay", ms(real))
            for trip in TRIPS:
                well, ill = _runs(far, trip.domain, rtt, trip.faults, library, RUNS)
                yield from _alone(trip, well, real)
                yield from _compared(f"{trip.domain}, {trip.faults.shows}", well, ill, real)
        yield from _processes(far)


def single_faults() -> Iterator[Row]:
    """What each fault alone costs."""
    rtt, library = ROUND_TRIPS[-1], Library()
    with distant_lab(trip.domain for trip in TRIPS) as far:
        real = far.round_trip(rtt)
        for trip, faults in SINGLE_FAULTS:
            well, ill = _runs(far, trip.domain, rtt, faults, library, FAULT_RUNS)
            yield from _compared(f"{trip.domain}, {faults.shows}", well, ill, real)


def _runs(
    far: Distance, domain: str, rtt: float, faults: Faults, library: Library, times: int
) -> tuple[list[Took], list[Took]]:
    """Runs without and with *faults*, in turn; the first of each only warms up."""
    well: list[Took] = []
    ill: list[Took] = []
    for _ in range(times + 1):
        for kept, wrong in ((well, NONE), (ill, faults)):
            far.order(rtt, wrong)
            kept.append(ask(domain, far.options, library))
    return well[1:], ill[1:]


def _alone(trip: Trip, well: list[Took], real: float) -> Iterator[Row]:
    name = f"{trip.domain} ({trip.shows})"
    bounds = f"bounds {trip.dataflow} and {trip.speculative}"
    both = median(map(Took.recommended, well)) / real
    yield Row(
        f"{name}: both recommended settings confirmed",
        ms(both * real),
        f"{both:.2f} RTT, {bounds}",
        f"<= {BUDGET} RTT",
        both <= BUDGET,
    )
    moments: dict[str, Callable[[Took], float]] = {
        "a published one each way confirmed": Took.pair,
        "the last published one confirmed": Took.every,
        "report": lambda one: one.whole,
    }
    for moment, when in moments.items():
        taken = median(map(when, well))
        yield Row(f"{name}: {moment}", ms(taken), f"{taken / real:.2f} RTT")
    left = median(one.unchecked() for one in well)
    yield Row(f"{name}: settings given up unchecked", f"{left:g}", "", "none", not left)


def _compared(name: str, well: list[Took], ill: list[Took], real: float) -> Iterator[Row]:
    """The rows of *ill* beside *well*."""
    moments: dict[str, Callable[[Took], float]] = {
        "both confirmed": Took.recommended,
        "report": lambda one: one.whole,
    }
    for moment, when in moments.items():
        taken = median(map(when, ill))
        factor = taken / median(map(when, well))
        yield Row(
            f"{name}: {moment}",
            ms(taken),
            f"{taken / real:.2f} RTT, {factor:.2f} × without",
            f"<= {FAULTS_BUDGET:.2f} ×",
            factor <= FAULTS_BUDGET,
        )


def _processes(far: Distance) -> Iterator[Row]:
    """Whole processes, with what an offline answer takes beside them."""
    rtt = ROUND_TRIPS[-1]
    real = far.round_trip(rtt)
    with tempfile.TemporaryDirectory(prefix="advisor-benchmark-") as folder:
        place = Place(Path(folder))
        commands = {"start-up": module(*OFFLINE)} | {
            trip.domain: module("recommend", f"jane@{trip.domain}", *_arguments(far.options))
            for trip in TRIPS
        }
        for command in commands.values():
            place.run(command)
        works = {name: partial(place.seconds, command) for name, command in commands.items()}
        taken = interleaved(works, PROCESS_RUNS)
    start_up = median(taken.pop("start-up"))
    for name, times in taken.items():
        whole = median(times)
        yield Row(
            f"{name}, whole process",
            ms(whole),
            f"{(whole - start_up) / real:.2f} RTT + {ms(start_up)} offline",
        )


def _arguments(options: Options) -> list[str]:
    return [
        *("--nameserver", options.nameservers[0]),
        *("--ca-file", str(options.ca_file)),
        *("--ispdb", str(options.ispdb)),
    ]


def timelines() -> Iterator[str]:
    """What happened when, for each domain without and with its faults, in round trips."""
    rtt, library = ROUND_TRIPS[-1], Library()
    with distant_lab(trip.domain for trip in TRIPS) as far:
        real = far.round_trip(rtt)
        for trip in TRIPS:
            for faults in (NONE, trip.faults):
                far.order(rtt, faults)
                ask(trip.domain, far.options, library)
                far.order(rtt, faults)
                start = time.monotonic()
                took = ask(trip.domain, far.options, library)
                yield f"\n{trip.domain}, wrong: {faults.shows}; in round trips of {ms(real)}"
                yield from _timeline(took, far.order(rtt), start, real)


def _timeline(took: Took, seen: relay.Seen, start: float, real: float) -> Iterator[str]:
    events = [(when - start, f"-> {what}") for when, what in seen]
    events += [(when, _told(event)) for when, event in took.events]
    events.append((took.whole, "the report"))
    for when, what in sorted(events):
        if what:
            yield f"{when / real:7.2f}  {what}"


def _told(event: Question | Answer | ProbeResult) -> str:
    match event:
        case Answer():
            return f"{event.question.id}: {event.outcome}: {event.reason}"
        case ProbeResult():
            seen = event.observation
            steps = ", ".join(f"{name} {1000 * took:.0f} ms" for name, took in seen.seconds.items())
            return f"{_endpoint(event)}: {event.live}: {seen.error or steps}"
    return ""
