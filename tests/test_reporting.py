"""The report as a whole: its status, its parts and its rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from advisor._version import __version__
from advisor.engine.case import Case, MailDomain
from advisor.engine.evaluate import judge
from advisor.model.evidence import Outcome, Problem, Provider
from advisor.model.observation import Live, Observation
from advisor.model.report import ProviderRow, Report, Setting, Status, Verdict
from advisor.reporting import report, status
from tests.make import NOW, ORDER, answer, candidate, case, result, rules, setting

IN = setting()
OUT = setting("smtp://smtp.example.org:465")


def failed(one: Setting, problem: Problem) -> Setting:
    """*one*, tried in vain."""
    return replace(one, live=Live.FAILED, observation=Observation(problem=problem))


def forbidden(one: Setting) -> Setting:
    """*one*, which no rule lets through."""
    return replace(one, verdict=Verdict.FORBIDDEN)


@pytest.mark.parametrize(
    ("incoming", "outgoing", "problem", "expected"),
    [
        ([IN], [OUT], None, Status.OK),
        ([IN], [OUT], Problem.DNS_TIMEOUT, Status.OK),
        ([forbidden(IN), IN], [failed(OUT, Problem.TIMEOUT), OUT], None, Status.OK),
        ([replace(IN, verdict=Verdict.DISCOURAGED)], [OUT], None, Status.OK),
        ([], [], None, Status.NOTHING_FOUND),
        ([], [], Problem.DNS_TIMEOUT, Status.UNREACHABLE),
        ([], [], Problem.DNS_SERVFAIL, Status.UNREACHABLE),
        ([], [], Problem.DNS_REFUSED, Status.UNREACHABLE),
        ([], [], Problem.DNSSEC_BOGUS, Status.UNREACHABLE),
        ([], [], Problem.DNS_ISLAND, Status.UNREACHABLE),
        ([IN], [], None, Status.UNUSABLE),
        ([], [OUT], None, Status.UNUSABLE),
        ([IN], [forbidden(OUT)], None, Status.UNUSABLE),
        ([forbidden(IN)], [forbidden(OUT)], None, Status.UNUSABLE),
        ([failed(IN, Problem.REFUSED)], [failed(OUT, Problem.TIMEOUT)], None, Status.UNREACHABLE),
        ([failed(IN, Problem.CLOSED)], [], None, Status.UNREACHABLE),
        (
            [failed(IN, Problem.CERT_EXPIRED)],
            [failed(OUT, Problem.TIMEOUT)],
            None,
            Status.UNUSABLE,
        ),
        ([failed(IN, Problem.CERT_EXPIRED)], [OUT], None, Status.UNUSABLE),
        ([IN], [failed(OUT, Problem.TIMEOUT)], None, Status.UNUSABLE),
    ],
)
def test_the_status_tells_what_it_comes_to(
    incoming: list[Setting], outgoing: list[Setting], problem: Problem | None, expected: Status
) -> None:
    """Usable in both directions is ok; silence all over is the network's, the rest the domain's."""
    domain = MailDomain(problem=problem)
    assert status(incoming, outgoing, case(*incoming, *outgoing, domain=domain)) is expected


DAV = setting("caldav://dav.example.org:443", url="https://dav.example.org/")
WHOLE = case(
    OUT,
    DAV,
    IN,
    answers=(
        answer("guess"),
        answer("srv", candidate(), outcome=Outcome.FOUND, seconds=0.123456),
        answer("autoconfig-https", reason="nothing there"),
    ),
    provider=Provider("example", "Example Mail", "https://example.org/help", notes=("a note",)),
    offline=True,
    egress={"25": "unknown"},
)


def reported(one: Case = WHOLE) -> Report:
    """The report of *one*, with rules that say nothing."""
    book = rules()
    return report(
        one,
        judge(one, book),
        probed={},
        rank=ORDER["sources"].index,
        servers=["192.0.2.53"],
        rules_version="0123456789ab",
        asked_at=NOW,
    )


def test_settings_stand_by_what_they_are_for() -> None:
    """Reading, sending, and the services beside it."""
    found = reported()
    assert [one.host for one in found.incoming] == ["imap.example.org"]
    assert [one.host for one in found.outgoing] == ["smtp.example.org"]
    assert [one.url for one in found.services] == ["https://dav.example.org/"]


def test_sources_stand_in_the_order_of_the_rules() -> None:
    """Each with its reason, its rounded time and its settings as they were judged."""
    rows = reported().sources
    assert [row.id for row in rows] == ["autoconfig-https", "srv", "guess"]
    assert (rows[0].outcome, rows[0].reason) == (Outcome.NOTHING, "nothing there")
    assert rows[1].seconds == 0.123
    assert rows[1].settings == reported().incoming


def test_a_source_keeps_what_came_to_nothing() -> None:
    """A setting that is no setting of the report is told as the source gave it."""
    lost = candidate("imap://other.example.org:993")
    row = reported(case(IN, answers=(answer("guess", lost),))).sources[0]
    assert [one.host for one in row.settings] == ["other.example.org"]


def test_the_head_tells_who_and_what_was_asked() -> None:
    """Both forms of the domain, the provider, the network, the versions."""
    found = reported(replace(WHOLE, subject=case(address="a@xn--bcher-kva.example").subject))
    assert (found.address, found.domain) == ("a@xn--bcher-kva.example", "xn--bcher-kva.example")
    assert found.domain_unicode == "bücher.example"
    assert found.provider == ProviderRow("example", "Example Mail", "https://example.org/help")
    assert (found.network.offline, found.network.resolver) == (True, ("192.0.2.53",))
    assert found.network.egress == {"25": "unknown"}
    assert (found.version, found.rules_version) == (__version__, "0123456789ab")
    assert found.schema == "advisor.report/1"


def test_the_time_is_utc_in_whole_seconds() -> None:
    """ISO 8601, as programs and people can read it."""
    at = datetime(2026, 11, 23, 12, 0, 0, 999_999, UTC)
    found = report(
        WHOLE, judge(WHOLE, rules()), probed={}, rank=lambda _: 0, servers=[], rules_version="",
        asked_at=at,
    )  # fmt: skip
    assert found.asked_at == "2026-11-23T12:00:00Z"


def test_the_same_case_gives_the_same_report() -> None:
    """There is nothing in it but the case."""
    assert reported() == reported()


def test_a_probe_stands_in_the_row_of_its_source() -> None:
    """Even where the merged settings hold another word of it."""
    seen = result(candidate().endpoint)
    one = case(answers=(answer("srv", candidate()),))
    found = report(
        one, judge(one, rules()), probed={candidate().endpoint: seen}, rank=lambda _: 0,
        servers=[], rules_version="", asked_at=NOW,
    )  # fmt: skip
    assert found.sources[0].settings[0].live is Live.CONFIRMED
