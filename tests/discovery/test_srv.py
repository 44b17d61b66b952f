"""Service records as answers."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.discovery.srv import PATIENCE, SOURCE
from advisor.model.endpoint import Protocol
from advisor.model.evidence import Answer, Outcome, Problem, Trust
from advisor.net._seams import SrvRecord
from tests.discovery.world import answer, context, late, over
from tests.fakes import clock


def record(target: str = "mail.example.org", priority: int = 0, port: int = 4711) -> SrvRecord:
    """One record; only what matters is named."""
    return SrvRecord(priority, 1, port, target)


async def of(id: str = "srv", *, signed: bool = False, **records: Any) -> Answer:  # noqa: A002
    """The answer where example.org publishes *records* by label."""
    zone = {(f"{label}._tcp.example.org", "SRV"): found for label, found in records.items()}
    return await answer(SOURCE, id, context(zone, signed=signed))


def protocols(found: Answer) -> list[str]:
    """The candidates in short."""
    return [f"{one.endpoint.protocol}+{one.endpoint.security}" for one in found.candidates]


async def test_all_labels_make_one_answer() -> None:
    """Incoming first, implicit TLS first among equals."""
    found = await of(_submission=[record()], _imap=[record()], _imaps=[record()])
    assert protocols(found) == ["imap+tls", "imap+starttls", "smtp+starttls"]
    assert found.reason == "published 3 servers"


async def test_priority_counts_across_imap_and_pop3() -> None:
    """RFC 6186 §3.4: the lower number is the provider's wish."""
    found = await of(_imaps=[record(priority=10)], _pop3s=[record(priority=0)])
    assert protocols(found) == ["pop3+tls", "imap+tls"]


async def test_the_protocol_is_chosen_before_its_servers() -> None:
    """RFC 6186 §3.4: all of IMAP stands together, although POP3 lies between."""
    found = await of(
        _imaps=[record(priority=0)], _imap=[record(priority=20)], _pop3s=[record(priority=10)]
    )
    assert protocols(found) == ["imap+tls", "imap+starttls", "pop3+tls"]


async def test_priority_counts_across_ways_to_begin_tls() -> None:
    """RFC 8314 §5.1: a lower number for STARTTLS is honoured."""
    found = await of(_imaps=[record(priority=10)], _imap=[record(priority=0)])
    assert protocols(found) == ["imap+starttls", "imap+tls"]


async def test_the_root_as_target_denies() -> None:
    """RFC 6186 §3.4: definitely not offered."""
    found = await of(_pop3=[record(".")], _imaps=[record()])
    assert found.denied == ((Protocol.POP3, "_pop3._tcp.example.org"),)
    assert "does not offer _pop3" in found.reason


async def test_denials_alone_are_an_answer() -> None:
    """The domain has said something."""
    found = await of(_pop3=[record(".")])
    assert found.outcome is Outcome.FOUND
    assert found.candidates == ()


@pytest.mark.parametrize("signed", [True, False])
async def test_trust_is_that_of_the_records(signed: bool) -> None:
    """DNSSEC makes the difference."""
    found = await of(signed=signed, _imaps=[record()])
    assert found.trust is (Trust.AUTHENTICATED if signed else Trust.UNAUTHENTICATED)


async def test_no_records_are_nothing() -> None:
    """Asked, and told that there are none."""
    found = await of()
    assert (found.outcome, found.problem) == (Outcome.NOTHING, Problem.NOT_FOUND)


async def test_one_failed_label_does_not_spoil_the_rest() -> None:
    """It becomes a remark."""
    found = await of(_imaps=[record()], _pop3s=Problem.DNS_TIMEOUT)
    assert found.outcome is Outcome.FOUND
    assert found.remarks[0][0] is Problem.DNS_TIMEOUT


def timed(delays: dict[str, float], **records: Any) -> tuple[Answer, float]:
    """The answer where labels take their time, and how long it took."""
    zone = {(f"{label}._tcp.example.org", "SRV"): found for label, found in records.items()}
    by_label = {f"SRV {label}": seconds for label, seconds in delays.items()}
    return clock.run(answer(SOURCE, "srv", over(late(zone, by_label))))


def test_a_silent_label_does_not_hold_the_others() -> None:
    """It gets a moment, and becomes a remark."""
    found, seconds = timed({"_pop3s": 60}, _imaps=[record()], _pop3s=[record()])
    assert seconds == pytest.approx(PATIENCE)
    assert (found.outcome, protocols(found)) == (Outcome.FOUND, ["imap+tls"])
    ((problem, says),) = found.remarks
    assert problem is Problem.DNS_TIMEOUT
    assert "_pop3s._tcp.example.org" in says


def test_a_slow_network_gets_as_long_again() -> None:
    """Where the first answer took a second, the next one may."""
    delays = {"_imaps": 1, "_pop3s": 1.9, "_submission": 2.1, "_": 0.5}
    some = {label: [record()] for label in ("_imaps", "_pop3s", "_submission")}
    found, seconds = timed(delays, **some)
    assert seconds == pytest.approx(2)
    assert protocols(found) == ["imap+tls", "pop3+tls"]


def test_a_slow_label_is_waited_for_where_no_other_has_records() -> None:
    """That the others have none tells nothing of it."""
    found, seconds = timed({"_imaps": 4}, _imaps=[record()])
    assert (protocols(found), found.remarks) == (["imap+tls"], ())
    assert seconds == pytest.approx(4)


async def test_records_without_a_usable_target_are_a_failure() -> None:
    """Published, and no use."""
    found = await of(_imaps=[record("localhost")])
    assert (found.outcome, found.problem) == (Outcome.FAILED, Problem.NOTHING_USABLE)


async def test_services_have_web_addresses() -> None:
    """JMAP and DAV by their well-known paths, ManageSieve without one."""
    found = await of(
        "srv-services",
        _sieve=[record()],
        _jmap=[record(port=443)],
        _caldavs=[record(port=443)],
    )
    assert {one.endpoint.protocol: one.url for one in found.candidates} == {
        Protocol.MANAGESIEVE: None,
        Protocol.JMAP: "https://mail.example.org/.well-known/jmap",
        Protocol.CALDAV: "https://mail.example.org/.well-known/caldav",
    }


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("path=/dav/", "/dav/"),
        ("path=dav", "/.well-known/caldav"),
        ("path=/a b", "/.well-known/caldav"),
    ],
)
async def test_a_text_record_names_the_path(text: str, path: str) -> None:
    """RFC 6764 §4; what is no path is left out."""
    owner = "_caldavs._tcp.example.org"
    zone = {(owner, "SRV"): [record(port=443)], (owner, "TXT"): [text]}
    found = await answer(SOURCE, "srv-services", context(zone))
    assert found.candidates[0].url == f"https://mail.example.org{path}"
