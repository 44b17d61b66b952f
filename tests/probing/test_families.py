"""IPv4 and IPv6 of one host, each on its own."""

from __future__ import annotations

import asyncio
import socket

import pytest

from advisor.engine import observed
from advisor.errors import ConnectFailed
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Problem
from advisor.net.dns import DnsResolver
from advisor.net.stream import TcpConnector
from advisor.probing.families import families
from tests.fakes.loopback import leaving
from tests.fakes.stream import FakeConnector, FakeServer, FixedAddresses
from tests.make import NOW, observation

HOST = "mail.example.org"
END = Endpoint(Protocol.IMAP, HOST, 993, Security.TLS)
V4, V6 = "127.0.0.1", "::1"


def seen(servers: dict[tuple[str, int], FakeServer | ConnectFailed], *addresses: str) -> object:
    """What *addresses* of the host show."""
    resolver = FixedAddresses({HOST: addresses})
    return asyncio.run(families(END, resolver, FakeConnector(servers), patience=5))


def test_each_address_is_told() -> None:
    """What listens on one of them says nothing of the other."""
    told = seen({(V4, 993): FakeServer("")}, V4, V6)
    assert told == {V6: "refused", V4: "open"}


def test_a_host_of_one_family_is_not_asked_again() -> None:
    """Nothing is to be compared."""
    assert seen({}, V4, "127.0.0.2") == {}


def test_two_addresses_of_each_family_are_enough() -> None:
    """A name can have dozens."""
    told = seen({}, V4, "127.0.0.2", "127.0.0.3", V6)
    assert told == dict.fromkeys((V6, V4, "127.0.0.2"), "refused")


@pytest.mark.parametrize(
    ("addresses", "works", "fails"),
    [
        ({V6: "timeout", V4: "open"}, "IPv4", "IPv6"),
        ({V6: "open", V4: "refused"}, "IPv6", "IPv4"),
        ({V6: "open", V4: "open"}, None, None),
        ({V6: "timeout", V4: "timeout"}, None, None),
        ({V6: "no-route", V4: "open"}, None, None),
        ({V6: "refused", V4: "open", "127.0.0.2": "refused"}, "IPv4", "IPv6"),
        ({}, None, None),
    ],
)
def test_a_family_is_broken_where_the_other_works(
    addresses: dict[str, str], works: str | None, fails: str | None
) -> None:
    """And where this computer could have reached it."""
    facts = observed.facts(observation(addresses=addresses), Protocol.IMAP, NOW)
    assert (facts["observed.family_works"], facts["observed.family_fails"]) == (works, fails)


def test_it_works_over_real_loopback_of_both_families() -> None:
    """A server on 127.0.0.1 alone is refused on ::1."""
    try:
        with socket.socket(socket.AF_INET6) as one:
            one.bind((V6, 0))
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")

    async def look() -> dict[str, str]:
        server = await asyncio.start_server(leaving, V4, 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            end = Endpoint(Protocol.IMAP, HOST, port, Security.TLS)
            connector = TcpConnector(DnsResolver(()))
            known = FixedAddresses({HOST: (V6, V4)})
            return await families(end, known, connector, patience=5)

    assert asyncio.run(look()) == {V6: Problem.REFUSED.value, V4: "open"}
