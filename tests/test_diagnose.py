"""From pasted text to the step that mends it."""

import re
import time
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from advisor.diagnosing import MOST, MOST_MATCHES, diagnose
from advisor.knowledge.library import Library
from advisor.model.diagnosis import Seen
from advisor.model.endpoint import Protocol, Security
from advisor.model.observation import Live
from tests.test_helpdesk import HELPDESK


@cache
def library() -> Library:
    """The bundled knowledge, read once."""
    return Library()


@cache
def families() -> dict[str, list[dict[str, Any]]]:
    """The entries of every family of messages."""
    return {key: one["entries"] for key, one in library().entries("errors").items()}


ENTRIES = [one for entries in families().values() for one in entries]


@pytest.mark.parametrize("entry", ENTRIES, ids=[one["id"] for one in ENTRIES])
def test_every_example_finds_its_own_entry_first(entry: dict[str, Any]) -> None:
    """As it stands, in another case, and broken over lines."""
    for example in entry["examples"]:
        for text in (example, example.upper(), example.replace(" ", "\n  ")):
            found = diagnose(text, library())
            assert found.matches, text
            assert found.matches[0].id == entry["id"], text
            assert found.near == ()


def test_ids_are_unique() -> None:
    """Over all families."""
    ids = [one["id"] for one in ENTRIES]
    assert len(set(ids)) == len(ids)


def test_the_specific_stands_before_the_generic() -> None:
    """A time-out tells less than the reply that came before it."""
    log = "Connection timed out, then: 554 5.7.1 <a@example.net>: Relay access denied"
    found = diagnose(log, library())
    ids = [match.id for match in found.matches]
    assert ids[0] == "postfix-relay-access-denied"
    assert "network-timeout" in ids
    generic = [match.generic for match in found.matches]
    assert generic == sorted(generic)
    assert len(ids) == len(set(ids))


def test_a_longer_match_stands_before_a_shorter() -> None:
    """More of the text recognised is more specific."""
    for entries in families().values():
        text = " / ".join(one["examples"][0] for one in entries)
        matches = diagnose(text, library()).matches
        keys = [(match.generic, -len(match.matched)) for match in matches]
        assert [key for key in keys if not key[0]] == sorted(key for key in keys if not key[0])
        assert len(matches) <= MOST_MATCHES


LOG = """\
Nov 20 09:12:01 host mailer[811]: connecting to smtp.example.org:587
Nov 20 09:12:01 host mailer[811]: 530 5.7.0 Must issue a STARTTLS command first.
Nov 20 09:12:07 host mailer[812]: SSL routines:ssl3_get_record:wrong version number
Nov 20 09:12:09 host mailer[813]: 535-5.7.8 Username and Password not accepted.
Nov 20 09:12:09 host mailer[813]: giving up
"""


def test_a_log_tells_all_its_messages() -> None:
    """Each once, and the causes of the best one first, without repeating any."""
    found = diagnose(LOG * 50, library())
    ids = {match.id for match in found.matches}
    assert {
        "smtp-replies-starttls-first",
        "openssl-wrong-version-number",
        "gmail-server-not-accepted",
    } <= ids
    assert found.causes[: len(found.matches[0].causes)] == found.matches[0].causes
    assert len(set(found.causes)) == len(found.causes)
    assert [one.id for one in found.explained] == list(found.causes)
    assert all(one.means and one.fix for one in found.explained)


