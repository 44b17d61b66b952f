"""Which programs could connect: TLS, server names and ways to begin, compared as data."""

from __future__ import annotations

import pytest

from advisor.engine.reach import reach
from advisor.knowledge.clients import Clients
from advisor.knowledge.library import Library
from advisor.knowledge.stacks import offers
from advisor.model.handshake import ServerNames
from advisor.model.reach import ClientReach
from tests.make import details, endpoint, result, tls

LIBRARY = Library()
STACKS = LIBRARY.entries("stacks")
HELLOS = LIBRARY.entries("hellos")
CLIENTS = Clients(LIBRARY.entries("clients"))
EVERY = [(one, offers(one, STACKS, HELLOS)) for one in CLIENTS.every()]
IMAPS = endpoint()
NEW = {"TLSv1": "refused", "TLSv1.2": "accepted", "TLSv1.3": "accepted"}
OLD = {"TLSv1": "accepted", "TLSv1.2": "refused", "TLSv1.3": "refused"}


def rows(client: str, versions: dict[str, str], at: str = "imap://imap.example.org:993",
         security: str = "tls", needs_name: bool = False) -> list[ClientReach]:  # fmt: skip
    """What is told of *client* before a port with these *versions*."""
    names = ServerNames("a", "b", "b", needed=needs_name)
    made = tls(versions=versions, details=details(names=names))
    found = reach(result(endpoint(at, security), tls=made), EVERY)
    return [one for one in found if one.client == client]


def connecting(found: list[ClientReach]) -> dict[str, bool | None]:
    """System (or range of versions) to whether it connects."""
    return {
        place: one.connects for one in found for place in (one.systems or one.ranges or ("all",))
    }


def test_a_stack_names_clients_of_the_catalogue() -> None:
    """No offer is left without a program."""
    named = {client for stack in STACKS.values() for client in stack["clients"]}
    assert named <= set(LIBRARY.entries("clients"))


def test_every_hello_is_of_some_stack() -> None:
    """And every one that a stack names is there."""
    named = {offer.get("hello") for stack in STACKS.values() for offer in stack["offers"]}
    assert named - {None} == set(HELLOS)


def test_a_hello_that_is_missing_says_nothing() -> None:
    """An overlay may have taken it away; the versions are not guessed then."""
    client = LIBRARY.client("thunderbird@140")
    assert offers(client, STACKS, {}) == []


def test_an_old_system_does_not_reach_a_new_server() -> None:
    """The same program connects from a newer one, and the reason is said."""
    found = rows("outlook", NEW)
    told = connecting(found)
    assert told["Windows XP"] is False
    assert told["Windows 7 without update KB3140245"] is False
    assert told["Windows 11"] is True
    refused = next(one for one in found if one.connects is False)
    assert refused.why == "knows TLS 1.0 at most, and this port wants TLS 1.2 or newer"
    assert refused.sources


def test_a_new_program_does_not_reach_an_old_server() -> None:
    """TLS 1.0 alone is not taken any more."""
    found = rows("thunderbird", OLD)
    assert connecting(found) == {
        "<31": True, "31-37": True, "38-59": True, "60-67": True, "68-77": True,
        "78-131": False, ">=132": False,
    }  # fmt: skip
    assert any("wants TLS 1.2 at least" in one.why for one in found)


def test_without_a_server_name_the_wrong_certificate_comes() -> None:
    """Only where the name is needed."""
    every = dict.fromkeys(("TLSv1", "TLSv1.2"), "accepted")
    assert connecting(rows("outlook", every))["Windows XP"] is True
    found = rows("outlook", every, needs_name=True)
    assert connecting(found)["Windows XP"] is False
    assert "sends no server name" in next(one.why for one in found if one.connects is False)


def test_a_way_to_begin_that_a_program_lacks_is_told() -> None:
    """Outlook Express begins TLS with the first byte, except on 25."""
    found = rows("outlook-express", NEW, "smtp://smtp.example.org:587", "starttls")
    assert connecting(found) == {"all": False}
    assert found[0].why == "cannot do STARTTLS here"


def test_a_client_says_its_own_limit() -> None:
    """``max_tls`` counts where no stack speaks of the client."""
    assert connecting(rows("eudora", NEW)) == {"all": False}
    assert connecting(rows("eudora", OLD)) == {"all": True}


def test_what_nobody_looked_up_is_not_known() -> None:
    """No guess is made."""
    (found,) = rows("the-bat", NEW)
    assert (found.connects, found.confidence) == (None, None)


def test_programs_without_the_protocol_are_left_out() -> None:
    """Go's SMTP library reads no mail."""
    assert rows("go-smtp", NEW) == []


@pytest.mark.parametrize("versions", [NEW, OLD, {}, dict.fromkeys(NEW, "unknown")])
def test_everybody_is_told_once_for_each_place(versions: dict[str, str]) -> None:
    """No row repeats another; without a hello that counted, the version that was made does."""
    found = reach(result(IMAPS, tls=tls(versions=versions)), EVERY)
    places = [(one.client, one.ranges, system) for one in found for system in one.systems or ("",)]
    assert len(places) == len(set(places))


def test_without_tls_nothing_is_told() -> None:
    """There is nothing to compare."""
    assert reach(result(IMAPS, tls=None), EVERY) == ()


def test_an_offer_is_for_the_versions_it_names() -> None:
    """A client's section gets the offers that its range has a part in."""
    newest = LIBRARY.client("thunderbird@140")
    assert [one.range for one in offers(newest, STACKS, HELLOS)] == [">=132"]
