"""Judging settings that somebody has."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from advisor.engine import vocabulary
from advisor.engine.settings import Entered, Verdict, check_facts, endpoints, judge, meaning
from advisor.knowledge.library import Library
from advisor.model.endpoint import Protocol, Security
from advisor.model.evidence import Problem
from advisor.model.observation import Live, ProbeResult
from tests.make import NOW, result


@cache
def library() -> Library:
    """The bundled knowledge, read once."""
    return Library()


def entered(
    words: str = "imap mail.example.org 993 SSL/TLS", client: str | None = None, **more: Any
) -> Entered:
    """Settings written as ``protocol host port label``; the host may be ``-``."""
    protocol, host, port, label = words.split(" ", 3)
    plain: dict[str, Any] = {
        "protocol": Protocol(protocol),
        "host": None if host == "-" else host,
        "port": int(port),
        "label": label,
        "client": library().client(client) if client else None,
    }
    return Entered(**(plain | more))


def verdict(given: Entered, seen: Mapping[str, ProbeResult] | None = None) -> Verdict:
    """What the bundled rules say."""
    return judge(given, seen or {}, library().rulebook, NOW)


def changed(found: Verdict) -> dict[str, str]:
    """The fields to change, and what to enter."""
    return {one.field: one.to for one in found.changes}


PLAIN = [
    ("SSL/TLS", "implicit"),
    ("ssl/tls", "implicit"),
    ("  “SSL/TLS”: ", "implicit"),
    ("SSL / TLS", "implicit"),
    ("STARTTLS", "starttls"),
    ("None", "none"),
    ("Auto", "auto"),
    ("TLS", "unknown"),
    ("SSL", "unknown"),
    ("", "unknown"),
    ("\x1b[31mTLS", "unknown"),
]


@pytest.mark.parametrize(("label", "does"), PLAIN)
def test_without_a_client_only_clear_words_are_read(label: str, does: str) -> None:
    """The others mean different things in different programs."""
    assert meaning(entered(f"imap mail.example.org 993 {label}")) == (does, None)


@pytest.mark.parametrize("label", ["EMAIL_USE_TLS=True", "email_use_tls =true"])
def test_blanks_round_the_sign_do_not_matter(label: str) -> None:
    """Everybody writes configuration files as they like."""
    assert meaning(entered(f"smtp mail.example.org 587 {label}", "django"))[0] == "starttls"


RIGHT = [
    ("imap imap.example.org 993 SSL/TLS", None),
    ("imap imap.example.org 143 STARTTLS", None),
    ("pop3 pop.example.org 995 SSL/TLS", None),
    ("pop3 pop.example.org 110 STARTTLS", None),
    ("smtp smtp.example.org 465 SSL/TLS", None),
    ("smtp smtp.example.org 587 STARTTLS", None),
    ("imap - 993 SSL/TLS", None),
    ("imap mail.example.org 143 TLS", "thunderbird@2"),
    ("smtp mail.example.org 587 TLS", "outlook@2016"),
    ("smtp mail.example.org 587 Use SSL", "iphone"),
    ("imap mail.example.org 993 TLS", "geary"),
]


@pytest.mark.parametrize(("words", "client"), RIGHT)
def test_right_settings_are_right(words: str, client: str | None) -> None:
    """Nothing to change, and no finding worse than a note."""
    found = verdict(entered(words, client))
    assert (found.verdict, found.changes) == ("right", ())
    assert {one.severity.value for one in found.findings} <= {"note"}


# The classic crosses: settings, client, and what to enter.
WRONG = [
    ("imap imap.example.org 143 SSL/TLS", None, {"port": "993"}),
    ("pop3 pop.example.org 110 SSL/TLS", None, {"port": "995"}),
    ("smtp smtp.example.org 587 SSL/TLS", None, {"port": "465"}),
    ("imap imap.example.org 993 STARTTLS", None, {"security": "SSL/TLS"}),
    ("pop3 pop.example.org 995 STARTTLS", None, {"security": "SSL/TLS"}),
    ("smtp smtp.example.org 465 STARTTLS", None, {"security": "SSL/TLS"}),
    ("imap mail.example.org 995 SSL/TLS", None, {"port": "993"}),
    ("pop3 mail.example.org 993 SSL/TLS", None, {"port": "995"}),
    ("imap mail.example.org 465 SSL/TLS", None, {"port": "993"}),
    ("smtp mail.example.org 993 SSL/TLS", None, {"port": "465"}),
    ("imap mail.example.org 143 None", None, {"port": "993", "security": "SSL/TLS"}),
    ("imap mail.example.org 143 TLS, if available", "thunderbird@2", {"security": "TLS"}),
    ("imap mail.example.org 993 TLS", "outlook@2016", {"security": "SSL"}),
    ("smtp mail.example.org 587 SSL", "outlook@2016", {"port": "465"}),
    ("imap mail.example.org 993 tls://", "roundcube", {"security": "ssl://"}),
    ("smtp mail.example.org 465 tls on", "msmtp", {"security": "tls_starttls off"}),
]


@pytest.mark.parametrize(("words", "client", "to"), WRONG)
def test_a_cross_is_wrong_and_mended(words: str, client: str | None, to: dict[str, str]) -> None:
    """In the client's words, field by field, each with its reason."""
    found = verdict(entered(words, client))
    assert found.verdict == "wrong"
    assert changed(found) == to
    assert all(one.because for one in found.changes)


