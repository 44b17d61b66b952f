"""The bundled catalogue as a source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.discovery import catalogue, catalogue_mx, catalogue_ns
from advisor.knowledge.providers import Catalogue
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


NS = ("example.org", "NS")


@pytest.mark.parametrize("signed", [True, False])
async def test_name_servers_tell_a_provider_where_exchangers_do_not(signed: bool) -> None:
    """Trusted as the record is."""
    zone = {NS: ["ns1.dns.example"], ("example.org", "MX"): [MxRecord(10, "mx.filter.example")]}
    found = await answer(catalogue_ns.SOURCE, "catalogue-ns", context(zone, signed=signed))
    assert found.provider == ENTRY.provider
    assert found.trust is (Trust.AUTHENTICATED if signed else Trust.UNAUTHENTICATED)
    assert "ns1.dns.example" in found.reason


@pytest.mark.parametrize("host", ["mx.hoster.example", "mail.example.org"])
async def test_exchangers_say_more_than_name_servers(host: str) -> None:
    """A provider in the list, or the domain itself."""
    where = context({NS: ["ns1.dns.example"], ("example.org", "MX"): [MxRecord(10, host)]})
    found = await answer(catalogue_ns.SOURCE, "catalogue-ns", where)
    assert found.outcome is Outcome.SKIPPED
    assert NS not in asked(where)[0]


async def test_a_domain_below_has_the_name_servers_above() -> None:
    """An NS record stands where a zone begins."""
    zone = {NS: ["ns1.dns.example"], ("mail.example.org", "A"): ["192.0.2.1"]}
    who = subject("a@mail.example.org")
    found = await answer(catalogue_ns.SOURCE, "catalogue-ns", context(zone), who)
    assert found.outcome is Outcome.FOUND


async def test_name_servers_of_strangers_say_nothing() -> None:
    """Most of them."""
    zone = {NS: ["ns1.example.net"], ("example.org", "A"): ["192.0.2.1"]}
    found = await answer(catalogue_ns.SOURCE, "catalogue-ns", context(zone))
    assert (found.outcome, found.problem) == (Outcome.NOTHING, Problem.NOT_FOUND)


def test_a_catalogue_without_name_servers_asks_nobody() -> None:
    """No question is planned."""
    where = replace(context(), catalogue=Catalogue({}))
    assert catalogue_ns.SOURCE.plan(subject("a@example.org"), where) == []
