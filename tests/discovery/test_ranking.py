"""From what was said and seen to settings: who is believed, how far, and what is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.discovery import ranking
from advisor.engine.case import UNPUBLISHED
from advisor.model.address import subject
from advisor.model.auth import ADDRESS, LOCALPART, AuthMethod, OAuth2, Username, UsernameForm
from advisor.model.endpoint import Security, conventional_ports
from advisor.model.evidence import Answer, Candidate, Outcome, Problem, Trust
from advisor.model.observation import Live, ProbeResult, Reached
from advisor.model.report import Setting, Verdict
from tests.make import ORDER, answer, candidate, certificate, endpoint, result, tls

ALICE = subject("alice@example.org")
IMAP = candidate("imap://imap.example.org:993")
IMAP143 = candidate("imap://imap.example.org:143", "starttls")
SMTP = candidate("smtp://smtp.example.org:465")
FOREIGN = candidate("imap://imap.hoster.example:993")
BARE = Candidate(endpoint())


def rank(source: str) -> int:
    """The place of *source* in the tests' order."""
    return ORDER["sources"].index(source)


def clear(one: Candidate) -> ProbeResult:
    """A mail server that talks, and offers no STARTTLS."""
    return result(
        one.endpoint,
        Live.FAILED,
        reached=Reached.CAPABILITIES,
        problem=Problem.NO_STARTTLS,
        tls=None,
        mechanisms_before=("PLAIN", "LOGIN"),
    )


def dead(one: Candidate) -> ProbeResult:
    """Nobody there."""
    return result(
        one.endpoint,
        Live.FAILED,
        reached=Reached.NOTHING,
        problem=Problem.REFUSED,
        greeting=None,
        tls=None,
    )


def fine(one: Candidate) -> ProbeResult:
    """Confirmed."""
    return result(one.endpoint)


def merged(*answers: Answer, who: str = "alice@example.org", seen: object = ()) -> list[Setting]:
    """The settings that *answers* come to where the probes have *seen* this."""
    probed = {
        endpoint(f"{r.protocol}://{r.host}:{r.port}", r.security): r
        for r in seen  # type: ignore[attr-defined]
    }
    return list(ranking.merge(subject(who), answers, probed, rank))


def only(*answers: Answer, who: str = "alice@example.org", seen: object = ()) -> Setting:
    """The one setting of such a merge."""
    (one,) = merged(*answers, who=who, seen=seen)
    return one


def test_sources_that_agree_make_one_setting() -> None:
    """Named by all of them, in the order of the rules, whoever spoke first."""
    one = only(answer("ispdb", IMAP), answer("srv", IMAP), answer("autoconfig-https", IMAP))
    assert one.sources == ("autoconfig-https", "srv", "ispdb")


def test_sources_that_disagree_make_two() -> None:
    """Nothing is lost; they stand in the order of their sources."""
    found = merged(answer("ispdb", IMAP143, FOREIGN), answer("srv", IMAP))
    assert [str(one.endpoint) for one in found] == [
        "imap://imap.example.org:993",
        "imap://imap.example.org:143",
        "imap://imap.hoster.example:993",
    ]


def test_a_source_keeps_its_own_order() -> None:
    """Best first is what it meant."""
    found = merged(answer("ispdb", SMTP, IMAP143, IMAP))
    assert [one.endpoint for one in found] == [c.endpoint for c in (SMTP, IMAP143, IMAP)]


def test_the_same_port_with_another_security_is_another_setting() -> None:
    """One of the two is wrong, and that must be seen."""
    odd = candidate("imap://imap.example.org:993", "starttls")
    found = merged(answer("srv", IMAP), answer("ispdb", odd))
    assert [one.security for one in found] == [Security.TLS, Security.STARTTLS]


def test_services_are_told_apart_by_their_address() -> None:
    """Two calendars on one host are two."""
    first = candidate("caldav://dav.example.org:443", url="https://dav.example.org/a")
    second = candidate("caldav://dav.example.org:443", url="https://dav.example.org/b")
    found = merged(answer("srv", first, second))
    assert [one.url for one in found] == ["https://dav.example.org/a", "https://dav.example.org/b"]


