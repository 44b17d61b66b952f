"""Usual host names at the mail exchanger's."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.discovery.guess_mx import SOURCE
from advisor.model.evidence import Answer, Channel, Hop, Outcome, Problem, Trust
from advisor.net._seams import MxRecord
from tests.discovery.world import answer, asked, context

HERE = ["192.0.2.1"]


def zone(exchanger: str, *hosts: str) -> dict[tuple[str, str], Any]:
    """A domain with this mail exchanger, and these hosts."""
    return {("example.org", "MX"): [MxRecord(10, exchanger)]} | {(h, "A"): HERE for h in hosts}


async def found(records: dict[tuple[str, str], Any], **network: Any) -> Answer:
    """What is found over such a network."""
    return await answer(SOURCE, "guess-mx", context(records, **network))


def hosts(one: Answer) -> set[str]:
    """The hosts it names."""
    return {candidate.endpoint.host for candidate in one.candidates}


async def test_names_beside_the_exchanger_and_itself_are_tried() -> None:
    """In its registrable domain, by the Public Suffix List."""
    told = await found(
        zone("in1.mx.small.co.uk", "imap.small.co.uk", "smtp.small.co.uk", "in1.mx.small.co.uk")
    )
    assert hosts(told) == {"imap.small.co.uk", "smtp.small.co.uk", "in1.mx.small.co.uk"}
    assert (told.trust, told.hops) == (
        Trust.GUESSED,
        (Hop("MX example.org", Channel.DNS),),
    )


async def test_in_the_own_domain_only_the_exchanger_itself_is_tried() -> None:
    """The names beside it are tried as names of the domain already."""
    told = await found(zone("mx.example.org", "mx.example.org", "imap.example.org"))
    assert hosts(told) == {"mx.example.org"}


async def test_a_wildcard_at_the_exchanger_is_no_evidence() -> None:
    """As at the domain itself."""
    told = await found(zone("mx.small.example", "mx.small.example"), wildcard=("192.0.2.1",))
    assert (told.outcome, told.problem) == (Outcome.NOTHING, Problem.WILDCARD_DNS)


async def test_a_known_hoster_is_not_guessed_for() -> None:
    """The list of providers knows better."""
    where = context(zone("mx.hoster.example"))
    told = await answer(SOURCE, "guess-mx", where)
    assert told.outcome is Outcome.SKIPPED
    assert asked(where)[0] == [("example.org", "MX")]


@pytest.mark.parametrize(
    ("records", "outcome", "problem"),
    [
        ([MxRecord(0, ".")], Outcome.SKIPPED, Problem.NULL_MX),
        ([MxRecord(5, "192.0.2.1")], Outcome.FAILED, Problem.BAD_MX),
        ([], Outcome.NOTHING, Problem.NOT_FOUND),
    ],
)
async def test_without_an_exchanger_nothing_is_tried(
    records: list[MxRecord], outcome: Outcome, problem: Problem
) -> None:
    """And each reason is told."""
    told = await found({("example.org", "MX"): records})
    assert (told.outcome, told.problem) == (outcome, problem)
