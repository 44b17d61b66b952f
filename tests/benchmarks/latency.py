"""One `recommend` over a network with a distance, counted in round trips.

A round trip is measured, not assumed: the relay's timers add a little. The bounds are those of
`performance.md` §4: what data flow allows, each input used as soon as it is there, and what
looking at likely hosts from the beginning allows.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

import dns.message

from advisor.advise import recommend
from advisor.engine.case import UNPUBLISHED
from advisor.knowledge.library import Library
from advisor.loop import run
from advisor.model.endpoint import INCOMING, Endpoint, Protocol
from advisor.model.evidence import Answer, Question
from advisor.model.observation import Live, ProbeResult
from advisor.model.report import Report
from advisor.options import Options
from tests.lab import lab as lab_module
from tests.lab.lab import Lab
from tests.lab.scenarios import BY_NAME, ISPDB, NETWORK, Dns

from . import relay
from .rows import Row, interleaved, ms
from .startup import OFFLINE, Place, module

ROUND_TRIPS = (0.05, 0.1)
RUNS = 7
PROCESS_RUNS = 5
PINGS = 9

BUDGET = 8.2
FAULTS_BUDGET = 1.2

TARPIT = f"{ISPDB.name}:443"


@dataclass(frozen=True)
class Trip:
    """One domain: its bounds in round trips, and what is wrong in the run with faults.

    *tarpits* are "host name:port"; *dead* and *silent* as in ``relay.Orders``.
    """

    domain: str
    shows: str
    dataflow: int
    speculative: int
    tarpits: tuple[str, ...] = ()
    dead: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


TRIPS = (
    Trip(
        "good.test",
        "autoconfig, SRV and MX",
        8,
        7,
        (TARPIT,),
        ("good.test",),
        ("autoconfig.good.test",),
    ),
    Trip("srv.test", "SRV only", 8, 7, (TARPIT,), ("srv.test",), ("autoconfig.srv.test",)),
    Trip(
        "wellknown.test",
        "autoconfig only",
        11,
        7,
        (TARPIT,),
        ("mail.wellknown.test",),
        ("autoconfig.wellknown.test",),
    ),
)

# One thing wrong at a time, to tell which of them costs what.
FAULTS = (
    Trip("good.test", "ISPDB is a tarpit", 8, 7, tarpits=(TARPIT,)),
    Trip("good.test", "ISPDB is dead", 8, 7, dead=(ISPDB.name,)),
    Trip("good.test", "autoconfig host is a tarpit", 8, 7, tarpits=("autoconfig.good.test:443",)),
    Trip("good.test", "autoconfig host is dead", 8, 7, dead=("autoconfig.good.test",)),
    Trip("good.test", "no answer for autoconfig.good.test", 8, 7, silent=("autoconfig.good.test",)),
    Trip("good.test", "no answer for AAAA of autoconfig", 8, 7, silent=("AAAA autoconfig.good.test",)),
    Trip("good.test", "no answer for AAAA of imap", 8, 7, silent=("AAAA imap.good.test",)),
    Trip("good.test", "no answer for mail.good.test", 8, 7, silent=("mail.good.test",)),
    Trip("good.test", "mail.good.test is dead", 8, 7, dead=("mail.good.test",)),
    Trip("good.test", "no answer for MX", 8, 7, silent=("MX good.test",)),
    Trip("good.test", "no answer for one SRV label", 8, 7, silent=("_pop3s._tcp.good.test",)),
    Trip("good.test", "a published port is a tarpit", 8, 7, tarpits=("pop.good.test:995",)),
    Trip("srv.test", "no answer for one SRV label", 8, 7, silent=("_pop3s._tcp.srv.test",)),
)  # fmt: skip


class Relay:
    """The relay in a process of its own, and what is measured through it."""

    def __init__(self, process: subprocess.Popen[str], options: Options) -> None:
        """Give it orders with ``order``."""
        self._process = process
        self.options = options
        self._open = [
            f"{place}:{port}"
            for name in {ISPDB.name, *(trip.domain for trip in TRIPS)}
            for place, port in _places(name)
        ]

    def order(self, rtt: float, trip: Trip | None = None) -> relay.Seen:
        """From now on *rtt*, with the faults of *trip*; what was seen until now."""
        orders = relay.Orders(rtt, self._open)
        if trip is not None:
            orders.tarpits = [_placed(tarpit) for tarpit in trip.tarpits]
            orders.dead, orders.silent = list(trip.dead), list(trip.silent)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(asdict(orders)), file=self._process.stdin, flush=True)
        return [(when, what) for when, what in json.loads(self._process.stdout.readline())]

    def round_trip(self, rtt: float) -> float:
        """How long a question to the DNS really takes when *rtt* is ordered."""
        self.order(rtt)
        return median(self._ping() for _ in range(PINGS))

    def _ping(self) -> float:
        question = dns.message.make_query("imap.good.test", "A").to_wire()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(5)
            sock.connect((relay.NAME_SERVER, relay.NAME_SERVER_PORT))
            start = time.perf_counter()
            sock.send(question)
            sock.recv(0x1000)
            return time.perf_counter() - start


def _places(name: str) -> Iterator[tuple[str, int]]:
    """Host part of the address and port of everything that listens for a domain."""
    domain = BY_NAME[name]
    assert domain.dns is Dns.UNSIGNED
    listening = [(s.host, port) for s in domain.servers for port in s.ports]
    listening += [(site.host, site.port) for site in domain.sites]
    for host, port in listening:
        yield domain.address(host).removeprefix(f"{NETWORK}."), port


def _placed(tarpit: str) -> str:
    """The place of "host name:port" on the relay."""
    name, _, port = tarpit.partition(":")
    domain = next(
        one for one in BY_NAME.values() if name == one.name or name.endswith(f".{one.name}")
    )
    host = name.removesuffix(domain.name).removesuffix(".") or "@"
    return f"{domain.address(host).removeprefix(f'{NETWORK}.')}:{port}"


@contextmanager
def distant_lab() -> Iterator[Relay]:
    """The lab, a relay away; a lab that is already up on this machine is used."""
    with ExitStack() as stack:
        ca_file = _running_lab() or stack.enter_context(Lab()).ca_file
        options = Options(
            nameservers=(f"{relay.NAME_SERVER}:{relay.NAME_SERVER_PORT}",),
            ca_file=ca_file,
            ispdb="https://ispdb.test/v1.1/",
        )
        process = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", relay.__name__],
                cwd=Path(__file__).parents[2],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        yield Relay(process, options)


def _running_lab() -> Path | None:
    """The CA file of a lab that somebody else has started."""
    found = list(lab_module.PLACE.glob(f"{lab_module.PREFIX}*/authority/ca.pem"))
    return found[0] if found and _answers() else None


def _answers() -> bool:
    try:
        with socket.create_connection((ISPDB.address("@"), 443), timeout=1):
            return True
    except OSError:
        return False


@dataclass
class Took:
    """When things happened in one run, in seconds since it was asked, and what came of it."""

    report: Report
    whole: float
    events: list[tuple[float, Question | Answer | ProbeResult]] = field(default_factory=list)

    def pair(self) -> float:
        """Until a published setting in each direction was confirmed."""
        times = self._confirmed()
        return max(
            min(when for end, when in times.items() if end.protocol in INCOMING),
            min(when for end, when in times.items() if end.protocol is Protocol.SMTP),
        )

    def recommended(self) -> float:
        """Until both settings that the report puts first were confirmed."""
        times = self._confirmed()
        return max(times[one[0].endpoint] for one in (self.report.incoming, self.report.outgoing))

    def every(self) -> float:
        """Until the last published setting was confirmed."""
        return max(self._confirmed().values())

    def unchecked(self) -> int:
        """How many settings of the report nobody had the time to check."""
        settings = (*self.report.incoming, *self.report.outgoing)
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


MOMENTS = {
    "both recommended settings confirmed": Took.recommended,
    "one published setting each way confirmed": Took.pair,
    "every published setting confirmed": Took.every,
}


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
    with distant_lab() as far:
        library = Library()
        for rtt in ROUND_TRIPS:
            real = far.round_trip(rtt)
            yield Row(f"a round trip of {ms(rtt)} through the relay", ms(real))
            for trip in TRIPS:
                yield from _trip(far, trip, rtt, real, library)
        yield from _processes(far)


def single_faults() -> Iterator[Row]:
    """What each fault alone costs."""
    rtt = ROUND_TRIPS[-1]
    with distant_lab() as far:
        real = far.round_trip(rtt)
        for trip in FAULTS:
            well, ill = _runs(far, trip, rtt, Library(), 3)
            name = f"{trip.domain}, {trip.shows}: "
            yield from _compared(name, well, ill, real)


def _runs(
    far: Relay, trip: Trip, rtt: float, library: Library, times: int
) -> tuple[list[Took], list[Took]]:
    """Runs without and with the faults of *trip*, in turn; the first of each only warms up."""
    well: list[Took] = []
    ill: list[Took] = []
    for _ in range(times + 1):
        for kept, faults in ((well, None), (ill, trip)):
            far.order(rtt, faults)
            kept.append(ask(trip.domain, far.options, library))
    return well[1:], ill[1:]


def _trip(far: Relay, trip: Trip, rtt: float, real: float, library: Library) -> Iterator[Row]:
    well, ill = _runs(far, trip, rtt, library, RUNS)
    bounds = f"(bounds: {trip.dataflow}, {trip.speculative})"
    for name, moment in MOMENTS.items():
        taken = median(map(moment, well))
        trips = taken / real
        judged = moment is Took.recommended
        yield Row(
            f"{trip.domain} ({trip.shows}): {name}",
            ms(taken),
            f"{trips:.2f} RTT {bounds}",
            f"<= {BUDGET} RTT" if judged else "",
            trips <= BUDGET if judged else None,
        )
    taken = median(one.whole for one in well)
    yield Row(f"{trip.domain}: report", ms(taken), f"{taken / real:.2f} RTT")
    left = median(one.unchecked() for one in well)
    yield Row(f"{trip.domain}: settings given up unchecked", f"{left:g}", "", "none", not left)
    yield from _compared(f"{trip.domain}, tarpit, dead host and silent name: ", well, ill, real)


def _compared(name: str, well: Sequence[Took], ill: Sequence[Took], real: float) -> Iterator[Row]:
    """The rows of *ill* beside *well*."""
    moments = {"confirmed": Took.recommended, "report": lambda one: one.whole}
    for moment, when in moments.items():
        taken = median(map(when, ill))
        factor = taken / median(map(when, well))
        yield Row(
            f"{name}{moment}",
            ms(taken),
            f"{taken / real:.2f} RTT, {factor:.2f} × without",
            f"<= {FAULTS_BUDGET:.2f} ×",
            factor <= FAULTS_BUDGET,
        )


def _processes(far: Relay) -> Iterator[Row]:
    """Whole processes, with what an offline answer takes beside them."""
    rtt = ROUND_TRIPS[-1]
    real = far.round_trip(rtt)
    with tempfile.TemporaryDirectory(prefix="advisor-benchmark-") as folder:
        place = Place(Path(folder))
        commands = {"start-up": module(*OFFLINE)} | {
            trip.domain: module("recommend", f"jane@{trip.domain}", *_options(far.options))
            for trip in TRIPS
        }
        for command in commands.values():
            place.run(command)
        taken = interleaved(
            {name: partial(place.seconds, command) for name, command in commands.items()},
            PROCESS_RUNS,
        )
    start_up = median(taken.pop("start-up"))
    for name, times in taken.items():
        whole = median(times)
        net = (whole - start_up) / real
        yield Row(
            f"advisor recommend jane@{name}, whole process at RTT {ms(rtt)}",
            ms(whole),
            f"{net:.2f} RTT + {ms(start_up)} offline",
        )


def _options(options: Options) -> list[str]:
    return [
        *("--nameserver", options.nameservers[0]),
        *("--ca-file", str(options.ca_file)),
        *("--ispdb", str(options.ispdb)),
    ]


def print_timelines() -> None:
    """What happened when, for each domain without and with its faults, in round trips."""
    rtt = ROUND_TRIPS[-1]
    with distant_lab() as far:
        real = far.round_trip(rtt)
        for trip in TRIPS:
            for faults in (None, trip):
                far.order(rtt, faults)
                ask(trip.domain, far.options, Library())
                far.order(rtt, faults)
                start = time.monotonic()
                took = ask(trip.domain, far.options, Library())
                seen = far.order(rtt)
                print(
                    f"\n{trip.domain}{', with faults' if faults else ''}, in round trips of {ms(real)}"
                )
                for line in _timeline(took, seen, start, real):
                    print(line)


def _timeline(took: Took, seen: relay.Seen, start: float, real: float) -> list[str]:
    events = [(when - start, f"-> {what}") for when, what in seen]
    events += [(when, _told(event)) for when, event in took.events]
    events.append((took.whole, "the report"))
    told = [(when, what) for when, what in sorted(events) if what]
    return [f"{when / real:7.2f}  {what}" for when, what in told]


def _told(event: Question | Answer | ProbeResult) -> str:
    match event:
        case Answer():
            return f"{event.question.id}: {event.outcome}: {event.reason}"
        case ProbeResult():
            steps = " ".join(
                f"{name} {1000 * took:.0f}" for name, took in event.observation.seconds.items()
            )
            return f"{_endpoint(event)}: {event.live}, {steps} ms {event.observation.error or ''}"
    return ""
