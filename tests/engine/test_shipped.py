"""What the shipped rules make of whole cases: a host that was asked for, and nothing found."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from advisor.engine.case import MailDomain
from advisor.engine.evaluate import judge
from advisor.engine.rulebook import Rulebook
from advisor.knowledge.library import Library
from advisor.model.endpoint import Protocol
from advisor.model.evidence import Answer, Outcome, Problem, Provider
from advisor.model.observation import Live
from advisor.model.report import Setting, Severity, Verdict
from tests.make import answer, candidate, case, observation, setting, tls

WORDS = ("publish", "promise", "guess", "named by")
FAILURES: dict[Problem, tuple[str, Severity]] = {
    Problem.REFUSED: ("dead-server", Severity.WARNING),
    Problem.UNREACHABLE: ("dead-server", Severity.WARNING),
    Problem.NO_DOMAIN: ("dead-name", Severity.WARNING),
    Problem.NO_ADDRESS: ("dead-name", Severity.WARNING),
    Problem.DNS_TIMEOUT: ("name-failure", Severity.WARNING),
    Problem.DNS_SERVFAIL: ("name-failure", Severity.WARNING),
    Problem.DNSSEC_BOGUS: ("name-failure", Severity.WARNING),
    Problem.TIMEOUT: ("server-timeout", Severity.WARNING),
    Problem.CLOSED: ("hangs-up", Severity.WARNING),
    Problem.LIMIT: ("endless-answer", Severity.WARNING),
    Problem.TLS_HANDSHAKE: ("asked-wrong", Severity.WARNING),
    Problem.NOT_TLS: ("asked-wrong", Severity.WARNING),
    Problem.NOT_THIS_PROTOCOL: ("not-a-mail-server", Severity.WARNING),
    Problem.SERVER_REFUSES: ("server-refuses", Severity.WARNING),
    Problem.CERT_EXPIRED: ("cert-expired", Severity.ERROR),
    Problem.CERT_NOT_YET_VALID: ("cert-not-yet-valid", Severity.ERROR),
    Problem.CERT_SELF_SIGNED: ("cert-untrusted", Severity.ERROR),
    Problem.CERT_UNTRUSTED: ("cert-untrusted", Severity.ERROR),
    Problem.CERT_WRONG_NAME: ("cert-wrong-name", Severity.ERROR),
    Problem.INJECTION: ("starttls-injection", Severity.ERROR),
    Problem.OUT_OF_STEP: ("out-of-step", Severity.ERROR),
}
SERVICES = {
    Problem.REFUSED: "dead-server",
    Problem.TIMEOUT: "server-timeout",
    Problem.CLOSED: "hangs-up",
    Problem.LIMIT: "endless-answer",
    Problem.SERVER_REFUSES: "server-refuses",
    Problem.NOT_TLS: "asked-wrong",
    Problem.CERT_EXPIRED: "cert-expired",
    Problem.CERT_UNTRUSTED: "cert-untrusted",
    Problem.CERT_WRONG_NAME: "cert-wrong-name",
    Problem.NOT_THIS_PROTOCOL: "not-a-service",
    Problem.NOT_FOUND: "not-a-service",
    Problem.WEB_PAGE: "web-page-no-service",
    Problem.REDIRECT_BROKEN: "service-redirect-broken",
    Problem.REDIRECT_LOOP: "service-redirect-broken",
    Problem.INSECURE_REDIRECT: "service-redirect-broken",
    Problem.HTTP_ERROR: "service-redirect-broken",
}
UPGRADES = {
    Problem.NO_STARTTLS: ("starttls-stripped", Severity.ERROR),
    Problem.STARTTLS_REFUSED: ("starttls-broken", Severity.WARNING),
    Problem.PREAUTH: ("preauth-in-the-clear", Severity.ERROR),
}


@cache
def shipped() -> Rulebook:
    return Library().rulebook


def findings(*settings: Setting, **changes: Any) -> dict[str, Severity]:
    """Code and severity of what is found in such a case."""
    return {one.code: one.severity for one in judge(case(*settings, **changes), shipped()).findings}


def failed(problem: Problem, sources: tuple[str, ...] = ("asked",), **changes: Any) -> Setting:
    """A setting whose live check failed like that."""
    seen = observation(problem=problem, error="imap.example.org does not exist", tls=None)
    plain: dict[str, Any] = {"live": Live.FAILED, "observation": seen, "sources": sources}
    return setting(**(plain | changes))


@pytest.mark.parametrize("problem", SERVICES, ids=str)
@pytest.mark.parametrize("sources", [("asked",), ("srv-services",)], ids=str)
def test_trouble_at_a_service_is_told(problem: Problem, sources: tuple[str, ...]) -> None:
    """Whether somebody asked for it or publishes it; never in words for mail servers."""
    one = failed(problem, sources, protocol=Protocol.CALDAV, url="https://dav.example.org/")
    judged = judge(case(one), shipped())
    told = {finding.code for finding in judged.findings}
    in_general = problem in (Problem.CLOSED, Problem.LIMIT, Problem.NOT_TLS)
    expected = SERVICES[problem] if sources == ("asked",) or not in_general else "published-wrong"
    assert expected in told
    assert "not-a-mail-server" not in told
    assert judged.settings[0].verdict in (Verdict.DISCOURAGED, Verdict.FORBIDDEN)


@pytest.mark.parametrize("problem", FAILURES, ids=str)
def test_trouble_at_a_host_that_was_asked_for_is_told(problem: Problem) -> None:
    """Each with its own rule, as grave as for a published server, and never as if published."""
    one = failed(problem)
    code, severity = FAILURES[problem]
    judged = judge(case(one), shipped())
    told = {finding.code: finding for finding in judged.findings}
    assert told[code].severity is severity
    assert judged.settings[0].verdict in (Verdict.DISCOURAGED, Verdict.FORBIDDEN)
    assert not any(word in finding.message for finding in told.values() for word in WORDS)
    reasons = {reason.rule for reason in judged.settings[0].reasons}
    assert reasons.isdisjoint({"failed-guess", "untrusted-guess", "published-wrong"})


@pytest.mark.parametrize("problem", UPGRADES, ids=str)
def test_so_is_trouble_with_the_upgrade(problem: Problem) -> None:
    """STARTTLS that is missing, refused, or made impossible."""
    one = failed(problem, text="imap://imap.example.org:143", security="starttls")
    code, severity = UPGRADES[problem]
    assert findings(one)[code] is severity


def test_asking_for_a_port_without_encryption_is_answered_as_an_error() -> None:
    """It works, and must not be used."""
    one = setting(
        "imap://imap.example.org:143",
        "none",
        live=Live.CONFIRMED,
        observation=observation(tls=None),
        sources=("asked",),
    )
    assert findings(one)["no-tls"] is Severity.ERROR
    assert judge(case(one), shipped()).settings[0].verdict is Verdict.FORBIDDEN


def test_crossed_ports_that_were_asked_for_are_told() -> None:
    """STARTTLS on 993 waits for ever; that is no silence of the server."""
    told = findings(failed(Problem.TIMEOUT, security="starttls"))
    assert "asked-wrong" in told
    assert "server-timeout" not in told


@pytest.mark.parametrize("problem", FAILURES, ids=str)
def test_a_guess_is_no_asking(problem: Problem) -> None:
    """Nobody is told of a made-up name that does not exist."""
    told = findings(failed(problem, ("guess",)))
    names = {"dead-server", "dead-name", "name-failure", "server-timeout", "asked-wrong"}
    assert names.isdisjoint(told)


def test_the_sentence_about_a_name_says_what_is_wrong_with_it() -> None:
    """No address, no such name, and nothing heard are three things; no code is printed."""
    messages = []
    for problem in (Problem.NO_DOMAIN, Problem.DNS_TIMEOUT):
        judged = judge(case(failed(problem, ("srv",))), shipped())
        messages += [f.message for f in judged.findings if f.code in ("dead-name", "name-failure")]
    assert "does not exist in DNS" in messages[0]
    assert "could not be looked up" in messages[1]
    assert not any(problem.value in text for text in messages for problem in Problem)


def test_login_disabled_is_told_only_where_starttls_works() -> None:
    """A host whose certificate has ended is not recommended for STARTTLS."""
    text, security = "imap://imap.example.org:143", "starttls"
    seen = observation(login_disabled=True, starttls_offered=True)
    works = setting(text, security, live=Live.CONFIRMED, observation=seen)
    expired = observation(
        login_disabled=True, problem=Problem.CERT_EXPIRED, tls=tls(chain_ok=False)
    )
    broken = setting(text, security, live=Live.FAILED, observation=expired)
    assert "logindisabled-seen" in findings(works)
    assert "logindisabled-seen" not in findings(broken)


def test_a_server_that_lists_no_sign_in_is_discouraged() -> None:
    """Confirmed, and of no use."""
    seen = observation(capabilities_after=("PIPELINING",), mechanisms_after=())
    one = setting("smtp://smtp.example.org:465", live=Live.CONFIRMED, observation=seen)
    assert "login-impossible" in findings(one)
    assert judge(case(one), shipped()).settings[0].verdict is Verdict.DISCOURAGED


def test_oauth2_is_told_apart_for_reading_and_sending() -> None:
    """A provider may still take passwords for sending."""
    microsoft = Provider(
        "microsoft-365", "Microsoft 365", None, "refused", "no", "required", "open"
    )
    reading, sending = setting(), setting("smtp://smtp.example.org:587", "starttls")
    judged = judge(case(reading, sending, provider=microsoft), shipped())
    told = {finding.code: finding for finding in judged.findings}
    assert told["oauth2-required"].about == (str(reading.endpoint),)
    assert told["oauth2-for-sending"].about == (str(sending.endpoint),)
    assert "sent" not in told["oauth2-required"].message


SILENT = answer("autoconfig-https", outcome=Outcome.FAILED, problem=Problem.TIMEOUT)
EMPTY = answer("srv", problem=Problem.NOT_FOUND)
GUESS = answer("guess", candidate())
ABOUT_NOTHING = {"no-mail-service", "nothing-published", "sources-unheard"}


@pytest.mark.parametrize(
    ("answers", "probing", "code"),
    [
        ((EMPTY, GUESS), True, "no-mail-service"),
        ((EMPTY, GUESS), False, "nothing-published"),
        ((EMPTY, SILENT, GUESS), True, "sources-unheard"),
        ((EMPTY, SILENT, GUESS), False, "sources-unheard"),
    ],
)
def test_nothing_found_says_why(answers: tuple[Answer, ...], probing: bool, code: str) -> None:
    """Nothing there, nothing tried, and not everything heard are three sentences."""
    told = findings(answers=answers, probing=probing, domain=MailDomain("mx", ("mx.example.org",)))
    assert ABOUT_NOTHING & told.keys() == {code}


def test_a_silent_source_does_not_matter_where_another_one_spoke() -> None:
    """The answer is there."""
    told = findings(setting(), answers=(answer("srv", candidate()), SILENT))
    assert ABOUT_NOTHING.isdisjoint(told)


def test_a_domain_that_was_not_heard_of_in_time_is_told() -> None:
    """Cut off before even the MX was known."""
    cut = answer("srv", outcome=Outcome.FAILED, problem=Problem.CUT_OFF)
    told = findings(answers=(cut,), domain=MailDomain(problem=Problem.CUT_OFF), offline=True)
    assert ABOUT_NOTHING & told.keys() == {"sources-unheard"}
