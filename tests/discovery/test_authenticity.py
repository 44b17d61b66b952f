"""How each step was protected, and what checked signatures change about it."""

from __future__ import annotations

import pytest

from advisor.discovery import mx, srv
from advisor.discovery._authenticity import is_open, settled
from advisor.model.evidence import Channel, Dnssec, Hop, Outcome, Problem, Trust
from advisor.net._seams import Fetched, MxRecord, SrvRecord
from tests.discovery.world import DOCUMENT, answer, context
from tests.fakes.dns import FakeResolver
from tests.make import answer as made
from tests.make import candidate

IMAPS = "_imaps._tcp.example.org"
ZONE = {(IMAPS, "SRV"): [SrvRecord(0, 1, 993, "imap.hoster.example")]}
RECORD = Hop(f"SRV {IMAPS}", Channel.DNS)
PAGE = "https://autoconfig.hoster.example/mail/config-v1.1.xml"


async def test_a_document_found_by_mx_has_every_step() -> None:
    """The MX record, the address, and each redirect, in order."""
    zone = {("example.org", "MX"): [MxRecord(10, "mx.hoster.example")]}
    hops = (PAGE, "https://www.hoster.example/config.xml")
    page = Fetched(hops[-1], DOCUMENT, "text/xml", hops, secure=True)
    found = await answer(mx.SOURCE, "mx-autoconfig-base", context(zone, {PAGE: page}))
    assert found.hops == (
        Hop("MX example.org", Channel.DNS),
        *(Hop(url, Channel.HTTPS) for url in hops),
    )
    assert found.trust is Trust.UNAUTHENTICATED


@pytest.mark.parametrize(
    ("channels", "trust"),
    [
        ((Channel.HTTPS, Channel.HTTPS), Trust.AUTHENTICATED),
        ((Channel.DNSSEC, Channel.HTTPS), Trust.AUTHENTICATED),
        ((Channel.HTTP, Channel.HTTPS), Trust.UNAUTHENTICATED),
        ((Channel.DNS, Channel.BUNDLED), Trust.UNAUTHENTICATED),
    ],
)
def test_the_weakest_step_decides(channels: tuple[Channel, ...], trust: Trust) -> None:
    """One unprotected step is enough for a forger."""
    from advisor.discovery._answers import weakest

    assert weakest(Hop("x", channel) for channel in channels) is trust


async def test_a_signed_record_is_trusted_from_the_beginning() -> None:
    """Nothing is left to check."""
    found = await answer(srv.SOURCE, "srv", context(ZONE, signed=True))
    assert (found.trust, is_open(found)) == (Trust.AUTHENTICATED, False)
    assert [hop.channel for hop in found.hops] == [Channel.DNSSEC]


@pytest.mark.parametrize(
    ("proof", "trust", "channel"),
    [
        (Dnssec.SECURE, Trust.AUTHENTICATED, Channel.DNSSEC),
        (Dnssec.INSECURE, Trust.UNAUTHENTICATED, Channel.DNS),
        (Dnssec.UNKNOWN, Trust.UNAUTHENTICATED, Channel.DNS),
    ],
)
async def test_a_check_settles_the_trust(proof: Dnssec, trust: Trust, channel: Channel) -> None:
    """Signatures that fit raise it; where nothing is known, it stays."""
    dns = FakeResolver()
    dns.checked[IMAPS, "SRV"] = proof
    one = made("srv", candidate(), trust=Trust.UNAUTHENTICATED, hops=(RECORD,))
    assert is_open(one)
    after = await settled(one, dns)
    assert (after.trust, after.hops) == (trust, (Hop(RECORD.asked, channel),))
    assert after.candidates == one.candidates


async def test_signatures_that_do_not_fit_spoil_the_whole_answer() -> None:
    """RFC 4035 §5.5: it is not used, and the reason names the record."""
    dns = FakeResolver()
    dns.checked[IMAPS, "SRV"] = Dnssec.BOGUS
    one = made("srv", candidate(), trust=Trust.UNAUTHENTICATED, hops=(RECORD,))
    after = await settled(one, dns)
    assert (after.outcome, after.problem) == (Outcome.FAILED, Problem.DNSSEC_BOGUS)
    assert (after.candidates, IMAPS in after.reason) == ((), True)


async def test_a_guess_stays_a_guess() -> None:
    """However well the record is signed that led to it."""
    hop = Hop("MX example.org", Channel.DNS)
    one = made("guess-mx", candidate(), trust=Trust.GUESSED, hops=(hop,))
    assert (await settled(one, FakeResolver(signed=True))).trust is Trust.GUESSED
