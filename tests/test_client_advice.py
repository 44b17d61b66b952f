"""Advice for a mail client: its words, its traps, and what it cannot do."""

from functools import cache

import pytest

from advisor import recommend_sync
from advisor.cli._output import Paint
from advisor.cli._page import text
from advisor.errors import ExportError
from advisor.instructions import instructions
from advisor.model.report import Report, Setting, Status
from advisor.options import Options


@cache
def advice(address: str, client: str) -> Report:
    """What is recommended without a network."""
    return recommend_sync(address, Options(offline=True, client=client))


def page(address: str, client: str) -> str:
    """The same as it is printed, without line breaks."""
    return " ".join(text(advice(address, client), Paint(on=False)).split())


def firsts(report: Report) -> list[Setting]:
    """The settings that are given, incoming first."""
    return [
        next(one for one in found if one.is_usable)
        for found in (report.incoming, report.outgoing)
        if any(one.is_usable for one in found)
    ]


# (address, client, the port and the label of each setting that is given)
LABELS = [
    ("a@gmail.com", "thunderbird", [(993, "SSL/TLS"), (465, "SSL/TLS")]),
    ("a@posteo.de", "thunderbird@2", [(993, "SSL"), (465, "SSL")]),
    ("a@icloud.com", "outlook@2010", [(993, "SSL"), (587, "TLS")]),
    ("a@icloud.com", "iphone", [(993, "Use SSL"), (587, "Use SSL")]),
    ("a@posteo.de", "geary", [(993, "TLS"), (465, "TLS")]),
    ("a@gmx.net", "claws mail", [(993, "Use TLS"), (465, "Use TLS")]),
    ("a@t-online.de", "postfix@2.11", [(587, "smtp_tls_security_level = encrypt")]),
    ("a@gmail.com", "offlineimap", [(993, "ssl = yes")]),
]


@pytest.mark.parametrize(("address", "client", "expected"), LABELS)
def test_the_labels_of_that_version_are_given(
    address: str, client: str, expected: list[tuple[int, str]]
) -> None:
    """With the port that belongs to them."""
    assert [(one.port, one.label) for one in firsts(advice(address, client))] == expected


def codes(report: Report) -> list[str]:
    """The codes of all findings."""
    return [one.code for one in report.findings]


def test_a_label_that_misleads_is_told_once() -> None:
    """For reading and sending together, with what to choose."""
    told = page("a@posteo.de", "thunderbird@2")
    assert told.count("does STARTTLS and not TLS from the first byte: “TLS”.") == 1
    assert "exactly as written here, “SSL”." in told
    assert "never choose “TLS, if available”" in told
    assert "ambiguous-label" not in codes(advice("a@posteo.de", "thunderbird"))


def test_one_switch_is_no_misleading_label() -> None:
    """It has a note of its own, once."""
    told = codes(advice("a@posteo.de", "iphone"))
    assert "ambiguous-label" not in told
    assert told.count("client-one-switch") == 1


def test_a_better_port_that_the_client_cannot_use_is_explained() -> None:
    """And one that is worse anyway is not."""
    assert "no choice for what port 465 needs (TLS from the first byte)" in page(
        "a@t-online.de", "postfix@2.11"
    )
    assert "client-cannot" not in page("a@posteo.de", "outlook@2003")


def test_without_oauth2_an_app_password_is_the_way() -> None:
    """Instead of both, as if the program could choose."""
    told = page("a@gmail.com", "thunderbird@2")
    assert "SSL app password a@gmail.com" in told
    assert "has no OAuth2: create an app password" in told
    assert "app-password-required" not in told
    steps = instructions(advice("a@gmail.com", "thunderbird@2")).steps
    assert "an app password, not that of the account" in {e.value for s in steps for e in s.entries}


def test_where_only_oauth2_lets_in_a_client_without_it_is_sent_elsewhere() -> None:
    """With the reason and the way out, and without telling it to choose OAuth2."""
    report = advice("a@outlook.com", "thunderbird@2")
    assert report.status is Status.UNUSABLE
    told = page("a@outlook.com", "thunderbird@2")
    assert "use another program or a newer version, or the provider's webmail" in told
    assert "choose “OAuth2”" not in told
    with pytest.raises(ExportError, match="nothing safe is left for outlook"):
        instructions(report)


def test_where_no_choice_is_safe_it_says_so() -> None:
    """Outlook Express cannot do STARTTLS on 587, and there is no 465."""
    told = page("a@icloud.com", "outlook express")
    assert "can make no safe connection for outgoing mail" in told
    assert "the provider's webmail until then" in told


def test_outdated_tls_is_a_warning() -> None:
    """Whatever the settings."""
    assert "Eudora knows TLS 1.0 at most" in page("a@posteo.de", "eudora")


# (client, what it does not do)
HALVES = [("printer", "only sends mail"), ("offlineimap", "only collects mail")]


@pytest.mark.parametrize(("client", "says"), HALVES)
def test_a_client_of_one_half_needs_no_other(client: str, says: str) -> None:
    """A printer that sends is set up, though nothing reads mail there."""
    report = advice("a@posteo.de", client)
    assert report.status is Status.OK
    assert says in page("a@posteo.de", client)
    assert not {"only-incoming", "only-outgoing"} & set(codes(report))
