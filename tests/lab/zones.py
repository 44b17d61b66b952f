"""Writes the zones: `test.` (signed, with a delegation for each domain) and one per domain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import dns.dnssec
import dns.name
import dns.rdataset
import dns.rdatatype
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec
from dns.rdtypes.ANY.RRSIG import RRSIG

from .scenarios import AUTHORITATIVE_ADDRESS, Dns, Domain

TTL = 60
PARENT = "test"
SERVED = (Dns.UNSIGNED, Dns.SIGNED, Dns.BOGUS)


class ZoneKey:
    """One zone's signing key."""

    def __init__(self, origin: str) -> None:
        """A new ECDSA P-256 key for the zone *origin*."""
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._origin = dns.name.from_text(origin)
        # Flags 257: zone key and secure entry point.
        public = self._private.public_key()
        self._public = dns.dnssec.make_dnskey(public, "ECDSAP256SHA256", flags=257)

    def ds(self) -> str:
        """The DS record's data, for the parent's zone or for a trust anchor."""
        return dns.dnssec.make_ds(self._origin, self._public, "SHA256").to_text()

    def sign(self, zone: dns.zone.Zone) -> None:
        """Sign *zone* in place, valid from an hour ago for thirty days."""
        inception = datetime.now(UTC) - timedelta(hours=1)
        dns.dnssec.sign_zone(
            zone,
            keys=[(self._private, self._public)],
            inception=inception,
            expiration=inception + timedelta(days=30),
            dnskey_ttl=TTL,
            add_dnskey=True,
        )


def write(domains: Iterable[Domain], directory: Path) -> str:
    """Write every zone that is served as `NAME.zone`; gives the trust anchor for `test.`."""
    directory.mkdir()
    parent = [*_head(f"ns.{PARENT}."), f"ns A {AUTHORITATIVE_ADDRESS}"]
    for domain in domains:
        label = domain.name.removesuffix(f".{PARENT}")
        parent.append(f"{label} NS {_name_server(domain)}")
        if domain.dns not in SERVED:
            parent.append(f"ns.{label} A {domain.name_server_address()}")
            continue
        zone = parse(domain.name, lines(domain))
        if domain.dns is not Dns.UNSIGNED:
            key = ZoneKey(domain.name)
            key.sign(zone)
            parent.append(f"{label} DS {key.ds()}")
        if domain.dns is Dns.BOGUS:
            _spoil(zone)
        _save(zone, directory)
    anchor = ZoneKey(PARENT)
    zone = parse(PARENT, parent)
    anchor.sign(zone)
    _save(zone, directory)
    return f"{PARENT}. DS {anchor.ds()}"


def lines(domain: Domain) -> list[str]:
    """The unsigned zone of one domain."""
    addresses = [f"{host} A {domain.address(host)}" for host in domain.hosts]
    return [*_head(_name_server(domain)), *addresses, *domain.records]


def _head(name_server: str) -> list[str]:
    soa = f"@ SOA {name_server} hostmaster.{PARENT}. 1 3600 600 86400 {TTL}"
    return [soa, f"@ NS {name_server}"]


def _name_server(domain: Domain) -> str:
    return f"ns.{PARENT}." if domain.dns in SERVED else f"ns.{domain.name}."


def parse(origin: str, text: list[str]) -> dns.zone.Zone:
    """Read a zone's lines; names in them are relative to *origin*."""
    return dns.zone.from_text(f"$TTL {TTL}\n" + "\n".join(text) + "\n", origin=f"{origin}.")


def _save(zone: dns.zone.Zone, directory: Path) -> None:
    assert zone.origin is not None
    name = zone.origin.to_text(omit_final_dot=True)
    zone.to_file(str(directory / f"{name}.zone"), relativize=False, want_origin=True)


def _spoil(zone: dns.zone.Zone) -> None:
    """Turn over a bit of every signature but those of the keys."""
    for node in zone.nodes.values():
        for rdataset in node.rdatasets:
            if rdataset.rdtype == dns.rdatatype.RRSIG:
                if rdataset.covers == dns.rdatatype.DNSKEY:
                    continue
                wrong = [_turned(cast(RRSIG, rdata)) for rdata in rdataset]
                rdataset.clear()
                rdataset.update(dns.rdataset.from_rdata_list(TTL, wrong))


def _turned(rdata: RRSIG) -> RRSIG:
    signature = rdata.signature[:-1] + bytes([rdata.signature[-1] ^ 1])
    return cast(RRSIG, rdata.replace(signature=signature))
