"""What the DNS says of a domain as such."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from advisor.discovery._domain import domain_state
from advisor.discovery._gathering import gathered
from advisor.discovery._state import exchangers
from advisor.model.evidence import Channel, Dnssec, Hop, Problem
from advisor.net._seams import MxRecord
from tests.fakes import clock
from tests.fakes.dns import FakeResolver

NAME = "example.org"
MX = (NAME, "MX")
A = (NAME, "A")


@pytest.mark.parametrize(
    ("zone", "mail", "problem"),
    [
        ({MX: [MxRecord(10, "mx.example.org")]}, "mx", None),
        ({MX: [MxRecord(0, ".")]}, "null-mx", None),
        ({MX: [MxRecord(5, "192.0.2.1")], A: ["192.0.2.1"]}, "bad-mx", None),
        ({MX: [MxRecord(0, "."), MxRecord(5, ".")], A: ["192.0.2.1"]}, "bad-mx", None),
        ({A: ["192.0.2.1"]}, "implicit", None),
        ({(NAME, "TXT"): ["x"]}, "none", None),
        ({("org", "SOA"): ["x"]}, "no-domain", None),
        ({}, "unknown", Problem.DNS_ISLAND),
        ({MX: Problem.DNS_SERVFAIL}, "unknown", Problem.DNS_SERVFAIL),
        ({MX: Problem.DNSSEC_BOGUS}, "unknown", Problem.DNSSEC_BOGUS),
        ({MX: Problem.DNS_TIMEOUT}, "unknown", Problem.DNS_TIMEOUT),
        ({A: Problem.DNS_TIMEOUT}, "unknown", Problem.DNS_TIMEOUT),
        ({A: Problem.PRIVATE_ADDRESS}, "implicit", None),
    ],
)
async def test_states_are_told_apart(
    zone: dict[tuple[str, str], Any], mail: str, problem: Problem | None
) -> None:
    """Each of them needs another sentence."""
    found = await domain_state(NAME, FakeResolver(zone))
    assert (found.mail, found.problem) == (mail, problem)


async def test_exchangers_stand_in_order_of_preference() -> None:
    """Equal ones by name; what is no host name is left out."""
    records = [MxRecord(20, "c.example"), MxRecord(10, "b.example"), MxRecord(10, "a.example")]
    found = await exchangers(NAME, FakeResolver({MX: [*records, MxRecord(1, "192.0.2.1")]}))
    assert [one.exchange for one in found.mx] == ["a.example", "b.example", "c.example"]


@pytest.mark.parametrize("signed", [True, False])
async def test_signed_answers_say_so(signed: bool) -> None:
    """For the trust in what rests on them."""
    zone = {MX: [MxRecord(10, "mx.example.org")]}
    found = await exchangers(NAME, FakeResolver(zone, signed=signed))
    channel = Channel.DNSSEC if signed else Channel.DNS
    assert found.hops == (Hop(f"MX {NAME}", channel),)


async def test_signatures_that_do_not_fit_spoil_the_answer() -> None:
    """Also where the name server handed it out and only we looked at them."""
    dns = FakeResolver({MX: [MxRecord(10, "mx.example.org")]})
    dns.checked[MX] = Dnssec.BOGUS
    found = await domain_state(NAME, dns)
    assert (found.mail, found.problem, found.mx) == ("unknown", Problem.DNSSEC_BOGUS, ())


@pytest.mark.parametrize(
    ("wildcard", "expected"), [(("192.0.2.1",), True), ((), False)], ids=["wildcard", "none"]
)
async def test_a_wildcard_is_recognised(wildcard: tuple[str, ...], expected: bool) -> None:
    """By a name that nobody has set up."""
    found = await domain_state(NAME, FakeResolver({MX: []}, wildcard=wildcard))
    assert found.wildcard is expected


async def after(seconds: float) -> float:
    """A question that takes *seconds*."""
    await asyncio.sleep(seconds)
    return seconds


@pytest.mark.parametrize(
    ("questions", "told", "seconds"),
    [
        ({"a": 0.2, "b": 0.1}, ["a", "b"], 0.2),
        ({"a": 1.9, "enough": 1, "b": 2.1}, ["a", "enough"], 2),
        ({"a": 0.4, "enough": 0, "b": 0.6}, ["a", "enough"], 0.5),
        ({"a": 2.9, "b": 9}, ["a"], 3),
        ({"enough": 2, "a": 9}, ["enough"], 3),
    ],
    ids=["all", "as long again", "at least", "at most", "at most, though enough"],
)
def test_the_slowest_are_waited_for_in_proportion(
    questions: dict[str, float], told: list[str], seconds: float
) -> None:
    """As long again as it took until there was enough, between two bounds."""
    asked = {key: after(delay) for key, delay in questions.items()}
    work = gathered(asked, lambda answers: "enough" in answers, least=0.5, most=3)
    found, took = clock.run(work)
    assert list(found) == told
    assert took == pytest.approx(seconds)


async def test_a_bug_in_a_question_stays_loud() -> None:
    """It is no answer that came too late."""

    async def broken() -> float:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await gathered({"a": after(60), "b": broken()}, lambda _: False, least=1)
