"""The resolver against small real name servers on loopback."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import dns.flags
import dns.rcode
import pytest

from advisor.errors import DnsFailed, InputError
from advisor.model.evidence import Problem
from advisor.net import dns as net_dns
from advisor.net._seams import MxRecord, SrvRecord
from advisor.net._servers import Server
from advisor.net.dns import DnsResolver, parse_server, system_servers
from tests.fakes.nameserver import Behaviour, answering, name_server, saying, silent, withholding

A = "example.org A 192.0.2.1"


async def problem_of(behave: Behaviour, **options: Any) -> Problem:
    """The problem with which a question to such a server ends."""
    async with name_server(behave) as server:
        with pytest.raises(DnsFailed) as caught:
            await DnsResolver([server.address], **options).query("example.org", "A")
    return caught.value.problem


async def test_records_come_as_our_own_values() -> None:
    """MX and SRV are records, hosts lose their final dot and capitals, TXT strings are joined."""
    zone = answering(
        "example.org MX 10 MX.example.org.",
        "_imaps._tcp.example.org SRV 0 1 993 imap.example.org.",
        'text.example.org TXT "one" "two"',
        "none.example.org MX 0 .",
    )
    async with name_server(zone) as server:
        resolver = DnsResolver([server.address])
        assert (await resolver.query("example.org", "MX")).records == (
            MxRecord(10, "mx.example.org"),
        )
        assert (await resolver.query("_imaps._tcp.example.org", "SRV")).records == (
            SrvRecord(0, 1, 993, "imap.example.org"),
        )
        assert (await resolver.query("text.example.org", "TXT")).records == ("onetwo",)
        assert (await resolver.query("none.example.org", "MX")).records == (MxRecord(0, "."),)


async def test_aliases_are_followed() -> None:
    """The records stand at the end of the CNAMEs that the resolver returned."""
    zone = answering("a.example.org CNAME b.example.org.", "b.example.org A 192.0.2.7")
    async with name_server(zone) as server:
        answer = await DnsResolver([server.address]).query("a.example.org", "A")
    assert answer.records == ("192.0.2.7",)


async def test_at_most_64_records_are_taken() -> None:
    """A longer answer is cut."""
    zone = answering()

    def many(query: dns.message.Message) -> dns.message.Message | None:
        reply = zone(query)
        assert reply is not None
        texts = [f"192.0.2.{number}" for number in range(100)]
        reply.answer.append(dns.rrset.from_text("example.org.", 60, "IN", "A", *texts))
        return reply

    async with name_server(many) as server:
        answer = await DnsResolver([server.address]).query("example.org", "A")
    assert len(answer.records) == 64


@pytest.mark.parametrize(("rdtype", "record"), [("MX", "{} m{}."), ("SRV", "{} 0 993 m{}.")])
async def test_what_comes_first_is_not_cut_off(rdtype: str, record: str) -> None:
    """Of 100 records the 64 most preferred are kept, wherever they stand in the answer."""
    zone = answering(*(f"example.org {rdtype} {record.format(n, n)}" for n in range(99, -1, -1)))
    async with name_server(zone, truncates=True) as server:
        answer = await DnsResolver([server.address]).query("example.org", rdtype)
    hosts = [getattr(one, "exchange", None) or one.target for one in answer.records]
    assert hosts == [f"m{number}" for number in range(64)]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"ipv6": False}, "example.org has no IPv4 address"),
        ({"ipv4": False}, "example.org has no IPv6 address"),
        ({}, "example.org has no address"),
    ],
)
async def test_the_family_that_was_wanted_is_named(options: dict[str, Any], says: str) -> None:
    """With --ipv4 a host with IPv6 only is not without an address."""
    async with name_server(answering()) as server:
        with pytest.raises(DnsFailed) as caught:
            await DnsResolver([server.address], **options).addresses("example.org")
    assert (caught.value.problem, str(caught.value)) == (Problem.NO_ADDRESS, says)


async def test_no_such_name_and_no_such_record_are_told_apart() -> None:
    """NXDOMAIN and NODATA are answers, and different ones."""
    async with name_server(saying(dns.rcode.NXDOMAIN)) as server:
        assert not (await DnsResolver([server.address]).query("example.org", "A")).exists
    async with name_server(answering()) as server:
        answer = await DnsResolver([server.address]).query("example.org", "A")
    assert answer.exists
    assert answer.records == ()


@pytest.mark.parametrize(
    ("behave", "problem"),
    [
        (saying(dns.rcode.SERVFAIL), Problem.DNS_SERVFAIL),
        (saying(dns.rcode.REFUSED), Problem.DNS_REFUSED),
        (saying(dns.rcode.SERVFAIL, ede=6), Problem.DNSSEC_BOGUS),
        (saying(dns.rcode.SERVFAIL, ede=22), Problem.DNS_SERVFAIL),
        (withholding(answering(A)), Problem.DNSSEC_BOGUS),
    ],
    ids=["servfail", "refused", "extended error", "other extended error", "answers with CD"],
)
async def test_failures_are_told_apart(behave: Behaviour, problem: Problem) -> None:
    """A failed validation, a broken server and an unwilling one need different advice."""
    assert await problem_of(behave) is problem


async def test_silence_ends_at_the_deadline() -> None:
    """A server that says nothing costs the timeout and no more."""
    assert await problem_of(silent, timeout=0.1) is Problem.DNS_TIMEOUT


async def test_a_closed_port_is_known_at_once() -> None:
    """Nobody waits for a name server that is not there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(DnsFailed) as caught:
        await DnsResolver([address], pause=0.01).query("example.org", "A")
    assert caught.value.problem is Problem.DNS_REFUSED


