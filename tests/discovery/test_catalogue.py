"""The bundled catalogue as a source."""

from __future__ import annotations

import pytest

from advisor.discovery import catalogue, catalogue_mx
from advisor.model.address import subject
from advisor.model.evidence import Outcome, Problem, Trust
from advisor.net._seams import MxRecord
from tests.discovery.world import ENTRY, answer, asked, context


async def test_a_known_domain_needs_no_network() -> None:
    """The catalogue came with advisor, so it is authenticated."""
    where = context()
    found = await answer(catalogue.SOURCE, "catalogue", where, subject("a@known.example"))
    assert not catalogue.SOURCE.online
    assert (found.provider, found.candidates) == (ENTRY.provider, ENTRY.candidates)
    assert found.trust is Trust.AUTHENTICATED
    assert found.reason.endswith("verified 2026-11-01")
    assert asked(where) == ([], [])


async def test_an_unknown_domain_is_nothing() -> None:
    """Not in the list."""
    found = await answer(catalogue.SOURCE, "catalogue", context())
    assert (found.outcome, found.problem) == (Outcome.NOTHING, Problem.NOT_FOUND)


@pytest.mark.parametrize("signed", [True, False])
async def test_a_known_exchanger_is_trusted_as_its_record(signed: bool) -> None:
    """An unsigned MX record could have been forged."""
    zone = {("example.org", "MX"): [MxRecord(10, "mx.hoster.example")]}
    found = await answer(catalogue_mx.SOURCE, "catalogue-mx", context(zone, signed=signed))
    assert found.provider == ENTRY.provider
    assert found.trust is (Trust.AUTHENTICATED if signed else Trust.UNAUTHENTICATED)
    assert "mx.hoster.example" in found.reason


async def test_an_unknown_exchanger_is_nothing() -> None:
    """And the reason names it."""
    zone = {("example.org", "MX"): [MxRecord(10, "mx.example.net")]}
    found = await answer(catalogue_mx.SOURCE, "catalogue-mx", context(zone))
    assert found.outcome is Outcome.NOTHING
    assert "mx.example.net" in found.reason
