"""The facts that rules see are exactly those that the vocabulary names."""

from dataclasses import replace
from typing import Any

import pytest

from advisor.engine import facts, observed, published
from advisor.engine.audit import audit_facts
from advisor.engine.causes import diagnosis_facts
from advisor.engine.conflicts import Conflict
from advisor.engine.doctor import doctor_facts, path_facts
from advisor.engine.settings import Entered, check_facts
from advisor.engine.vocabulary import FACTS, NUMBER, NUMBERS, TEXT, TEXTS, YES_NO
from advisor.knowledge.library import Library
from advisor.model.auth import UsernameForm
from advisor.model.client import Client
from advisor.model.doctor import NamesRow, PathRow, Routes
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Answer, Candidate, Outcome, Problem, Provider, Trust
from advisor.model.login import Login, LoginResult
from advisor.model.observation import Live, PlainHttp, Reached, Web
from advisor.model.published import Entry, Reading
from advisor.model.report import Setting
from tests.make import (
    answer,
    candidate,
    case,
    certificate,
    details,
    observation,
    report,
    result,
    setting,
    tls,
)

FITS = {
    TEXT: lambda value: isinstance(value, str),
    NUMBER: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    YES_NO: lambda value: isinstance(value, bool),
    TEXTS: lambda value: all(isinstance(item, str) for item in value),
    NUMBERS: lambda value: all(isinstance(item, int) for item in value),
}
PROVIDER = Provider("example", "Example", "https://example.org", "accepted", "no", "no", "open")


def client() -> Client:
    """A client of the catalogue."""
    return Library().client("thunderbird@2")


ENTERED = Entered(Protocol.IMAP, "imap.example.org", 993, "SSL", client(), "NTLM", "alice")


LOGIN = Login(
    "PLAIN", UsernameForm.LOCALPART, LoginResult.WORKS, "a4 OK", UsernameForm.ADDRESS
)  # fmt: skip
ENTRY = Entry(
    Protocol.SMTP, 1, 1, "a.example", "a.example", 465, Security.TLS, "SSL", username="a",
)  # fmt: skip
PATH = PathRow(
    Protocol.IMAP, "a.example", 993, Security.TLS, None, "open", True, observation()
)  # fmt: skip
READING = Reading((ENTRY,), id="a.example", domains=("a.example",))


def every_scope() -> dict[str, facts.Facts]:
    """Facts of each scope with as much known as possible."""
    seen: dict[str, Any] = {"tls": tls(details=details()), "obeys_injected": False, "error": "e"}
    seen["login"] = LOGIN
    seen["web"] = Web(401, ("https://dav.example.org/",), PlainHttp.NOTHING)
    one = setting(live=Live.CONFIRMED, observation=observation(**seen))
    told = answer("srv", candidate())
    whole = case(one, answers=(told,), provider=PROVIDER, client=client())
    base = facts.common(whole)
    conflict = Conflict(Protocol.IMAP, "host", "a; b", ("srv",))
    summed = base | facts.summary((one,))
    return {
        "setting": facts.setting(one, whole, base, facts.Others((one,))),
        "source": facts.source(told, whole, summed, (one,)),
        "conflict": facts.conflict(conflict, summed),
        "domain": summed,
        "check": check_facts(ENTERED, "implicit", None, {"live": result(**seen)}, whole.now),
        "audit": audit_facts(case(one, answers=(told,), provider=PROVIDER), report(one), ()),
        "diagnosis": diagnosis_facts(Protocol.IMAP, [result()]),
        "document": published.document(READING, "autoconfig"),
        "published": published.entries(READING, "autoconfig")[0],
        "doctor": doctor_facts(
            [PATH], NamesRow(()), routes=Routes(True, True), registrable=str.lower
        ),
        "path": path_facts(PATH),
    }


@pytest.mark.parametrize("scope", FACTS)
def test_facts_and_vocabulary_agree(scope: str) -> None:
    """Every named fact is computed, no other, and with its type."""
    computed = every_scope()[scope]
    assert set(computed) == set(FACTS[scope])
    wrong = {
        name: value
        for name, value in computed.items()
        if value is not None and not FITS[FACTS[scope][name][0]](value)
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("version", "number", "name"),
    [
        ("TLSv1.3", 1.3, "TLS 1.3"),
        ("TLSv1.2", 1.2, "TLS 1.2"),
        ("TLSv1", 1.0, "TLS 1.0"),
        ("SSLv3", 0.3, "SSL 3.0"),
        ("SSLv2", 0.2, "SSL 2.0"),
    ],
)
def test_versions_of_the_family_are_ordered_by_number(
    version: str, number: float, name: str
) -> None:
    """SSL 2.0 and 3.0 are older than TLS 1.0, and the numbers say so."""
    assert (observed.tls_number(version), observed.tls_name(version)) == (number, name)


