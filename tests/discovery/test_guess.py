"""Usual host names."""

from __future__ import annotations

import asyncio

import pytest

from advisor.discovery import guess
from advisor.discovery.guess import SOURCE
from advisor.model.evidence import Outcome, Problem, Trust
from tests.discovery.world import answer, asked, context
from tests.fakes.dns import FakeResolver

HERE = ["192.0.2.1"]


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
    monkeypatch.setattr(guess, "PATIENCE", 0.05)
    usual = FakeResolver.addresses

    async def slow(self: FakeResolver, host: str) -> tuple[str, ...]:
        if host.startswith(("smtp", "advisor-")):
            await asyncio.sleep(60)
        return await usual(self, host)

    monkeypatch.setattr(FakeResolver, "addresses", slow)
    found = await answer(SOURCE, "guess", context({("imap.example.org", "A"): HERE}))
    assert {one.endpoint.host for one in found.candidates} == {"imap.example.org"}
