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
@pytest.mark.parametrize("protocol", [one for one in Protocol if one not in dialogues()])
def test_what_cannot_be_looked_at_is_told(where: str, protocol: Protocol) -> None:
    """In one line, with what can be."""
    with pytest.raises(InputError, match=r"cannot be looked at yet; what can be: imap, .*smtp"):
        targets(where, protocol)


@pytest.mark.parametrize("port", ["", "0", "65536", "9" * 5000, "²", "-1", " 1"])
def test_what_is_no_port_is_told(port: str) -> None:
    """Without reading numbers of any length."""
    with pytest.raises(InputError, match="is no port"):
        targets(f"{HOST}:{port}")