def test_days_left_are_negative_after_the_end() -> None:
    """An expired certificate has a negative number of days left."""
    over = tls(certificate=certificate(not_after="2026-11-20T00:00:00+00:00"))
    seen = observed.facts(observation(tls=over), Protocol.IMAP, case().now)
    assert seen["observed.cert_days_left"] == -4


@pytest.mark.parametrize(
    ("written", "days", "until"),
    [
        ("", None, None),
        ("50-01-01T00:00:00Z", None, None),
        ("9999-99-99", None, None),
        ("2026-11-25", 1, "25 November 2026"),
        ("0050-01-01T00:00:00Z", -722046, "1 January 50"),
        ("9999-12-31T23:59:59Z", 2912116, "31 December 9999"),
    ],
)
def test_a_date_that_cannot_be_read_is_not_known(
    written: str, days: int | None, until: str | None
) -> None:
    """A certificate may hold anything, and no fact raises for it."""
    odd = tls(certificate=certificate(not_after=written))
    seen = observed.facts(observation(tls=odd), Protocol.IMAP, case().now)
    assert (seen["observed.cert_days_left"], seen["observed.cert_until"]) == (days, until)
    assert observed.long_date(written) == (until or "unknown")


LISTED = ("IMAP4REV1", "IDLE")


@pytest.mark.parametrize(
    ("protocol", "listed", "mechanisms", "impossible"),
    [
        (Protocol.IMAP, LISTED, (), False),
        (Protocol.IMAP, ("LITERAL+",), (), False),
        (Protocol.IMAP, (*LISTED, "LOGINDISABLED"), (), True),
        (Protocol.IMAP, (*LISTED, "LOGINDISABLED", "AUTH=PLAIN"), ("PLAIN",), False),
        (Protocol.IMAP, (), (), True),
        (Protocol.SMTP, ("PIPELINING",), (), True),
        (Protocol.SMTP, (), (), True),
        (Protocol.SMTP, ("AUTH PLAIN",), ("PLAIN",), False),
        (Protocol.POP3, ("TOP", "UIDL"), (), True),
        (Protocol.POP3, (), (), True),
        (Protocol.POP3, (), ("APOP",), False),
    ],
)
def test_a_server_without_any_sign_in_is_known_as_such(
    protocol: Protocol, listed: tuple[str, ...], mechanisms: tuple[str, ...], impossible: bool
) -> None:
    """IMAP has LOGIN unless it says otherwise; the others have what they list."""
    whole = observation(capabilities_after=listed, mechanisms_after=mechanisms)
    broken = observation(
        capabilities_after=listed,
        mechanisms_after=mechanisms,
        reached=Reached.CAPABILITIES,
        problem=Problem.CLOSED,
    )
    told = [
        observed.facts(seen, protocol, case().now)["observed.login_impossible"]
        for seen in (whole, broken)
    ]
    assert told == [impossible, None]


@pytest.mark.parametrize(
    ("sources", "asked", "published"),
    [
        (("asked",), True, False),
        (("guess",), False, False),
        (("guess", "siblings"), False, False),
        (("srv", "guess"), False, True),
        (("autoconfig-https",), False, True),
    ],
)
def test_what_somebody_asks_to_look_at_is_not_published(
    sources: tuple[str, ...], asked: bool, published: bool
) -> None:
    """A person who names a host publishes nothing."""
    one = setting(sources=sources)
    seen = facts.setting(one, case(one), {}, facts.Others((one,)))
    assert (seen["setting.asked"], seen["setting.published"]) == (asked, published)


