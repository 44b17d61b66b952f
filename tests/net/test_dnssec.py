"""Checking signatures ourselves, against a small name server with signed zones."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import dns.zone
import pytest

from advisor.errors import InputError
from advisor.model.evidence import Dnssec
from advisor.net._dnssec import anchors
from advisor.net.dns import DnsResolver
from tests.fakes.nameserver import NameServer, name_server
from tests.lab.zones import ZoneKey, parse

HEAD = ["@ SOA ns.test. hostmaster.test. 1 3600 600 86400 60", "@ NS ns.test."]
DOMAIN = [*HEAD, "@ MX 10 mx", "mx A 192.0.2.1", "_imaps._tcp SRV 0 1 993 mx", "*.wild TXT x"]


@dataclass
class World:
    """The resolver in use, and its name server; *asked* is what that was asked for."""

    resolver: DnsResolver
    server: NameServer

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Each question in its order."""
        return [(name, rdtype) for name, rdtype, _ in self.server.asked]

    async def says(self, name: str = "signed.test", rdtype: str = "MX") -> Dnssec:
        """What DNSSEC says of this answer."""
        return await self.resolver.dnssec(name, rdtype)


def zones(
    spoil: Callable[[str, dns.zone.Zone], None],
) -> tuple[dict[str, dns.zone.Zone], dict[str, str]]:
    """``test`` with one signed and one unsigned domain, each given to *spoil*; and the anchors."""
    key, parent_key, root_key = ZoneKey("signed.test"), ZoneKey("test"), ZoneKey(".")
    signed = parse("signed.test", DOMAIN)
    key.sign(signed)
    parent = parse("test", [*HEAD, f"signed DS {key.ds()}", "signed NS ns", "plain NS ns"])
    parent_key.sign(parent)
    root = parse("", [*HEAD, f"test DS {parent_key.ds()}", "test NS ns.test."])
    root_key.sign(root)
    made = {"signed.test": signed, "plain.test": parse("plain.test", DOMAIN), "test": parent}
    made[""] = root
    for name, zone in made.items():
        spoil(name, zone)
    made = {name: absolute(zone) for name, zone in made.items()}
    return made, {"test": f"test. DS {parent_key.ds()}", "root": f". DS {root_key.ds()}"}


def absolute(zone: dns.zone.Zone) -> dns.zone.Zone:
    """*zone* with whole names everywhere, as it is sent."""
    text = zone.to_text(relativize=False)
    return dns.zone.from_text(text, origin=zone.origin, relativize=False, check_origin=False)


def untouched(_name: str, _zone: dns.zone.Zone) -> None:
    """As signed."""


def serving(made: dict[str, dns.zone.Zone]) -> Callable[[dns.message.Message], dns.message.Message]:
    """A resolver over these zones that checks nothing, and hands out the signatures."""

    def behave(query: dns.message.Message) -> dns.message.Message:
        reply = dns.message.make_response(query)
        asked = query.question[0]
        name = asked.name.to_text(omit_final_dot=True)
        fitting = [one for one in made if not one or f".{name}".endswith(f".{one}")]
        if asked.rdtype == dns.rdatatype.DS:
            fitting = [one for one in fitting if one != name]
        if not fitting:
            reply.set_rcode(dns.rcode.NXDOMAIN)
            return reply
        zone = made[max(fitting, key=len)]
        wild = dns.name.Name((b"*", *asked.name.labels[1:]))
        owner = asked.name if asked.name in zone.nodes else wild
        for kind, covers in ((asked.rdtype, 0), (dns.rdatatype.RRSIG, asked.rdtype)):
            found = zone.get_rdataset(owner, kind, dns.rdatatype.RdataType(covers))
            if found is not None:
                reply.answer.append(dns.rrset.from_rdata_list(asked.name, 60, list(found)))
        return reply

    return behave


@asynccontextmanager
async def world(
    tmp_path: Path,
    spoil: Callable[[str, dns.zone.Zone], None] = untouched,
    *,
    anchor: str = "test",
    trust: bool | None = False,
) -> AsyncIterator[World]:
    """Such a name server, asked by somebody who does not believe it unless *trust* says so."""
    made, right = zones(spoil)
    keys = tmp_path / "anchor"
    keys.write_text(f"{right.get(anchor, anchor)}\n")
    async with name_server(serving(made)) as server:
        yield World(DnsResolver([server.address], trust=trust, trust_anchor=keys), server)


@pytest.mark.parametrize("anchor", ["test", "root"])
@pytest.mark.parametrize("question", [("signed.test", "MX"), ("_imaps._tcp.signed.test", "SRV")])
async def test_what_is_signed_up_to_the_anchor_is_secure(
    tmp_path: Path, question: tuple[str, str], anchor: str
) -> None:
    """RFC 4035 §5: each key is vouched for by the zone above."""
    async with world(tmp_path, anchor=anchor) as here:
        assert await here.says(*question) is Dnssec.SECURE