async def test_a_truncated_answer_is_asked_again_over_tcp() -> None:
    """RFC 7766 §5: TC set means to ask over TCP."""
    async with name_server(answering(A), truncates=True) as server:
        answer = await DnsResolver([server.address]).query("example.org", "A")
    assert answer.records == ("192.0.2.1",)
    assert [transport for _, _, transport in server.asked] == ["udp", "tcp"]


async def test_the_next_server_steps_in() -> None:
    """A silent or broken server does not keep the answer of another."""
    for broken in (silent, saying(dns.rcode.SERVFAIL)):
        async with name_server(broken) as bad, name_server(answering(A)) as good:
            resolver = DnsResolver([bad.address, good.address], pause=0.05)
            assert (await resolver.query("example.org", "A")).records == ("192.0.2.1",)


async def test_a_server_that_answered_is_asked_first_from_then_on() -> None:
    """The pause for a silent server is paid once."""
    async with name_server(silent) as bad, name_server(answering(A)) as good:
        resolver = DnsResolver([bad.address, good.address], pause=0.05)
        await resolver.query("example.org", "A")
        await resolver.query("example.org", "MX")
    assert "MX" not in [rdtype for _, rdtype, _ in bad.asked]
    assert resolver.servers == (bad.address, good.address)


async def test_a_failed_validation_is_final() -> None:
    """Another server's unvalidated answer does not replace "bogus"."""
    bogus = saying(dns.rcode.SERVFAIL, ede=9)
    async with name_server(bogus) as bad, name_server(answering(A)) as good:
        with pytest.raises(DnsFailed) as caught:
            await DnsResolver([bad.address, good.address]).query("example.org", "A")
    assert caught.value.problem is Problem.DNSSEC_BOGUS


async def test_an_unanswered_question_is_sent_again() -> None:
    """A lost datagram is nothing to give up for."""
    seen = []

    def second_time(query: dns.message.Message) -> dns.message.Message | None:
        seen.append(query)
        return answering(A)(query) if len(seen) > 1 else None

    async with name_server(second_time) as server:
        answer = await DnsResolver([server.address], pause=0.05).query("example.org", "A")
    assert answer.records == ("192.0.2.1",)


async def test_a_question_is_sent_once() -> None:
    """Askers at the same time and later share one question, however it is spelled."""
    async with name_server(answering(A)) as server:
        resolver = DnsResolver([server.address])
        await asyncio.gather(*(resolver.query("example.org", "A") for _ in range(5)))
        await resolver.query("Example.ORG.", "a")
    assert len(server.asked) == 1


async def test_one_asker_may_leave() -> None:
    """Cancelling one of several askers leaves the question to the others."""
    async with name_server(answering(A)) as server:
        resolver = DnsResolver([server.address])
        leaving = asyncio.create_task(resolver.query("example.org", "A"))
        staying = asyncio.create_task(resolver.query("example.org", "A"))
        await asyncio.sleep(0)
        leaving.cancel()
        assert (await staying).records == ("192.0.2.1",)