def test_sources_that_could_not_be_asked_are_told_apart() -> None:
    """Silence is no answer; a missing document, a broken one or a failed guess is."""

    def failed(source: str, problem: Problem, outcome: Outcome = Outcome.FAILED) -> Answer:
        return answer(source, outcome=outcome, problem=problem)

    told = (
        failed("autoconfig-https", Problem.TIMEOUT),
        failed("autoconfig-wellknown", Problem.CUT_OFF),
        failed("autoconfig-http", Problem.REFUSED),
        failed("srv", Problem.DNS_TIMEOUT),
        failed("ispdb", Problem.UNREACHABLE),
        failed("mx-autoconfig-full", Problem.NO_DOMAIN, Outcome.NOTHING),
        failed("mx-ispdb-full", Problem.BAD_DOCUMENT),
        failed("catalogue-mx", Problem.DNS_SERVFAIL),
        failed("guess", Problem.CUT_OFF),
        answer("catalogue", candidate()),
    )
    seen = facts.common(case(answers=told))
    ids = ["autoconfig-https", "autoconfig-wellknown", "srv", "ispdb", "catalogue-mx"]
    assert seen["sources.unheard"] == ids
    assert seen["sources.unheard_titles"] == [f"title of {source}" for source in ids]


def test_what_stands_beside_mail_is_not_missed() -> None:
    """A web site that is silent about calendars says nothing of mail; a record for them neither."""
    asked = answer("caldav", outcome=Outcome.FAILED, problem=Problem.TIMEOUT)
    silent = replace(asked, question=replace(asked.question, aside=True))
    dav = Candidate(Endpoint(Protocol.CALDAV, "dav.example.org", 443, Security.TLS))
    seen = facts.common(case(answers=(silent, answer("srv-services", dav))))
    assert seen["sources.unheard"] == []
    assert (seen["sources.found"], seen["sources.told"]) == (["srv-services"], [])
    assert facts.source(silent, case(), seen, ())["source.aside"]


def test_a_source_backed_by_a_better_one_is_not_what_the_answer_rests_on() -> None:
    """Unsigned SRV beside authenticated autoconfig is no reason to ask for confirmation."""
    first = setting(sources=("autoconfig-https", "srv"))
    good = answer("autoconfig-https", candidate())
    weak = answer("srv", candidate(), trust=Trust.UNAUTHENTICATED)
    whole = case(first, answers=(good, weak))
    base = facts.common(whole)
    assert facts.source(good, whole, base, (first,))["source.used"]
    assert not facts.source(weak, whole, base, (first,))["source.used"]


def gone(host: str, *sources: str, live: Live = Live.FAILED) -> Setting:
    """A setting at *host* that these sources name; dead unless *live* says otherwise."""
    seen = observation(reached=Reached.NOTHING, problem=Problem.REFUSED, tls=None)
    kept = seen if live is Live.FAILED else observation()
    return setting(f"imap://{host}:993", sources=sources, live=live, observation=kept)


@pytest.mark.parametrize(
    ("settings", "dead", "instead"),
    [
        (
            (gone("old.test", "srv"), gone("new.test", "ispdb", live=Live.CONFIRMED)),
            ["old.test"],
            ["new.test"],
        ),
        (
            (gone("old.test", "srv"), gone("new.test", "guess", live=Live.CONFIRMED)),
            ["old.test"],
            [],
        ),
        ((gone("old.test", "srv"), gone("older.test", "ispdb")), ["old.test"], []),
        ((gone("one.test", "srv", "ispdb", live=Live.CONFIRMED),), [], []),
    ],
    ids=["another source is up to date", "only a guess works", "all is dead", "all is well"],
)
def test_a_source_that_was_forgotten_is_known(
    settings: tuple[Setting, ...], dead: list[str], instead: list[str]
) -> None:
    """It names a host where nobody answers, and another published source one that works."""
    told = answer("srv", candidate("imap://old.test:993"))
    whole = case(*settings, answers=(told,))
    seen = facts.source(told, whole, {}, settings)
    assert (seen["source.dead_hosts"], seen["source.live_instead"]) == (dead, instead)


@pytest.mark.parametrize(
    ("used", "first"),
    [
        (True, setting("caldav://dav.hoster.test:443", sources=("srv-services",))),
        (True, setting("imap://imap.hoster.test:143", "starttls", sources=("siblings",))),
        (False, setting("imap://imap.other.test:993", sources=("ispdb",))),
    ],
    ids=["a service", "another port of a named host", "another source's"],
)
def test_what_the_first_settings_rest_on_is_used(used: bool, first: Setting) -> None:
    """Services count too, and so does the naming of a host whose other port comes first."""
    names = (candidate("imap://imap.hoster.test:993"),)
    own = "srv-services" if "srv-services" in first.sources else "srv"
    told = answer(own, *names, trust=Trust.UNAUTHENTICATED)
    best = answer("ispdb", candidate("imap://imap.other.test:993"))
    whole = case(first, answers=(told, best))
    assert facts.source(told, whole, {}, (first,))["source.used"] is used
