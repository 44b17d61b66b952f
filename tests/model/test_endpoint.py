"""Protocols, ports and how TLS begins there."""

from __future__ import annotations

import pytest

from advisor.model.endpoint import (
    CONVENTIONAL,
    INCOMING,
    OUTGOING,
    Endpoint,
    Protocol,
    Security,
    conventional_ports,
)
from tests.make import endpoint


@pytest.mark.parametrize(
    ("protocol", "ports"),
    [
        (Protocol.IMAP, ((993, Security.TLS), (143, Security.STARTTLS))),
        (Protocol.POP3, ((995, Security.TLS), (110, Security.STARTTLS))),
        (Protocol.SMTP, ((465, Security.TLS), (587, Security.STARTTLS))),
        (Protocol.MANAGESIEVE, ((4190, Security.STARTTLS),)),
        (Protocol.JMAP, ()),
    ],
)
def test_clients_use_these_ports(
    protocol: Protocol, ports: tuple[tuple[int, Security], ...]
) -> None:
    """RFC 8314 §3 and §7: implicit TLS first; port 25 is for servers and not among them."""
    assert conventional_ports(protocol) == ports


def test_port_25_is_known_but_never_for_clients() -> None:
    """It can be looked at, and nobody is sent there."""
    assert CONVENTIONAL[Protocol.SMTP, 25] is Security.STARTTLS
    assert 25 not in dict(conventional_ports(Protocol.SMTP))


def test_no_conventional_port_is_without_encryption() -> None:
    """RFC 8314 §4: clear text is no convention."""
    assert Security.NONE not in CONVENTIONAL.values()


def test_mail_is_read_and_sent_by_these() -> None:
    """The rest are services beside it."""
    assert (INCOMING, OUTGOING) == ((Protocol.IMAP, Protocol.POP3), (Protocol.SMTP,))


def test_an_endpoint_is_shown_as_a_url() -> None:
    """How TLS begins is told beside it, not by the scheme."""
    assert str(endpoint("imap://imap.example.org:993")) == "imap://imap.example.org:993"
    assert str(endpoint("smtp://a.example:587", "starttls")) == "smtp://a.example:587"


def test_an_ipv6_address_stands_in_brackets() -> None:
    """RFC 3986 §3.2.2: else nobody can tell where the address ends."""
    found = Endpoint(Protocol.IMAP, "2001:db8::1", 993, Security.TLS)
    assert str(found) == "imap://[2001:db8::1]:993"


def test_endpoints_are_values() -> None:
    """Equal by their parts, usable as keys, and always sorted alike."""
    one, two = endpoint(), endpoint("imap://imap.example.org:143", "starttls")
    assert {one: 1, endpoint(): 2} == {one: 2}
    assert sorted([one, two]) == [two, one]