def test_of_a_longer_log_the_end_is_read() -> None:
    """What went wrong last stands there."""
    noise = "nothing to see here\n" * (MOST // 20)
    found = diagnose(f"Relay access denied\n{noise}\nwrong version number", library())
    assert [match.id for match in found.matches] == ["openssl-wrong-version-number"]


UNKNOWN = ["", " ", "\n\x00", "the dog ate it", "☃" * 400, "0" * 300, "200 OK", "a" * (1 << 20)]


@pytest.mark.parametrize("text", UNKNOWN, ids=lambda text: ascii(text)[:20])
def test_what_nobody_knows_has_no_matches(text: str) -> None:
    """And nothing is made up about its causes."""
    found = diagnose(text, library())
    assert (found.matches, found.causes, found.explained) == ((), (), ())
    assert len(found.near) <= 3


def test_what_is_nearly_known_shows_what_it_is_near() -> None:
    """A slip of the pen still leads somewhere."""
    near = diagnose("routines:ssl3_get_recrd:wrong versoin numbr", library()).near
    assert any("wrong version number" in one for one in near)


HOSTILE_SECONDS = 2
MIB = 1 << 20


def near_misses(entries: list[dict[str, Any]]) -> str:
    """1 MiB that every pattern of *entries* must look at, and that hardly any of them matches.

    It is filled with the beginnings of what they match, so that they start over and over; the
    plain texts that let a pattern be tried at all stand behind.
    """
    pieces = []
    for one in entries:
        for pattern in one["patterns"]:
            hits = (re.search(pattern, example, re.IGNORECASE) for example in one["examples"])
            shown = next(hit.group() for hit in hits if hit)
            pieces += [f"{shown[:-1]} ", shown[: len(shown) // 2 + 1], shown[:4]]
    tail = " " + " ".join(plain for one in entries for plain in one["needles"])
    share = (MIB - len(tail)) // len(pieces)
    return "".join((piece * (share // len(piece) + 1))[:share] for piece in pieces) + tail


def seconds(text: str) -> float:
    """Processor time of one diagnosis, in seconds."""
    library().entries("errors")
    before = time.process_time()
    diagnose(text, library())
    return time.process_time() - before


@pytest.mark.parametrize("family", sorted(families()))
def test_a_hostile_text_costs_little(family: str) -> None:
    """1 MiB of near-misses of one family, against all patterns."""
    assert seconds(near_misses(families()[family])) < HOSTILE_SECONDS


def test_a_text_hostile_to_all_patterns_at_once_costs_little() -> None:
    """The plain texts of all families in one text: every pattern is tried on 1 MiB."""
    assert seconds(near_misses(ENTRIES)) < HOSTILE_SECONDS


# What nobody must be told to do. Each expression forbids, unless its exception is spelled out.
_FORBIDDEN = re.compile(
    r"accept (?:the|any|all|this)|accept.{0,20}certificate|confirm.{0,20}exception"
    r"|(?:switch|turn) off.{0,30}(?:encryption|ssl|tls|verif|certificate|check)"
    r"|disable.{0,30}(?:encryption|ssl|tls|verif|certificate|check)"
    r"|without (?:encryption|ssl|tls)|unencrypted|no encryption|clear text"
    r"|(?:choose|select|set|use|to|try) [“\"']?none\b|\binsecure\b|less secure"
    r"|\b(?:allow|permit|enable).{0,30}(?:ssl ?(?:v?[23])|tls ?1\.[01]|plain)"
    r"|rejectUnauthorized|verify_peer|NODE_TLS|allow_self_signed|CERT_NONE|skip_verify"
    r"|ignore.{0,20}(?:warning|certificate)|continue anyway|trust (?:any|all)"
    r"|lower.{0,20}security|SECLEVEL|port 25\b",
    re.IGNORECASE,
)
# (id of the entry or cause, words of the fix): where the words stand for the opposite.
EXCEPTIONS = {
    ("cleartext_refused", "never allow insecure sign-in"),
}


def _all_fixes() -> Iterator[tuple[str, str]]:
    for one in ENTRIES:
        for fix in one["fixes"]:
            yield one["id"], fix
    for key, cause in library().single("causes")["classes"].items():
        yield key, cause["fix"]


def test_no_fix_weakens_the_connection() -> None:
    """No encryption switched off, no certificate accepted, no old version let in."""
    bad = [
        (key, fix)
        for key, fix in _all_fixes()
        if _FORBIDDEN.search(fix) and not any(key == k and words in fix for k, words in EXCEPTIONS)
    ]
    assert bad == []


def test_every_exception_is_still_needed() -> None:
    """None outlives the fix that it was made for."""
    fixes = dict(_all_fixes())
    for key, words in EXCEPTIONS:
        assert words in fixes[key]


def test_what_says_little_adds_no_causes() -> None:
    """Causes of generic messages count only where nothing better was found."""
    specific = "wrong version number"
    generic = "An error occurred while attempting to establish an SSL or TLS connection."
    assert "cert_untrusted" in diagnose(generic, library()).causes
    both = diagnose(f"{generic} {specific}", library())
    assert len(both.matches) == 2
    assert "cert_untrusted" not in both.causes


def test_a_generic_part_of_a_specific_message_is_left_out() -> None:
    """The same words are not told twice, once precisely and once vaguely."""
    text = "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."
    assert [one.id for one in diagnose(text, library()).matches] == ["microsoft-365-basic-disabled"]


# A transcript with a password in it, and the message behind it.
SECRETS = [
    ("C: AUTH PLAIN AGphbmUAaHVudGVyMg==\nS: 535 5.7.8 Error: authentication failed", "AGphb"),
    ("a1 LOGIN jane hunter2\na1 NO [AUTHENTICATIONFAILED] Authentication failed.", "hunter2"),
    ('a LOGIN "jane" "my hunter2"\na NO [AUTHENTICATIONFAILED] Authentication failed.', "hunter2"),
    ("USER jane\nPASS hunter2 and more\n-ERR [AUTH] Authentication failed.", "hunter2"),
    ("smtp_password = hunter2\nSASL LOGIN authentication failed", "hunter2"),
    ('{"pass": "hunter2"} Error: Invalid login: 535 no', "hunter2"),
    ("334 UGFzc3dvcmQ6\naHVudGVyMg==\n535 5.7.3 Authentication unsuccessful", "aHVudG"),
    ("AUTH XOAUTH2 dXNlcj1qYW5lAWF1dGg9QmVhcmVyIHRva2VuAQE=\n534-5.7.14 no", "dXNlcj1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "secret"), SECRETS, ids=[one[0][:20] for one in SECRETS])
def test_passwords_are_never_shown(text: str, secret: str) -> None:
    """Not in what was recognised, not in what is near, wherever a pattern's gap lies."""
    found = diagnose(text, library())
    assert found.matches
    assert secret not in str(found)
    gap = f"Login to server mail.example.org {text} with username {text} failed".replace("\n", " ")
    assert secret not in str(diagnose(gap, library()))
    assert secret not in str(diagnose(text.replace("\n", " "), library()))


def test_a_match_over_a_password_hides_it() -> None:
    """Even one that a pattern reaches across; not even its length is told."""
    text = "Login to server x with username y, password=hunter2hunter2 failed"
    assert diagnose(text, library()).matches[0].matched.endswith("password=… failed")


def test_what_was_recognised_is_bounded() -> None:
    """However much a message has between its first and its last word."""
    text = "does not seem to support encrypted passwords " + "x" * 390 + " Normal password"
    (found,) = diagnose(text, library()).matches
    assert len(found.matched) <= 201


NOISE = ["\x00", "\x1b[2J", "\u202e", "\u200b", "\ud800", "\u2028", "\U000e0041", "\x9b", "ſ", "İ"]


@pytest.mark.parametrize("noise", NOISE, ids=ascii)
def test_a_mebibyte_of_noise_hides_no_message(noise: str) -> None:
    """NULs, escape sequences, bidi marks, lone surrogates; the answer is printable."""
    found = diagnose(noise * (MOST // 4) + "\nwrong version number\n" + noise * 99, library())
    assert [one.id for one in found.matches] == ["openssl-wrong-version-number"]
    assert found.matches[0].matched.isprintable()


def in_client(text: str, name: str, protocol: Protocol | None = None) -> list[tuple[object, ...]]:
    """Protocol, port, field and label of what to choose."""
    found = diagnose(text, library(), client=library().client(name), protocol=protocol)
    return [(one.protocol.value, one.port, one.field, one.label) for one in found.choices]


def test_the_mend_is_told_in_the_words_of_the_client() -> None:
    """Thunderbird 2 says TLS for STARTTLS and SSL for TLS from the first byte."""
    text = "imap: SSL routines:ssl3_get_record:wrong version number"
    assert in_client(text, "thunderbird@2") == [
        ("imap", 993, "security", "SSL"),
        ("imap", 143, "security", "TLS"),
    ]
    assert in_client("530 5.7.0 Must issue a STARTTLS command first", "Outlook 2016") == [
        ("smtp", 587, "security", "TLS"),
        ("smtp", 465, "security", "SSL"),
    ]
    basic = "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."
    assert in_client(basic, "thunderbird") == [("smtp", None, "sign_in", "OAuth2")]


def test_the_protocol_is_the_one_that_the_text_speaks_of() -> None:
    """By name, port or form of the reply; all where it names none, unless it is said."""
    for words, expected in [
        ("", {"imap", "pop3", "smtp"}), ("port 995", {"pop3"}), ("-ERR", {"pop3"}),
        ("mail.example.org:587", {"smtp"}), ("IMAP4", {"imap"}), ("POP and SMTP", {"pop3", "smtp"}),
    ]:  # fmt: skip
        found = in_client(f"{words} wrong version number", "thunderbird")
        assert {one[0] for one in found} == expected, words
    said = in_client("wrong version number", "thunderbird", Protocol.SMTP)
    assert {one[0] for one in said} == {"smtp"}


def test_what_a_look_has_seen_fail_is_not_among_the_choices() -> None:
    """A closed port is no way out, and what was seen is told."""
    seen = (
        Seen(Protocol.IMAP, "imap.example.org", 993, Security.TLS, Live.CONFIRMED, None),
        Seen(Protocol.IMAP, "imap.example.org", 143, Security.STARTTLS, Live.FAILED, "refused"),
    )
    client = library().client("thunderbird")
    found = diagnose("imap: wrong version number", library(), seen=seen, client=client)
    assert [one.port for one in found.choices] == [993]
    assert found.seen == seen


def test_what_a_client_cannot_do_is_not_among_its_choices() -> None:
    """Thunderbird 2 knows no OAuth2, and nothing is made up."""
    library_entry = library().client("thunderbird@2")
    assert not any(one.does == "oauth2" for one in library_entry.sign_in)
    basic = "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."
    assert in_client(basic, "thunderbird@2") == []


ESCAPES = ["\x1b[31m", "\x1b]0;title\x07", "\x9b2J", "\x07", "\u202e", "\x00", "\x08" * 9]


@pytest.mark.parametrize("escape", ESCAPES, ids=ascii)
def test_escapes_of_the_text_do_not_get_into_the_answer(escape: str) -> None:
    """What was recognised is quoted printably."""
    found = diagnose(f"SSL {escape} unknown protocol", library())
    assert found.matches[0].id == "openssl-unknown-protocol"
    assert found.matches[0].matched.isprintable()
    unknown = diagnose(f"SSL {escape} unknwn protcol", library())
    assert all(one.isprintable() for one in unknown.near)


def test_an_entry_of_ones_own_says_so() -> None:
    """The operator's entry is found like ours, and its origin is told."""
    found = diagnose("550 5.7.1 GW-712: held for review", Library([HELPDESK]))
    assert found.matches[0].id == "helpdesk-gateway-quarantine"
    assert found.matches[0].origin == "overlay"
