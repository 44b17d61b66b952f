"""Whatever a server does, a thorough look ends within its limits, and tells what it was."""

from __future__ import annotations

import asyncio
import re
import tracemalloc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from advisor.inspect import probe
from advisor.knowledge.library import Library
from advisor.model.endpoint import Endpoint
from advisor.model.evidence import Problem
from advisor.model.observation import Live
from advisor.model.report import ProbedEndpoint
from advisor.model.text import printable
from advisor.net._seams import Net
from advisor.net._wire import Wire
from advisor.net.stream import TcpConnector, Timeouts
from advisor.options import Options
from tests.badservers import imap, managesieve, pop3, smtp, tls
from tests.badservers.certificates import HOST, context
from tests.badservers.script import FINDINGS, Case
from tests.badservers.server import Record, running
from tests.fakes.http import FakeFetcher
from tests.fakes.loopback import authority_file
from tests.fakes.stream import FixedAddresses

CASES = [*imap.CASES, *pop3.CASES, *smtp.CASES, *managesieve.CASES, *tls.CASES]

PATIENT = Timeouts(connect=5, step=5, total=12)
# For servers that keep us waiting on purpose.
HASTY = Timeouts(connect=5, step=0.3, total=3)
TOTAL = 8.0

# Bytes of one connection that are taken from the wire before a limit stops it: what a reply may
# have, what is buffered at most, and the 256 KiB that asyncio reads at a time.
MOST = 64 * 1024 + 64 * 1024 + 256 * 1024

# Bytes of memory for one look, and for the server that tries to fill it.
MEMORY = 4 * 1024 * 1024

# Everything that a look may say; no name, no password, no mail.
HARMLESS = re.compile(
    rb"(?:a\d CAPABILITY|a\d STARTTLS|in NOOP|bye LOGOUT"
    rb"|(?:EHLO|HELO) \[127\.0\.0\.1\]|STARTTLS|STLS|CAPA|NOOP|NOOP \"in\"|QUIT|LOGOUT)"
)


class Counted:
    """How many bytes came over each connection, while the wires are watched."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.received: dict[int, int] = {}
        real = Wire.data_received
        counts = self.received

        def data_received(wire: Wire, data: bytes) -> None:
            counts[id(wire)] = counts.get(id(wire), 0) + len(data)
            real(wire, data)

        monkeypatch.setattr(Wire, "data_received", data_received)

    @property
    def most(self) -> int:
        """Of one connection."""
        return max(self.received.values(), default=0)


@cache
def library() -> Library:
    """The shipped rules, read once."""
    return Library()


@pytest.fixture(scope="module")
def ca_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authority of the good certificates."""
    return authority_file(tmp_path_factory.mktemp("authority"))


async def looked_at(one: Case, ca_file: Path) -> tuple[ProbedEndpoint, Record]:
    """What ``advisor probe`` makes of the server, and what the server was sent."""
    patience = HASTY if one.problem in (Problem.TIMEOUT, Problem.EXPECTS_TLS) else PATIENT
    addresses = FixedAddresses()
    async with running(one.server, context) as (port, record), asyncio.timeout(TOTAL + 20):
        streams = TcpConnector(addresses, patience, ca_file=ca_file)
        net = Net(addresses, FakeFetcher(), streams)
        endpoint = Endpoint(one.server.protocol, HOST, port, one.server.security)
        report = await probe([endpoint], Options(timeout=TOTAL), library=library(), net=net)
    return report.endpoints[0], record


def judged() -> Iterator[str]:
    """Every finding that some case is about; of each other case these must not be said."""
    for codes in FINDINGS.values():
        yield from codes
    for one in CASES:
        yield from one.findings


ABOUT = frozenset(judged())


@pytest.mark.parametrize("one", CASES, ids=str)
async def test_a_bad_server_is_told_for_what_it_is(
    one: Case, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trouble and findings are right, limits and manners kept, and nothing is given away."""
    counted = Counted(monkeypatch)
    found, record = await looked_at(one, ca_file)
    seen = found.observation
    assert seen.problem is one.problem, seen.error
    assert {finding.code for finding in found.findings} & ABOUT == one.findings
    assert found.live is (Live.FAILED if one.problem else Live.CONFIRMED)
    assert all(printable(text) == text for text in (seen.error or "", seen.greeting or ""))
    assert counted.most <= MOST
    assert record.most_open <= 4
    said = record.lines + record.inside
    assert [line for line in said if not HARMLESS.fullmatch(line)] == []
    assert [data for data in record.strange if not HARMLESS.fullmatch(data.strip())] == []


async def test_endless_answers_take_no_memory(ca_file: Path) -> None:
    """A limit stops a look before what it has read piles up; the server's own is counted, too."""
    endless = [one for one in CASES if one.problem is Problem.LIMIT and "endless" in one.name]
    await looked_at(endless[0], ca_file)
    tracemalloc.start()
    try:
        for one in endless[::4]:
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            await looked_at(one, ca_file)
            assert tracemalloc.get_traced_memory()[1] - before < MEMORY, str(one)
    finally:
        tracemalloc.stop()


def test_the_lab_is_large_and_names_each_case_once() -> None:
    """At least 150 cases, over every protocol."""
    names = [str(one) for one in CASES]
    assert len(names) >= 150
    assert len(set(names)) == len(names)
    assert {one.server.protocol for one in CASES} == {"imap", "pop3", "smtp", "managesieve"}