async def test_what_is_not_signed_is_insecure(tmp_path: Path) -> None:
    """The zone above has no key for it."""
    async with world(tmp_path) as here:
        assert await here.says("plain.test") is Dnssec.INSECURE
        assert here.asked == [("plain.test", "MX"), ("plain.test", "DS")]


def turned(_name: str, zone: dns.zone.Zone) -> None:
    """Other data under the old signatures."""
    if zone.origin == dns.name.from_text("signed.test."):
        zone.replace_rdataset("@", dns.rdataset.from_text("IN", "MX", 60, "10 mx.evil.example."))


def stripped(_name: str, zone: dns.zone.Zone) -> None:
    """The domain's signatures are gone, though the zone above promises them."""
    if zone.origin == dns.name.from_text("signed.test."):
        for node in zone.nodes.values():
            node.rdatasets = [one for one in node.rdatasets if one.rdtype != dns.rdatatype.RRSIG]


def other_key(_name: str, zone: dns.zone.Zone) -> None:
    """Signed by a key that nobody vouches for."""
    if zone.origin == dns.name.from_text("signed.test."):
        stripped(_name, zone)
        zone.delete_rdataset("@", "DNSKEY")
        ZoneKey("signed.test").sign(zone)


def outdated(_name: str, zone: dns.zone.Zone) -> None:
    """Signatures that ran out yesterday."""
    for node in zone.nodes.values():
        for rdataset in node.rdatasets:
            if rdataset.rdtype == dns.rdatatype.RRSIG:
                yesterday = int((datetime.now(UTC) - timedelta(days=1)).timestamp())
                old = [one.replace(expiration=yesterday) for one in rdataset]
                rdataset.clear()
                rdataset.update(dns.rdataset.from_rdata_list(60, old))


@pytest.mark.parametrize("spoil", [turned, stripped, other_key, outdated])
async def test_what_is_signed_wrongly_is_bogus(
    tmp_path: Path, spoil: Callable[[str, dns.zone.Zone], None]
) -> None:
    """Told apart from what is not signed at all."""
    async with world(tmp_path, spoil) as here:
        assert await here.says() is Dnssec.BOGUS


async def test_an_anchor_elsewhere_says_nothing(tmp_path: Path) -> None:
    """A zone that is below none of the trusted keys."""
    anchor = f"example. DS {ZoneKey('example').ds()}"
    async with world(tmp_path, anchor=anchor) as here:
        assert await here.says() is Dnssec.INSECURE


async def test_an_answer_made_from_a_wildcard_is_not_secure(tmp_path: Path) -> None:
    """RFC 4035 §5.3.4: it needs a proof besides, which is not asked for."""
    async with world(tmp_path) as here:
        assert await here.says("a.wild.signed.test", "TXT") is not Dnssec.SECURE


async def test_each_key_is_asked_for_once(tmp_path: Path) -> None:
    """However many answers are checked."""
    async with world(tmp_path) as here:
        for question in (("signed.test", "MX"), ("_imaps._tcp.signed.test", "SRV")):
            await here.says(*question)
        assert len(here.asked) == len(set(here.asked))
        assert set(here.asked) == {
            ("signed.test", "MX"),
            ("_imaps._tcp.signed.test", "SRV"),
            ("signed.test", "DS"),
            ("signed.test", "DNSKEY"),
            ("test", "DNSKEY"),
        }


async def test_a_trusted_resolver_is_not_checked(tmp_path: Path) -> None:
    """Where it says nothing of DNSSEC and hands out no signatures, nothing is asked besides."""
    async with world(tmp_path, trust=True) as here:
        assert await here.says("plain.test") is Dnssec.INSECURE
        assert here.asked == [("plain.test", "MX")]


async def test_a_name_without_records_has_nothing_to_check(tmp_path: Path) -> None:
    """Nor has one that cannot be asked for."""
    async with world(tmp_path) as here:
        assert await here.says("mx.signed.test", "MX") is Dnssec.UNKNOWN


def test_the_root_has_its_two_keys() -> None:
    """RFC 9718: those of 2017 and 2024."""
    assert sorted(ds.key_tag for ds in anchors(None)[dns.name.root]) == [20326, 38696]


@pytest.mark.parametrize("content", ["", "nonsense\n", "test. A 192.0.2.1\n", "\x00\xff"])
def test_a_file_without_keys_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    """With what a line should look like."""
    path = tmp_path / "anchor"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError, match="holds no DNSSEC keys") as caught:
        anchors(path)
    assert "\n" not in str(caught.value)