def test_what_one_source_leaves_out_another_one_says() -> None:
    """Each value comes from the first source that has it."""
    oauth2 = OAuth2("auth.example.org")
    more = Candidate(endpoint(), LOCALPART, (AuthMethod.OAUTH2,), ("XOAUTH2",), oauth2)
    one = only(answer("autoconfig-https", BARE), answer("srv", more), answer("ispdb", IMAP))
    assert (one.username, one.username_form) == ("alice", UsernameForm.LOCALPART)
    assert (one.auth, one.mechanisms, one.oauth2) == ((AuthMethod.OAUTH2,), ("XOAUTH2",), oauth2)


def test_what_nobody_says_stays_unknown() -> None:
    """No user name is made up here: that is for the rules."""
    one = only(answer("srv", BARE))
    assert (one.username, one.username_form) == ("", UsernameForm.UNKNOWN)
    assert (one.auth, one.verdict, one.live) == ((), Verdict.ACCEPTABLE, Live.NOT_CHECKED)


def test_for_a_bare_domain_placeholders_stay() -> None:
    """There is nobody to name."""
    assert only(answer("srv", IMAP), who="example.org").username == "%EMAILADDRESS%"


def test_what_a_server_offers_counts_more_than_what_is_written() -> None:
    """Mechanisms are those seen; the methods stay the source's."""
    told = Candidate(endpoint(), ADDRESS, (AuthMethod.CHALLENGE,), ("CRAM-MD5",))
    seen = result(mechanisms_after=("PLAIN", "XOAUTH2"))
    one = only(answer("srv", told), seen=[seen])
    assert one.mechanisms == ("PLAIN", "XOAUTH2")
    assert one.auth == (AuthMethod.CHALLENGE,)
    bare = only(answer("srv", BARE), seen=[seen])
    assert bare.auth == (AuthMethod.PASSWORD, AuthMethod.OAUTH2)


def test_a_failed_probe_changes_no_word_of_the_source() -> None:
    """It is kept beside it."""
    one = only(answer("srv", IMAP), seen=[dead(IMAP)])
    assert (one.live, one.security, one.mechanisms) == (Live.FAILED, Security.TLS, ())
    assert one.observation is not None
    assert one.observation.problem is Problem.REFUSED


PLAIN_IMAP = candidate("imap://imap.example.org:993", "none")


@pytest.mark.parametrize(
    ("who", "told", "trust", "seen", "expected"),
    [
        ("example.org", IMAP, Trust.AUTHENTICATED, None, Trust.AUTHENTICATED),
        ("example.org", IMAP, Trust.AUTHENTICATED, fine, Trust.VERIFIED),
        ("example.org", IMAP, Trust.AUTHENTICATED, dead, Trust.AUTHENTICATED),
        ("example.org", IMAP, Trust.UNAUTHENTICATED, None, Trust.UNAUTHENTICATED),
        ("example.org", IMAP, Trust.UNAUTHENTICATED, fine, Trust.VERIFIED),
        ("example.org", IMAP, Trust.UNAUTHENTICATED, dead, Trust.UNAUTHENTICATED),
        ("example.org", FOREIGN, Trust.AUTHENTICATED, fine, Trust.VERIFIED),
        ("example.org", FOREIGN, Trust.UNAUTHENTICATED, fine, Trust.UNAUTHENTICATED),
        ("example.org", FOREIGN, Trust.UNAUTHENTICATED, None, Trust.UNAUTHENTICATED),
        ("imap.example.org", IMAP, Trust.UNAUTHENTICATED, fine, Trust.VERIFIED),
        ("mail.example.org", IMAP, Trust.UNAUTHENTICATED, fine, Trust.UNAUTHENTICATED),
        ("ample.org", IMAP, Trust.UNAUTHENTICATED, fine, Trust.UNAUTHENTICATED),
        ("example.org", PLAIN_IMAP, Trust.AUTHENTICATED, fine, Trust.AUTHENTICATED),
        ("example.org", PLAIN_IMAP, Trust.UNAUTHENTICATED, fine, Trust.UNAUTHENTICATED),
    ],
)
def test_a_certificate_proves_the_host_not_the_domain(
    who: str,
    told: Candidate,
    trust: Trust,
    seen: Callable[[Candidate], ProbeResult] | None,
    expected: Trust,
) -> None:
    """Design §5: confirmed, and in the own domain or named by an authenticated source."""
    probes = [seen(told)] if seen else []
    one = only(answer("srv", told, trust=trust), who=f"alice@{who}", seen=probes)
    assert one.trust is expected


