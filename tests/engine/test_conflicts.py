"""Where sources contradict each other, and where two names are one server."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.engine.conflicts import Conflict, conflicts
from advisor.engine.servers import Server, is_one, same, servers
from advisor.model.auth import AuthMethod
from advisor.model.evidence import Answer
from tests.make import answer, candidate, certificate, endpoint, result, tls

IMAP = "imap.example.org"
MAIL = "mail.example.org"
HERE = frozenset({"192.0.2.1"})
THERE = frozenset({"192.0.2.2"})


def named(source: str, host: str, *auth: AuthMethod) -> Answer:
    """*source* names *host* for IMAP."""
    one = candidate(f"imap://{host}:993", auth=auth or (AuthMethod.PASSWORD,))
    return answer(source, one)


def fields(found: tuple[Conflict, ...]) -> list[str]:
    """What they are about."""
    return [one.field for one in found]


def test_different_servers_are_a_conflict() -> None:
    """Each with its own address."""
    known = {IMAP: Server(IMAP, HERE), MAIL: Server(MAIL, THERE)}
    found = conflicts([named("autoconfig-https", IMAP), named("srv", MAIL)], known)
    assert [(one.field, one.same_server) for one in found] == [("host", False)]


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        (Server(MAIL), Server(MAIL), f"{IMAP} is an alias of {MAIL}"),
        (Server("x.test"), Server("x.test"), "both are names of x.test in DNS"),
        (Server(IMAP, HERE), Server(MAIL, HERE | THERE), "both lead to 192.0.2.1"),
        (
            Server(IMAP, HERE, frozenset({"ab"})),
            Server(MAIL, THERE, frozenset({"ab"})),
            "both show the same certificate",
        ),
    ],
    ids=["alias", "two aliases", "address", "certificate"],
)
def test_one_server_under_two_names_is_told_with_its_reason(a: Server, b: Server, why: str) -> None:
    """Both names stay, and the disagreement is marked as harmless."""
    known = {IMAP: a, MAIL: b}
    assert same(IMAP, MAIL, known) == why
    found = conflicts([named("autoconfig-https", IMAP), named("srv", MAIL)], known)
    assert [(one.field, one.same_server) for one in found] == [
        ("host", True),
        ("same server", True),
    ]
    assert (found[1].says, found[1].sources) == (
        f"{IMAP} and {MAIL}: {why}",
        ("autoconfig-https", "srv"),
    )


def test_a_third_name_elsewhere_makes_it_a_real_conflict() -> None:
    """Two are one server, and one is not."""
    known = {IMAP: Server(IMAP, HERE), MAIL: Server(MAIL, HERE), "old.test": Server("old.test")}
    assert is_one([IMAP, MAIL], known)
    assert not is_one(known, known)


def test_what_was_not_looked_at_is_not_known_to_be_one() -> None:
    """Without a probe nothing is said."""
    assert same(IMAP, MAIL, {}) is None
    assert not is_one([IMAP, MAIL], {})


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((AuthMethod.PASSWORD,), (AuthMethod.OAUTH2,), ["sign-in"]),
        ((AuthMethod.PASSWORD,), (AuthMethod.OAUTH2, AuthMethod.PASSWORD), []),
    ],
)
def test_ways_to_sign_in_that_have_nothing_in_common_are_a_conflict(
    one: Any, other: Any, expected: list[str]
) -> None:
    """A program that follows the one source cannot do what the other one says."""
    told = [named("autoconfig-https", IMAP, *one), named("ispdb", IMAP, *other)]
    assert fields(conflicts(told)) == expected


def test_a_source_that_says_nothing_of_signing_in_disagrees_with_nobody() -> None:
    """As service records cannot."""
    silent = answer("srv", candidate(f"imap://{IMAP}:993", auth=()))
    assert conflicts([named("autoconfig-https", IMAP), silent]) == ()


def test_a_certificate_with_a_wildcard_tells_no_server() -> None:
    """All servers of a domain may show it."""
    plain = result(endpoint(), tls=tls(certificate=certificate(names=(IMAP,), sha256="ab")))
    wild = result(endpoint(f"imap://{MAIL}:993"), tls=tls())
    known = servers([plain, wild], {MAIL: IMAP})
    assert known[IMAP] == Server(IMAP, HERE, frozenset({"ab"}))
    assert known[MAIL] == Server(IMAP, HERE)