@pytest.mark.parametrize(("words", "client", "to"), WRONG)
def test_the_mended_settings_are_right(words: str, client: str | None, to: dict[str, str]) -> None:
    """Whoever follows the advice is not sent on."""
    given = entered(words, client)
    mended = entered(
        f"{words.split()[0]} {given.host} {to.get('port', given.port)} "
        f"{to.get('security', given.label)}",
        client,
    )
    assert verdict(mended).verdict == "right"


# (settings, more of them, verdict, the rule that speaks, the field to change)
MORE = [
    ("smtp smtp.example.org 25 STARTTLS", {}, "risky", "sending-through-25", "port"),
    ("smtp smtp.example.org 587 STARTTLS", {"login": False}, "wrong", "login-off", "login"),
    ("smtp imap.example.org 587 STARTTLS", {}, "risky", "incoming-name-for-sending", "host"),
    ("imap smtp.example.org 993 SSL/TLS", {}, "risky", "sending-name-for-incoming", "host"),
    ("imap pop.example.org 993 SSL/TLS", {}, "risky", "pop-and-imap-names", None),
    ("imap i.example.org 993 SSL/TLS", {"sign_in": "SPA"}, "risky", "spa-chosen", "sign-in"),
    (
        "imap i.example.org 993 SSL/TLS", {"sign_in": "Encrypted password"},
        "risky", "encrypted-password-chosen", "sign-in",
    ),
    ("imap i.example.org 993 SSL/TLS", {"username": "EX\\jane"}, "right", "username-windows", None),
    ("imap i.example.org 993 SSL/TLS", {"username": "jane"}, "right", "username-short", None),
    ("smtp s.example.org 2525 STARTTLS", {}, "right", "unusual-port", None),
    ("imap i.example.org 993 SSL/TLS", {"username": "jane "}, "wrong", "username-blank", None),
    ("imap 192.0.2.1 993 SSL/TLS", {}, "risky", "host-is-an-address", "host"),
    ("imap 2001:db8::1 993 SSL/TLS", {}, "risky", "host-is-an-address", "host"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "more", "judged", "code", "field"), MORE)
def test_other_crosses_are_known(
    words: str, more: dict[str, Any], judged: str, code: str, field: str | None
) -> None:
    """Sending through 25, no sign-in, the wrong server's name, SPA, the form of the user name."""
    found = verdict(entered(words, **more))
    assert found.verdict == judged
    assert code in {one.code for one in found.findings}
    assert set(changed(found)) == ({field} if field else set())


@pytest.mark.parametrize("port", [25, 2143])
def test_one_switch_on_an_odd_port_is_not_guessed(port: int) -> None:
    """Nobody knows what “Use SSL” does there, so it is not told for certain."""
    assert meaning(entered(f"smtp mail.example.org {port} Use SSL", "iphone"))[0] == "auto"


def test_a_word_that_the_client_does_not_have_is_told() -> None:
    """OfflineIMAP has no required STARTTLS, so this can be no setting of its."""
    found = verdict(entered("imap mail.example.org 143 STARTTLS", "offlineimap"))
    assert "label-not-of-client" in {one.code for one in found.findings}


def test_a_word_that_needs_the_program_cannot_be_told() -> None:
    """And the finding asks for the program."""
    found = verdict(entered("imap mail.example.org 143 TLS"))
    assert found.verdict == "cannot-tell"
    assert found.means.security is None
    assert any("--client" in one.message for one in found.findings)


def seen(live: Live = Live.CONFIRMED, **others: Live) -> dict[str, ProbeResult]:
    """Results for the settings as entered, and for the two standard ways."""
    return {"live": result(live=live)} | {
        f"live_{name}": result(live=state) for name, state in others.items()
    }


def test_what_works_and_is_safe_is_not_moved() -> None:
    """An odd port that answers as it should stays."""
    given = entered("imap mail.example.org 10993 SSL/TLS")
    found = verdict(given, seen(Live.CONFIRMED, implicit=Live.FAILED, starttls=Live.FAILED))
    assert changed(found) == {}
    assert found.verdict in ("right", "risky")


