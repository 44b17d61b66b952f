"""Usual host names."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from advisor import advise
from advisor.discovery import _hosts
from advisor.discovery._hosts import PATIENCE, REST
from advisor.discovery.guess import SOURCE
from advisor.model.evidence import Answer, Outcome, Problem, Trust
from advisor.model.report import Status
from advisor.net._seams import MxRecord, Net
from tests.discovery.world import answer, asked, context, late, over
from tests.fakes import clock
from tests.fakes.dns import FakeResolver
from tests.fakes.http import FakeFetcher
from tests.fakes.stream import FakeConnector, FakeServer, tls

HERE = ["192.0.2.1"]
BOTH: dict[tuple[str, str], Any] = {
    ("imap.example.org", "A"): HERE,
    ("smtp.example.org", "A"): HERE,
    ("example.org", "MX"): [MxRecord(10, "mx.example.org")],
}


async def test_names_that_exist_become_candidates_on_all_usual_ports() -> None:
    """Implicit TLS first; nothing is more than a guess."""
    found = await answer(SOURCE, "guess", context({("imap.example.org", "A"): HERE}))
    assert [str(one.endpoint) for one in found.candidates] == [
        "imap://imap.example.org:993",
        "imap://imap.example.org:143",
    ]
    assert found.trust is Trust.GUESSED


async def test_the_domain_itself_is_a_name_too() -> None:
    """The empty prefix."""
    found = await answer(SOURCE, "guess", context({("example.org", "A"): HERE}))
    assert {one.endpoint.host for one in found.candidates} == {"example.org"}


async def test_names_that_only_a_wildcard_makes_are_no_evidence() -> None:
    """A name with addresses of its own still counts, and the wildcard is told."""
    zone = {("smtp.example.org", "A"): ["192.0.2.9"], ("example.org", "MX"): []}
    found = await answer(SOURCE, "guess", context(zone, wildcard=("192.0.2.1",)))
    assert {one.endpoint.host for one in found.candidates} == {"smtp.example.org"}
    assert [problem for problem, _ in found.remarks] == [Problem.WILDCARD_DNS]


async def test_a_wildcard_alone_is_nothing() -> None:
    """Every name resolves, so none says anything."""
    where = context({("example.org", "MX"): []}, wildcard=("192.0.2.1",))
    found = await answer(SOURCE, "guess", where)
    assert (found.outcome, found.problem) == (Outcome.NOTHING, Problem.WILDCARD_DNS)


async def test_one_random_name_is_asked() -> None:
    """Once, and below the domain."""
    where = context()
    await answer(SOURCE, "guess", where)
    random = [name for name, _ in asked(where)[0] if name.startswith("advisor-")]
    assert len(random) == 1
    assert random[0].endswith(".example.org")


async def test_no_usual_name_is_nothing() -> None:
    """All of them are known not to exist."""
    found = await answer(SOURCE, "guess", context())
    assert (found.outcome, found.problem) == (Outcome.NOTHING, Problem.NO_DOMAIN)


async def test_a_name_that_cannot_be_asked_is_a_failure() -> None:
    """Where no other exists either."""
    found = await answer(
        SOURCE, "guess", context({("imap.example.org", "A"): Problem.DNS_SERVFAIL})
    )
    assert (found.outcome, found.problem) == (Outcome.FAILED, Problem.DNS_SERVFAIL)


async def test_a_name_that_hangs_does_not_hold_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known by then is given."""
    monkeypatch.setattr(_hosts, "PATIENCE", 0.05)
    usual = FakeResolver.addresses

    async def slow(self: FakeResolver, host: str) -> tuple[str, ...]:
        if host.startswith(("smtp", "advisor-")):
            await asyncio.sleep(60)
        return await usual(self, host)

    monkeypatch.setattr(FakeResolver, "addresses", slow)
    found = await answer(SOURCE, "guess", context({("imap.example.org", "A"): HERE}))
    assert {one.endpoint.host for one in found.candidates} == {"imap.example.org"}


def timed(
    delays: dict[str, float], zone: dict[tuple[str, str], Any] = BOTH
) -> tuple[Answer, float]:
    """The answer over such a DNS, and how long it took."""
    return clock.run(answer(SOURCE, "guess", over(late(zone, delays))))


@pytest.mark.parametrize(("silent", "waits"), [("A example.org", REST), ("MX example.org", 0)])
def test_who_is_silent_is_not_waited_for_long(silent: str, waits: float) -> None:
    """There is a host for each direction, and no wildcard; the MX is never waited for."""
    found, seconds = timed({silent: 60})
    assert {one.endpoint.host for one in found.candidates} == {
        "imap.example.org",
        "smtp.example.org",
    }
    assert seconds == pytest.approx(waits)


@pytest.mark.parametrize("silent", ["A smtp.example.org", "A advisor-"])
def test_what_matters_is_waited_for_longer(silent: str) -> None:
    """A packet can be lost: no host for a direction is a loss, and a wildcard a wrong guess."""
    assert timed({silent: 60})[1] == pytest.approx(PATIENCE)


def test_a_slow_dns_gets_as_long_again() -> None:
    """The distance counts."""
    found, seconds = timed(
        {"A example.org": 1.1, "AAAA": 60, "A": 0.6}, {**BOTH, ("example.org", "A"): HERE}
    )
    assert len({one.endpoint.host for one in found.candidates}) == 3
    assert seconds == pytest.approx(1.1)


def test_likely_hosts_are_told_as_soon_as_there_is_one_for_each_direction() -> None:
    """So that looking at them waits neither for a silent name nor for a silent MX."""
    dns = late({**BOTH}, {"A example.org": 60, "MX": 60})

    async def first() -> list[str]:
        told: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
        where = replace(over(dns), hint=lambda ends: told.set_result([str(end) for end in ends]))
        work = asyncio.create_task(answer(SOURCE, "guess", where))
        try:
            return await told
        finally:
            work.cancel()

    told, seconds = clock.run(first())
    assert seconds == 0
    assert told[0] == "imap://imap.example.org:993"
    assert "smtp://smtp.example.org:465" in told


IMAPS = "security: tls\n\nS: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\nC: bye LOGOUT\n"


@pytest.mark.parametrize(
    ("mx", "reason"),
    [
        ([MxRecord(0, ".")], "example.org says that it takes no mail at all"),
        (None, "example.org does not exist"),
    ],
    ids=["null MX", "no domain"],
)
def test_a_guess_before_the_domain_says_no_is_dropped(
    mx: list[MxRecord] | None, reason: str
) -> None:
    """The servers behind the usual names were looked at in vain: nothing is recommended."""
    zone = {key: value for key, value in BOTH.items() if key[1] == "A"}
    zone |= {("org", "SOA"): ["x"]} | ({("example.org", "MX"): mx} if mx else {})
    dns = late(zone, {"MX": 2})
    server = FakeServer(IMAPS, tls("imap.example.org"))
    net = Net(dns, FakeFetcher(), FakeConnector({("imap.example.org", 993): server}))
    heard: list[Any] = []
    found, seconds = clock.run(advise.recommend("a@example.org", net=net, watch=heard.append))
    assert [one.outcome for one in heard if isinstance(one, Answer) and one.candidates] == [
        Outcome.FOUND
    ]
    assert (found.status, found.incoming, found.outgoing) == (Status.NOTHING_FOUND, (), ())
    guessed = next(one for one in found.sources if one.id == "guess")
    assert (guessed.outcome, guessed.reason) == (Outcome.SKIPPED, reason)
    assert seconds == pytest.approx(2)
