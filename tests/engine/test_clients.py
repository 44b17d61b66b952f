"""The facts about a mail client that rules test."""

from functools import cache

import pytest

from advisor.engine.clients import common, hides, oauth2
from advisor.engine.clients import setting as facts_of
from advisor.knowledge.library import Library
from advisor.model.client import Client
from tests.make import setting


@cache
def client(text: str) -> Client:
    """A bundled client."""
    return Library().client(text)


def test_what_is_true_of_a_client_anywhere() -> None:
    """Its id, its name with the version, and the version as a number."""
    known = common(client("thunderbird@115.3"))
    assert known["client.id"] == "thunderbird"
    assert known["client.name"] == "Mozilla Thunderbird 115.3"
    assert (known["client.kind"], known["client.version"]) == ("desktop", 115.3)
    assert common(client("geary"))["client.version"] is None


# (client, where, security, what to choose there)
LABELS = [
    ("outlook@2010", "imap://i.example.org:993", "tls", "SSL"),
    ("outlook@2010", "smtp://s.example.org:587", "starttls", "TLS"),
    ("outlook 365", "smtp://s.example.org:587", "starttls", "STARTTLS"),
    ("thunderbird@2", "imap://i.example.org:143", "starttls", "TLS"),
    ("thunderbird", "imap://i.example.org:143", "starttls", "STARTTLS"),
    ("iphone", "imap://i.example.org:993", "tls", "Use SSL"),
    ("iphone", "smtp://s.example.org:587", "starttls", "Use SSL"),
    ("geary", "imap://i.example.org:993", "tls", "TLS"),
    ("msmtp", "smtp://s.example.org:465", "tls", "tls_starttls off"),
    ("outlook express", "smtp://s.example.org:465", "tls", "@box"),
    ("outlook express", "smtp://s.example.org:25", "starttls", "@box"),
]


@pytest.mark.parametrize(("name", "where", "security", "label"), LABELS)
def test_the_label_to_choose(name: str, where: str, security: str, label: str) -> None:
    """In the client's own words, for that port."""
    known = facts_of(setting(where, security), client(name))
    assert known["client.can"] is True
    box = "This server requires a secure connection (SSL)"
    assert known["client.label"] == (box if label == "@box" else label)


CANNOT = [
    ("getmail", "imap://i.example.org:143", "starttls"),
    ("outlook express", "smtp://s.example.org:587", "starttls"),
    ("windows live mail", "smtp://s.example.org:587", "starttls"),
    ("postfix@2.11", "smtp://s.example.org:465", "tls"),
    ("offlineimap", "imap://i.example.org:143", "starttls"),
    ("roundcube", "imap://i.example.org:143", "starttls"),
]


@pytest.mark.parametrize(("name", "where", "security"), CANNOT)
def test_what_a_client_cannot_do_has_no_label(name: str, where: str, security: str) -> None:
    """STARTTLS that is only tried does not count as required."""
    known = facts_of(setting(where, security), client(name))
    assert (known["client.can"], known["client.label"]) == (False, None)


def test_a_protocol_it_does_not_speak() -> None:
    """No choices there: whether it can is not said, that it does not speak it is."""
    known = facts_of(setting("pop3://p.example.org:995"), client("geary"))
    assert (known["client.speaks"], known["client.can"]) == (False, None)


def test_a_trap_is_a_choice_that_hides_starttls() -> None:
    """Beside “SSL” stands “TLS”, which does STARTTLS without saying so."""
    known = facts_of(setting("imap://i.example.org:993"), client("outlook@2016"))
    assert known["client.trap"] == "“TLS”"
    assert facts_of(setting(), client("thunderbird"))["client.trap"] is None
    hidden = {label.label for label in client("outlook@2016").choices("imap") if hides(label)}
    assert hidden == {"TLS"}


def test_choices_that_fall_back_are_named() -> None:
    """So that they can be warned of."""
    at = setting("imap://i.example.org:143", "starttls")
    assert facts_of(at, client("thunderbird@2"))["client.opportunistic"] == "“TLS, if available”"
    assert facts_of(at, client("thunderbird"))["client.opportunistic"] is None


def test_the_port_it_fills_in() -> None:
    """Only where the data say so: Claws Mail stays on 25 for STARTTLS."""
    at = setting("smtp://s.example.org:587", "starttls")
    assert facts_of(at, client("claws mail"))["client.fills_in"] == 25
    assert facts_of(at, client("thunderbird"))["client.fills_in"] == 587


SIGN_IN = [
    ("outlook@2010", "imap", "no"),
    ("printer", "smtp", "no"),
    ("thunderbird", "imap", "built-in"),
    ("k-9", "smtp", "built-in"),
    ("mutt", "imap", "yes"),
    ("eudora", "imap", "no"),
    ("samsung email", "imap", "unknown"),
]


@pytest.mark.parametrize(("name", "protocol", "expected"), SIGN_IN)
def test_can_it_sign_in_with_oauth2(name: str, protocol: str, expected: str) -> None:
    """Yes, no, only where it knows the provider, or nobody has said."""
    assert oauth2(client(name), protocol) == expected


def test_limits_concern_their_protocol_only() -> None:
    """The sending of Outlook Express is odd, its receiving is not."""
    name = client("outlook express")
    sending = facts_of(setting("smtp://s.example.org:465"), name)["client.limits"]
    receiving = facts_of(setting("imap://i.example.org:993"), name)["client.limits"]
    assert "smtp-starttls-on-25-only" in sending
    assert "smtp-starttls-on-25-only" not in receiving


@pytest.mark.parametrize(("name", "leaks"), [("k-9@4.508", True), ("thunderbird", False)])
def test_a_client_that_ignores_logindisabled_leaks(name: str, leaks: bool) -> None:
    """Where STARTTLS was removed on the way, the password goes out all the same."""
    known = facts_of(setting("imap://i.example.org:143", "starttls"), client(name))
    assert bool(known["client.leaks"]) is leaks
    implicit = facts_of(setting("imap://i.example.org:993"), client(name))
    assert implicit["client.leaks"] is None
