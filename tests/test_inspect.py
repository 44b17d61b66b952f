"""What a host and its options stand for, before anything is asked."""

from __future__ import annotations

import pytest

from advisor.errors import InputError
from advisor.inspect import targets
from advisor.model.endpoint import CONVENTIONAL, Protocol, Security
from advisor.probing.prober import dialogues

HOST = "mail.example.org"


def ports(protocol: Protocol | None = None, security: Security | None = None) -> set[int]:
    """The ports that a host alone stands for."""
    return {one.port for one in targets(HOST, protocol, security)}


def test_a_host_alone_stands_for_every_port_that_can_be_looked_at() -> None:
    """Those of each protocol that has a dialogue, now and later."""
    assert ports() == {port for protocol, port in CONVENTIONAL if protocol in dialogues()}


def test_no_encryption_means_the_ports_that_begin_in_the_clear() -> None:
    """And it is asked for there, not replaced."""
    found = targets(HOST, security=Security.NONE)
    assert {143, 110, 587, 25} <= {one.port for one in found}
    assert not {993, 995, 465} & {one.port for one in found}
    assert {one.security for one in found} == {Security.NONE}


@pytest.mark.parametrize(
    ("protocol", "security", "expected"),
    [
        (Protocol.IMAP, None, {993, 143}),
        (Protocol.IMAP, Security.NONE, {143}),
        (Protocol.SMTP, Security.TLS, {465}),
        (Protocol.SMTP, Security.STARTTLS, {587, 25}),
    ],
)
def test_options_narrow_it(
    protocol: Protocol, security: Security | None, expected: set[int]
) -> None:
    """Both together."""
    assert ports(protocol, security) == expected


@pytest.mark.parametrize("where", [HOST, f"{HOST}:4711"])
@pytest.mark.parametrize("protocol", [Protocol.EWS, Protocol.ACTIVESYNC])
def test_what_cannot_be_looked_at_is_told(where: str, protocol: Protocol) -> None:
    """In one line, with what can be."""
    with pytest.raises(InputError, match=r"cannot be looked at yet; what can be: caldav, .*smtp"):
        targets(where, protocol)


@pytest.mark.parametrize(
    ("where", "protocol", "expected"),
    [
        (HOST, Protocol.JMAP, f"jmap://{HOST}:443/.well-known/jmap"),
        (f"{HOST}:8443", Protocol.CALDAV, f"caldav://{HOST}:8443/.well-known/caldav"),
        (f"https://{HOST}", Protocol.CARDDAV, f"carddav://{HOST}:443/.well-known/carddav"),
        (f"https://{HOST}/dav/?a=b", Protocol.CALDAV, f"caldav://{HOST}:443/dav/?a=b"),
        (f"https://{HOST}:8443/.well-known/jmap", None, f"jmap://{HOST}:8443/.well-known/jmap"),
        ("https://[2001:db8::1]/x", Protocol.JMAP, "jmap://[2001:db8::1]:443/x"),
    ],
)
def test_services_are_looked_at_where_their_address_says(
    where: str, protocol: Protocol | None, expected: str
) -> None:
    """A host alone stands for the well-known one (RFC 6764 §5, RFC 8620 §2.2)."""
    (found,) = targets(where, protocol)
    assert (str(found), found.security) == (expected, Security.TLS)


@pytest.mark.parametrize(
    ("where", "protocol", "security", "says"),
    [
        (f"http://{HOST}/", Protocol.JMAP, None, "does not begin with https://"),
        ("https:///x", Protocol.JMAP, None, "is no web address"),
        ("https://a:b@example.org/", Protocol.JMAP, None, "is no web address"),
        ("https://example.org:99999/", Protocol.JMAP, None, "is no web address"),
        ("https://example.org/\x1b[2J", Protocol.JMAP, None, "is no web address"),
        (f"https://{HOST}/dav/", None, None, "Say which with --protocol: caldav, carddav, jmap"),
        (f"https://{HOST}/", Protocol.IMAP, None, "has no web address"),
        (HOST, Protocol.JMAP, Security.STARTTLS, "over HTTPS only"),
        (HOST, Protocol.CALDAV, Security.NONE, "over HTTPS only"),
        (f"https://{HOST}/" + "x" * 3000, Protocol.JMAP, None, "is no web address"),
    ],
)
def test_what_is_no_address_of_a_service_is_told(
    where: str, protocol: Protocol | None, security: Security | None, says: str
) -> None:
    """Nothing is ever asked over plain HTTP instead."""
    with pytest.raises(InputError, match=says):
        targets(where, protocol, security)


@pytest.mark.parametrize("port", ["", "0", "65536", "9" * 5000, "²", "-1", " 1"])
def test_what_is_no_port_is_told(port: str) -> None:
    """Without reading numbers of any length."""
    with pytest.raises(InputError, match="is no port"):
        targets(f"{HOST}:{port}")