def test_the_best_source_gives_the_grade() -> None:
    """Who says the same over a weaker channel takes nothing away."""
    weak = answer("autoconfig-https", FOREIGN, trust=Trust.UNAUTHENTICATED)
    one = only(weak, answer("ispdb", FOREIGN), seen=[fine(FOREIGN)])
    assert (one.trust, one.sources) == (Trust.VERIFIED, ("autoconfig-https", "ispdb"))


@pytest.mark.parametrize(
    ("seen", "kept"),
    [
        (fine, True),
        (clear, True),
        (dead, False),
        (None, False),
        (lambda one: result(one.endpoint, Live.FAILED, problem=Problem.CERT_WRONG_NAME), True),
        (lambda one: result(one.endpoint, Live.FAILED, problem=Problem.NOT_THIS_PROTOCOL), False),
        (lambda one: result(one.endpoint, Live.FAILED, greeting=None, tls=None), False),
        (lambda one: result(one.endpoint, Live.NOT_CHECKED, greeting=None, tls=None), False),
    ],
    ids=["fine", "clear", "dead", "unseen", "wrong-name", "web", "silent", "cut-off"],
)
def test_a_guess_counts_where_a_mail_server_answered(
    seen: Callable[[Candidate], ProbeResult] | None, kept: bool
) -> None:
    """A name that resolves is no server."""
    guess = answer("guess", IMAP143, trust=Trust.GUESSED)
    probes = [seen(IMAP143)] if seen else []
    assert bool(merged(guess, seen=probes)) is kept


@pytest.mark.parametrize(
    ("published", "kept"),
    [
        (FOREIGN, ["smtp"]),
        (candidate("pop3://pop.hoster.example:995"), ["smtp"]),
        (candidate("smtp://smtp.hoster.example:465"), ["imap"]),
        (candidate("caldav://dav.hoster.example:443", url="https://x.example/"), ["imap", "smtp"]),
    ],
    ids=["imap", "pop3", "smtp", "caldav"],
)
def test_a_guess_counts_where_nobody_publishes_that_direction(
    published: Candidate, kept: list[str]
) -> None:
    """IMAP and POP3 are one direction, sending is another."""
    guess = answer("guess", IMAP, SMTP, trust=Trust.GUESSED)
    found = merged(answer("srv", published), guess, seen=[fine(IMAP), fine(SMTP)])
    assert [one.protocol.value for one in found if one.sources == ("guess",)] == kept


def test_a_guess_that_hits_a_published_server_adds_nothing() -> None:
    """Neither its name nor its grade."""
    guess = answer("guess", IMAP, trust=Trust.GUESSED)
    one = only(answer("srv", IMAP), guess, seen=[dead(IMAP)])
    assert (one.sources, one.trust) == (("srv",), Trust.AUTHENTICATED)


def test_a_confirmed_guess_in_the_own_domain_is_verified() -> None:
    """The certificate names the user's own domain, which is what had to be shown."""
    guess = answer("guess", IMAP, trust=Trust.GUESSED)
    assert only(guess, seen=[fine(IMAP)]).trust is Trust.VERIFIED


def test_a_clear_text_server_is_told_as_such() -> None:
    """Nobody said STARTTLS; what is there has no encryption, and works that way."""
    guess = answer("guess", IMAP143, trust=Trust.GUESSED)
    one = only(guess, seen=[clear(IMAP143)])
    assert (one.security, one.live, one.trust) == (Security.NONE, Live.CONFIRMED, Trust.GUESSED)
    assert one.mechanisms == ("PLAIN", "LOGIN")


def test_a_published_starttls_that_is_missing_stays_starttls() -> None:
    """It was promised: that it fails is what must be told."""
    one = only(answer("srv", IMAP143), seen=[clear(IMAP143)])
    assert (one.security, one.live) == (Security.STARTTLS, Live.FAILED)


