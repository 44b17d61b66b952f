"""Each kind of attack of "Why TLS is better without STARTTLS" that shows at a server has a finding.

The kinds are those of the paper (USENIX Security 2021) and of its authors' test cases; the servers
are run in ``test_badservers``.
"""

from __future__ import annotations

from functools import cache

import pytest

from advisor.knowledge.library import Library
from tests.badservers import imap
from tests.badservers.script import Case
from tests.badservers.test_badservers import CASES

ALL = ("imap", "pop3", "smtp", "managesieve")

# The kind; the finding; the servers that do so, for each protocol that can.
ATTACKS: list[tuple[str, str, dict[str, str]]] = [
    (
        "stripping: the offer is taken away",
        "starttls-stripped",
        {
            "imap": "starttls-not-offered",
            "pop3": "stls-not-offered",
            "smtp": "starttls-not-offered",
            "managesieve": "starttls-not-offered",
        },
    ),
    (
        "stripping: a device crosses it out",
        "answers-blanked",
        {"imap": "keyword-blanked", "pop3": "keyword-blanked", "smtp": "keyword-blanked"},
    ),
    (
        "negotiation: the upgrade is refused",
        "starttls-broken",
        {
            "imap": "starttls-0",
            "pop3": "stls-refused",
            "smtp": "starttls-454",
            "managesieve": "starttls-refused",
        },
    ),
    (
        "negotiation: the upgrade is ignored",
        "starttls-broken",
        {
            "imap": "starttls-ignored",
            "pop3": "stls-ignored",
            "smtp": "starttls-ignored",
            "managesieve": "starttls-ignored",
        },
    ),
    (
        "negotiation: after the go-ahead everything stays in the clear",
        "starttls-broken",
        dict.fromkeys(ALL, "handshake-garbage"),
    ),
    ("negotiation: PREAUTH", "preauth-in-the-clear", {"imap": "greeting-2"}),
    (
        "negotiation: PREAUTH and a referral",
        "referral-in-the-clear",
        {"imap": "preauth-and-a-referral"},
    ),
    (
        "buffering: commands behind STARTTLS are obeyed inside TLS",
        "starttls-command-injection",
        dict.fromkeys(ALL, "injection-obeyed"),
    ),
    (
        "buffering: answers between the go-ahead and TLS",
        "starttls-injection",
        {
            "imap": "list-slipped-in",
            "pop3": "list-slipped-in",
            "smtp": "answers-slipped-in",
            "managesieve": "list-slipped-in",
        },
    ),
    (
        "buffering: PREAUTH between the go-ahead and TLS",
        "starttls-injection",
        {"imap": "preauth-slipped-in"},
    ),
    (
        "negotiation: the go-ahead comes twice, in the clear",
        "starttls-injection",
        {
            "imap": "answered-twice",
            "pop3": "answered-twice",
            "smtp": "starttls-with-an-answer-twice",
            "managesieve": "answered-twice",
        },
    ),
    (
        "negotiation: a second answer inside TLS",
        "out-of-step",
        {
            "imap": "second-answer-inside",
            "pop3": "greets-again-inside",
            "smtp": "greets-again-inside",
            "managesieve": "second-answer-inside",
        },
    ),
    *(
        (
            f"tampering: {name.upper()} before TLS",
            "mailbox-in-the-clear",
            {"imap": f"{name}-before-tls"},
        )
        for name in imap._MAILBOX
    ),
    (
        "tampering: capabilities change under TLS",
        "sign-in-lost-inside",
        dict.fromkeys(ALL, "mechanisms-lost-inside"),
    ),
    (
        "tampering: STARTTLS is still offered inside TLS",
        "starttls-inside",
        {
            "imap": "offers-starttls-inside",
            "pop3": "offers-stls-inside",
            "smtp": "offers-starttls-inside",
            "managesieve": "offers-starttls-inside",
        },
    ),
    ("tampering: a login referral", "referral-in-the-clear", {"imap": "referral-for-a-greeting"}),
    ("spoofing: an alert in the greeting", "alert-in-the-clear", {"imap": "alert-for-a-greeting"}),
    (
        "spoofing: an alert with the go-ahead",
        "alert-in-the-clear",
        {"imap": "alert-with-the-go-ahead"},
    ),
    (
        "disclosure: a login in the clear is taken",
        "cleartext-auth-offered",
        {"imap": "login-before-tls", "pop3": "login-before-tls", "smtp": "login-before-tls"},
    ),
]

# What does not show without mail being sent or a login: nothing of that is ever tried.
UNSEEN = (
    "session fixation: SMTP keeps MAIL FROM and RCPT TO from before STARTTLS",
    "the programs' own faults: what they do with any of this",
)

NAMED: dict[str, Case] = {str(one): one for one in CASES}


@cache
def library() -> Library:
    """The shipped rules, read once."""
    return Library()


@pytest.mark.parametrize(("kind", "code", "servers"), ATTACKS, ids=[row[0] for row in ATTACKS])
def test_the_attack_is_told(kind: str, code: str, servers: dict[str, str]) -> None:
    """By the same finding in every protocol that can meet it, which names its reference."""
    for protocol, name in servers.items():
        case = NAMED[f"{protocol}-starttls-{name}"]
        assert code in case.findings, kind
    (rule,) = (one for one in library().rulebook.rules["setting"].rules if one.id == code)
    assert rule.references


def test_no_kind_stands_twice() -> None:
    """Neither among those that are told nor among those that cannot be seen."""
    kinds = [row[0] for row in ATTACKS] + list(UNSEEN)
    assert len(kinds) == len(set(kinds))