async def test_the_ad_bit_counts_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 6840 §5.8: AD says nothing when the way to the resolver can be tampered with."""
    async with name_server(answering(A, flags=dns.flags.AD)) as server:
        assert (await DnsResolver([server.address]).query("example.org", "A")).authenticated
        distrusted = DnsResolver([server.address], trust=False)
        assert not (await distrusted.query("example.org", "A")).authenticated
        monkeypatch.setattr(Server, "is_loopback", False)
        assert not (await DnsResolver([server.address]).query("example.org", "A")).authenticated
        trusted = DnsResolver([server.address], trust=True)
        assert (await trusted.query("example.org", "A")).authenticated


async def test_no_server_is_a_failure_of_its_own() -> None:
    """A machine without name servers gets a sentence, not a crash."""
    with pytest.raises(DnsFailed, match="knows no name server"):
        await DnsResolver([]).query("example.org", "A")


async def test_a_name_too_long_for_the_dns_is_no_name() -> None:
    """A label of 64 characters cannot be asked for."""
    with pytest.raises(DnsFailed) as caught:
        await DnsResolver(["192.0.2.53"]).query("a" * 64 + ".example.org", "A")
    assert caught.value.problem is Problem.NO_DOMAIN


async def test_both_families_are_asked_and_mixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 8305 §4: the families take turns; without IPv6 on this machine IPv4 leads."""
    monkeypatch.setattr(net_dns, "_prefers_ipv6", lambda: False)
    zone = answering(A, "example.org AAAA 2001:db8::1")
    async with name_server(zone) as server:
        assert await DnsResolver([server.address]).addresses("example.org") == (
            "192.0.2.1",
            "2001:db8::1",
        )


async def test_a_family_that_is_not_wanted_is_not_asked() -> None:
    """--ipv4 asks for A only."""
    async with name_server(answering(A)) as server:
        await DnsResolver([server.address], ipv6=False).addresses("example.org")
    assert [rdtype for _, rdtype, _ in server.asked] == ["A"]


async def test_a_family_that_hangs_does_not_hold_the_other() -> None:
    """RFC 8305 §3: the answer that is there is used after a moment."""
    zone = answering(A)

    def deaf_to_aaaa(query: dns.message.Message) -> dns.message.Message | None:
        return None if query.question[0].rdtype.name == "AAAA" else zone(query)

    async with name_server(deaf_to_aaaa) as server, asyncio.timeout(0.5):
        resolver = DnsResolver([server.address])
        assert await resolver.addresses("example.org") == ("192.0.2.1",)


@pytest.mark.parametrize(
    ("behave", "problem"),
    [
        (answering(), Problem.NO_ADDRESS),
        (saying(dns.rcode.NXDOMAIN), Problem.NO_DOMAIN),
        (answering("example.org A 10.0.0.1", "example.org AAAA ::1"), Problem.PRIVATE_ADDRESS),
        (saying(dns.rcode.REFUSED), Problem.DNS_REFUSED),
    ],
    ids=["no address", "no name", "private", "refused"],
)
async def test_no_usable_address_has_a_reason(behave: Behaviour, problem: Problem) -> None:
    """Four ways to have no address to go to."""
    async with name_server(behave) as server:
        with pytest.raises(DnsFailed) as caught:
            await DnsResolver([server.address], private_addresses=False).addresses("example.org")
    assert caught.value.problem is problem


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.1.1", "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1",
     "64:ff9b::a00:1", "2002:a00:1::1", "224.0.0.1", "ff0e::1", "240.0.0.1", "0.0.0.0"],
)  # fmt: skip
async def test_private_addresses_are_refused_where_forbidden(address: str) -> None:
    """Also those that hide an IPv4 address in an IPv6 one."""
    with pytest.raises(DnsFailed):
        await DnsResolver([], private_addresses=False).addresses(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2620:fe::fe", "64:ff9b::808:808"])
async def test_public_address_literals_pass(address: str) -> None:
    """An address is used as it is; nothing is asked."""
    assert await DnsResolver([], private_addresses=False).addresses(address) == (address,)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("192.0.2.53", "192.0.2.53"),
        ("192.0.2.53:5353", "192.0.2.53:5353"),
        ("2001:db8::53", "2001:db8::53"),
        ("[2001:db8::53]:5353", "[2001:db8::53]:5353"),
        (" 192.0.2.53:53 ", "192.0.2.53"),
    ],
)
def test_name_servers_are_addresses_with_ports(text: str, shown: str) -> None:
    """Each of the ways to write one."""
    assert str(parse_server(text)) == shown


@pytest.mark.parametrize(
    "text", ["", "dns.example.org", "192.0.2.53:0", "192.0.2.53:70000", "1.2.3", "[::1", "::1]:53"]
)
def test_what_is_no_name_server_is_refused_in_one_line(text: str) -> None:
    """The message says what one looks like."""
    with pytest.raises(InputError, match="no name server: give an IP address") as caught:
        parse_server(text)
    assert "\n" not in str(caught.value)


def test_the_system_has_name_servers_or_none() -> None:
    """Whatever this machine says can be asked."""
    assert all(parse_server(text) for text in system_servers())