def test_siblings_are_the_other_standard_ports() -> None:
    """Of every mail server that somebody publishes, with what is known of its user names."""
    pop3 = Candidate(endpoint("pop3://pop.example.org:110", "starttls"), LOCALPART)
    found = ranking.siblings([answer("srv", IMAP, SMTP), answer("ispdb", pop3)], conventional_ports)
    assert [(str(one.endpoint), one.endpoint.security) for one in found] == [
        ("imap://imap.example.org:143", Security.STARTTLS),
        ("smtp://smtp.example.org:587", Security.STARTTLS),
        ("pop3://pop.example.org:995", Security.TLS),
    ]
    assert [one.username for one in found] == [ADDRESS, ADDRESS, LOCALPART]


def test_only_published_mail_servers_have_siblings() -> None:
    """Guesses are tried on all ports anyway, and services have an address of their own."""
    dav = candidate("caldav://dav.example.org:443", url="https://dav.example.org/")
    sieve = candidate("managesieve://imap.example.org:4190", "starttls")
    guess = answer("guess", IMAP, trust=Trust.GUESSED)
    found = ranking.siblings([guess, answer("siblings", SMTP), answer("srv", dav, sieve)],
                             conventional_ports)  # fmt: skip
    assert found == ()


def test_a_port_that_somebody_publishes_is_no_sibling() -> None:
    """Whatever security they name there."""
    odd = candidate("imap://imap.example.org:143", "none")
    assert ranking.siblings([answer("srv", IMAP, odd)], conventional_ports) == ()


@pytest.mark.parametrize(
    ("seen", "kept"),
    [(fine, True), (clear, True), (dead, False), (None, False)],
    ids=["fine", "clear", "dead", "unseen"],
)
def test_a_sibling_counts_where_it_works(
    seen: Callable[[Candidate], ProbeResult] | None, kept: bool
) -> None:
    """Nobody promised it, so that nothing is said where it is not there."""
    both = (answer("srv", IMAP), answer("siblings", IMAP143, trust=Trust.GUESSED))
    found = merged(*both, seen=[seen(IMAP143)] if seen else [])
    assert ("siblings",) in {one.sources for one in found} or not kept
    assert len(found) == 1 + kept


def test_a_clear_text_sibling_has_no_security() -> None:
    """And is never the same setting as the one with STARTTLS."""
    both = (answer("srv", IMAP), answer("siblings", IMAP143, trust=Trust.GUESSED))
    _, one = merged(*both, seen=[fine(IMAP), clear(IMAP143)])
    assert (one.security, one.live) == (Security.NONE, Live.CONFIRMED)


@pytest.mark.parametrize(
    ("trust", "expected"),
    [
        (Trust.AUTHENTICATED, Trust.VERIFIED),
        (Trust.UNAUTHENTICATED, Trust.UNAUTHENTICATED),
    ],
)
def test_a_sibling_is_trusted_as_the_server_is(trust: Trust, expected: Trust) -> None:
    """It is the host that was named; the port is seen."""
    other = candidate("imap://imap.hoster.example:143", "starttls")
    found = merged(
        answer("srv", FOREIGN, trust=trust),
        answer("siblings", other, trust=Trust.GUESSED),
        seen=[fine(other)],
    )
    assert found[1].trust is expected


def test_a_guess_that_hits_a_sibling_adds_nothing() -> None:
    """Somebody publishes that server: the guess is no evidence beside it."""
    found = merged(
        answer("srv", IMAP),
        answer("siblings", IMAP143, trust=Trust.GUESSED),
        answer("guess", IMAP143, trust=Trust.GUESSED),
        seen=[clear(IMAP143)],
    )
    assert (found[1].sources, found[1].trust) == (("siblings",), Trust.AUTHENTICATED)


def shows(one: Candidate, *names: str, chain_ok: bool = True) -> ProbeResult:
    """A server with a certificate for *names*, which are others than its own."""
    made = tls(name_ok=False, chain_ok=chain_ok, certificate=certificate(names=names))
    return result(one.endpoint, Live.FAILED, problem=Problem.CERT_WRONG_NAME, tls=made)