def test_what_does_not_answer_is_wrong() -> None:
    """Even where port and label fit each other."""
    found = verdict(entered(), seen(Live.FAILED, implicit=Live.FAILED, starttls=Live.CONFIRMED))
    assert found.verdict == "wrong"
    assert changed(found) == {"port": "143", "security": "STARTTLS"}


def test_a_port_that_works_for_starttls_is_never_moved() -> None:
    """587 stays, though 465 would work as well, and whatever the program is."""
    for client, label in ((None, "STARTTLS"), ("thunderbird", "STARTTLS"), ("iphone", "Use SSL")):
        given = entered(f"smtp smtp.example.org 587 {label}", client)
        found = verdict(given, seen(implicit=Live.CONFIRMED, starttls=Live.CONFIRMED))
        assert (found.verdict, found.changes) == ("right", ())
        assert {one.severity.value for one in found.findings} == {"note"}


# (settings, client, what was seen of the two standard ways, what to enter)
LED = [
    ("imap m.example.org 143 SSL/TLS", None, (Live.FAILED, Live.CONFIRMED), {"security"}),
    ("imap m.example.org 143 SSL/TLS", None, (Live.CONFIRMED, Live.FAILED), {"port"}),
    ("imap m.example.org 143 None", None, (Live.FAILED, Live.CONFIRMED), {"security"}),
    ("imap m.example.org 143 None", None, (Live.FAILED, Live.FAILED), set()),
    ("smtp m.example.org 25 STARTTLS", None, (Live.CONFIRMED, Live.CONFIRMED), {"port"}),
    ("smtp m.example.org 25 STARTTLS", None, (Live.FAILED, Live.FAILED), {"host"}),
    ("smtp m.example.org 587 Auto", "outlook 2016", (Live.CONFIRMED,) * 2, {"security"}),
    (
        "smtp m.example.org 587 Auto", "outlook 2016", (Live.CONFIRMED, Live.FAILED),
        {"port", "security"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("words", "client", "states", "fields"), LED)
def test_what_was_seen_decides_where_to_lead(
    words: str, client: str | None, states: tuple[Live, Live], fields: set[str]
) -> None:
    """To what works, with as little change as that takes."""
    given = entered(words, client)
    found = verdict(given, seen(implicit=states[0], starttls=states[1]) | failed_as_entered(given))
    assert found.verdict in ("wrong", "risky")
    assert set(changed(found)) == fields


def failed_as_entered(given: Entered) -> dict[str, ProbeResult]:
    """A failure for settings that cross port and security; the others worked."""
    crossed = (given.port, given.label) == (143, "SSL/TLS")
    return {"live": result(live=Live.FAILED)} if crossed else {}


def test_the_order_of_ways_stands_in_the_rules() -> None:
    """An operator who puts STARTTLS first is obeyed."""
    given = entered("imap mail.example.org 143 None")
    order = (Security.STARTTLS, Security.TLS)
    found = judge(given, {}, replace(library().rulebook, ways=order), NOW)
    assert changed(found) == {"security": "STARTTLS"}


def test_no_answer_proves_nothing() -> None:
    """A silent server makes right settings uncertain, not wrong."""
    timeout = result(live=Live.FAILED, problem=Problem.TIMEOUT)
    found = verdict(entered(), {"live": timeout})
    assert found.verdict == "cannot-tell"
    assert found.changes == ()


def test_a_bridge_on_the_same_computer_may_vouch_for_itself() -> None:
    """Nobody can stand in between, and the host is not to be changed."""
    own = result(live=Live.FAILED, problem=Problem.CERT_SELF_SIGNED)
    found = verdict(entered("imap 127.0.0.1 1143 STARTTLS"), {"live": own})
    assert (found.verdict, found.changes) == ("risky", ())
    assert "certificate-on-this-computer" in {one.code for one in found.findings}


SIGN_IN_OFFERED = [
    ("SPA", ("PLAIN", "LOGIN"), False),
    ("SPA", ("PLAIN", "NTLM"), True),
    ("SPA", ("PLAIN", "GSSAPI"), True),
    ("OAuth2", ("PLAIN", "XOAUTH2"), True),
    ("Encrypted password", ("PLAIN",), False),
    ("Encrypted password", ("PLAIN", "CRAM-MD5"), True),
    ("Normal password", ("PLAIN",), True),
    ("Normal password", (), None),
    ("What is that", ("PLAIN",), None),
]


@pytest.mark.parametrize(("label", "mechanisms", "offered"), SIGN_IN_OFFERED)
def test_what_the_server_offers_to_sign_in(
    label: str, mechanisms: tuple[str, ...], offered: bool | None
) -> None:
    """By the mechanisms that it lists inside TLS."""
    given = entered(sign_in=label)
    shown = {"live": result(mechanisms_after=mechanisms)}
    assert check_facts(given, "implicit", None, shown, NOW)["check.sign_in_offered"] is offered


def test_a_choice_that_takes_every_certificate_is_wrong() -> None:
    """It encrypts for whoever stands in between; the entry beside it checks."""
    found = verdict(
        entered("imap m.example.org 993 SSL/TLS (Accept all certificates)", "aosp email")
    )
    assert (found.verdict, changed(found)) == ("wrong", {"security": "SSL/TLS"})


def test_a_program_that_does_not_speak_the_protocol_is_told_so() -> None:
    """Geary reads by IMAP only, whatever the port."""
    found = verdict(entered("pop3 pop.example.org 995 TLS", "geary"))
    codes = {one.code for one in found.findings}
    assert found.verdict == "wrong"
    assert "program-without-protocol" in codes
    assert "no-safe-choice" not in codes


def test_a_port_of_another_protocol_is_told_once() -> None:
    """Whether it begins encrypted does not matter then."""
    found = verdict(entered("smtp smtp.example.org 110 SSL/TLS"))
    assert [one.code for one in found.findings] == ["port-of-another-protocol"]


@pytest.mark.parametrize(
    ("label", "client"), [("EMAIL_USE_SSL=true", "django"), ("ssl/tls", None), ("SSL / TLS", None)]
)
def test_only_what_differs_is_to_be_changed(label: str, client: str | None) -> None:
    """The same word written otherwise is no change, here beside a wrong port."""
    assert changed(verdict(entered(f"smtp m.example.org 587 {label}", client))) == {"port": "465"}


def test_the_client_is_told_what_it_has() -> None:
    """Where somebody entered a word that it does not have."""
    found = verdict(entered("imap mail.example.org 993 Sicher", "outlook 2016"))
    (said,) = [one.message for one in found.findings if one.code == "label-not-of-client"]
    assert all(f"“{label}”" in said for label in ("None", "SSL", "TLS", "Auto"))


def test_the_endpoints_to_look_at() -> None:
    """The settings as they act, and the two standard ways."""
    at = endpoints(entered("imap mail.example.org 143 TLS", "thunderbird@2"))
    assert set(at) == {"live", "live_implicit", "live_starttls"}
    assert (at["live"].port, at["live"].security) == (143, Security.STARTTLS)
    assert (at["live_implicit"].port, at["live_implicit"].security) == (993, Security.TLS)
    assert set(endpoints(entered("imap mail.example.org 143 TLS"))) == {
        "live_implicit",
        "live_starttls",
    }
    assert endpoints(entered("imap - 143 STARTTLS")) == {}


FACTS = [
    ("imap imap.example.org 993 SSL/TLS", "check.host_role", "imap"),
    ("imap mail.example.org 993 SSL/TLS", "check.host_role", None),
    ("imap - 993 SSL/TLS", "check.host_role", None),
    ("imap mail.example.org 995 SSL/TLS", "check.port_protocol", "pop3"),
    ("imap mail.example.org 995 SSL/TLS", "check.port_means", "implicit"),
    ("imap mail.example.org 2143 STARTTLS", "check.port_protocol", None),
    ("imap mail.example.org 995 SSL/TLS", "check.port_own", False),
    ("imap mail.example.org 143 SSL/TLS", "check.port_own", True),
    ("imap mail.example.org 2143 STARTTLS", "check.port_own", None),
    ("smtp 127.0.0.1 25 None", "check.local", True),
    ("smtp localhost.example.org 25 None", "check.local", False),
    ("smtp mail.example.org 587 STARTTLS", "check.port_implicit", 465),
    ("smtp mail.example.org 587 STARTTLS", "check.port_starttls", 587),
    ("smtp mail.example.org 587 STARTTLS", "check.confidence", "convention"),
]


@pytest.mark.parametrize(("words", "name", "value"), FACTS)
def test_the_facts_of_a_check(words: str, name: str, value: object) -> None:
    """What rules for each check can test."""
    given = entered(words)
    does, label = meaning(given)
    assert check_facts(given, does, label, {}, NOW)[name] == value


@pytest.mark.parametrize(
    ("username", "form"),
    [
        ("jane@example.org", "address"),
        ("jane", "localpart"),
        ("EXAMPLE\\jane", "domain\\localpart"),
        ("EXAMPLE\\jane@example.org", "domain\\localpart"),
        ("", None),
        (None, None),
    ],
)
def test_the_form_of_the_user_name(username: str | None, form: str | None) -> None:
    """The part before the @, the address, or Windows' own form."""
    given = entered(username=username)
    assert check_facts(given, "implicit", None, {}, NOW)["check.username_form"] == form


def test_every_fact_is_in_the_vocabulary() -> None:
    """Rules can test what is there, and nothing else is there."""
    known = check_facts(entered(client="outlook@2010"), "implicit", None, seen(), NOW)
    assert set(known) <= set(vocabulary.FACTS["check"])