@pytest.mark.parametrize(
    ("names", "chain_ok", "hosts"),
    [
        (("www.example.org", "imap4.example.org"), True, ["imap4.example.org", "www.example.org"]),
        (("*.example.org", "imap.hoster.example"), True, []),
        (("imap4.example.org",), False, []),
        (
            tuple(f"m{n}.example.org" for n in range(9)),
            True,
            [f"m{n}.example.org" for n in range(3)],
        ),
    ],
    ids=["likely ones first", "no wildcards and nobody else's", "a bad chain", "only a few"],
)
def test_a_good_certificate_for_another_name_suggests_it(
    names: tuple[str, ...], chain_ok: bool, hosts: list[str]
) -> None:
    """Names of the same registrable domain, on the same port, with the same user name."""
    probed = {IMAP.endpoint: shows(IMAP, *names, chain_ok=chain_ok)}
    found = ranking.certified([answer("srv", IMAP)], probed)
    assert [one.endpoint.host for one in found] == hosts
    assert {(one.endpoint.port, one.username) for one in found} <= {(993, IMAP.username)}


def test_a_name_out_of_a_certificate_counts_where_it_works() -> None:
    """As an alternative that nobody published; the published one stays too."""
    other = candidate("imap://imap4.example.org:993")
    told = (answer("srv", IMAP), answer("certificates", other, trust=Trust.GUESSED))
    seen = [shows(IMAP, "imap4.example.org"), fine(other)]
    assert [one.sources for one in merged(*told, seen=seen)] == [("srv",), ("certificates",)]
    assert [one.sources for one in merged(*told, seen=[seen[0], dead(other)])] == [("srv",)]


def test_a_clear_text_find_that_somebody_publishes_is_told_once() -> None:
    """The published one stands, with its source."""
    none = candidate("imap://imap.example.org:143", "none")
    found = merged(
        answer("srv", none),
        answer("guess", IMAP143, trust=Trust.GUESSED),
        answer("siblings", IMAP143, trust=Trust.GUESSED),
        seen=[clear(IMAP143)],
    )
    assert [(one.security, one.sources) for one in found] == [(Security.NONE, ("srv",))]


def test_bare_is_what_one_source_said() -> None:
    """Untouched by the others, even where it comes to nothing."""
    guess = answer("guess", IMAP, SMTP, trust=Trust.GUESSED)
    found = ranking.bare(guess, ALICE, {IMAP.endpoint: dead(IMAP)})
    assert [(one.live, one.sources, one.trust) for one in found] == [
        (Live.FAILED, ("guess",), Trust.GUESSED),
        (Live.NOT_CHECKED, ("guess",), Trust.GUESSED),
    ]


def test_silent_sources_make_no_settings() -> None:
    """And disturb nobody."""
    silent = answer("ispdb", outcome=Outcome.FAILED, problem=Problem.TIMEOUT)
    assert merged(silent, answer("guess")) == []
    assert len(merged(silent, answer("srv", IMAP))) == 1


CANDIDATES = st.sampled_from(
    [IMAP, IMAP143, SMTP, FOREIGN, BARE, PLAIN_IMAP, Candidate(endpoint(), Username("shared"))]
)
ANSWERS = st.lists(
    st.tuples(
        st.sampled_from(ORDER["sources"]),
        st.lists(CANDIDATES, max_size=4),
        st.sampled_from([Trust.AUTHENTICATED, Trust.UNAUTHENTICATED]),
    ),
    max_size=5,
    unique_by=lambda told: told[0],
)


@given(ANSWERS, st.dictionaries(CANDIDATES, st.sampled_from([fine, clear, dead]), max_size=4))
def test_nothing_that_is_published_is_lost(
    told: list[tuple[str, list[Candidate], Trust]],
    seen: dict[Candidate, Callable[[Candidate], ProbeResult]],
) -> None:
    """Every published endpoint is there, each once, with all who named it."""
    answers = [answer(source, *found, trust=trust) for source, found, trust in told]
    settings = merged(*answers, seen=[look(one) for one, look in seen.items()])
    places = [one.endpoint for one in settings]
    assert len(places) == len(set(places))
    for one in answers:
        if one.question.id not in UNPUBLISHED:
            for told_one in one.candidates:
                at = settings[places.index(told_one.endpoint)]
                assert one.question.id in at.sources
    assert merged(*reversed(answers), seen=[look(one) for one, look in seen.items()]) == settings
