"""Do TLSA records in a signed zone fit the certificates that a server sends?

Nothing is asked where the host's addresses are not signed: records there prove nothing.

See: RFC 6698 §2, RFC 7671 §5, RFC 7672 §2.2 (addresses first), RFC 7673 §3 (mail services).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256, sha512

from advisor.errors import DnsFailed
from advisor.model.evidence import Dnssec
from advisor.model.handshake import Dane
from advisor.model.identity import ip_literal
from advisor.model.text import printable
from advisor.net._seams import Resolver
from advisor.net.chain import Link

MATCHES, DIFFERS, UNUSABLE = "matches", "differs", "unusable"
# Records of one port that are looked at.
_MOST = 8
# Seconds that the DNS may take for all of it.
_PATIENCE = 4.0
# Usages: PKIX-TA, PKIX-EE, DANE-TA, DANE-EE (RFC 7218 §2.1).
_TRUST_ANCHOR = (0, 2)
_PKIX = (0, 1)


@dataclass(frozen=True, slots=True)
class Record:
    """One TLSA record (RFC 6698 §2.1); *data* is the digest, or the whole where *matching* is 0."""

    usage: int
    selector: int
    matching: int
    data: bytes

    @property
    def is_usable(self) -> bool:
        """Do we know what it means?"""
        return self.usage <= 3 and self.selector <= 1 and self.matching <= 2

    def fits(self, link: Link) -> bool:
        """Does it speak of *link*?"""
        chosen = link.spki if self.selector else link.der
        digests = (lambda data: data, lambda d: sha256(d).digest(), lambda d: sha512(d).digest())
        return digests[self.matching](chosen) == self.data


async def published(host: str, port: int, resolver: Resolver) -> tuple[str, ...]:
    """The signed TLSA records for *port* as zones write them; empty where there are none.

    Also where the DNS takes too long to tell.
    """
    if ip_literal(host):
        return ()
    name = f"_{port}._tcp.{host}"
    try:
        async with asyncio.timeout(_PATIENCE):
            if not await _is_signed(host, resolver):
                return ()
            answer = await resolver.query(name, "TLSA")
            signed = answer.records and await resolver.dnssec(name, "TLSA") is Dnssec.SECURE
    except (DnsFailed, TimeoutError):
        return ()
    return tuple(str(one) for one in answer.records[:_MOST]) if signed else ()


def judged(texts: Sequence[str], chain: Sequence[Link], *, verified: bool) -> Dane | None:
    """What the records in *texts* say of *chain*; None without records.

    *verified*: the chain leads to a public authority that is trusted, as usages 0 and 1 demand.
    """
    if not texts:
        return None
    found = [record for text in texts if (record := _record(text)) and record.is_usable]
    shown = tuple(printable(text, 300) for text in texts)
    usages = tuple(sorted({one.usage for one in found}))
    if not found or not chain:
        return Dane(UNUSABLE, shown, usages)
    fits = any(_holds(one, chain, verified=verified) for one in found)
    return Dane(MATCHES if fits else DIFFERS, shown, usages)


async def _is_signed(host: str, resolver: Resolver) -> bool:
    for rdtype in ("A", "AAAA"):
        if await resolver.dnssec(host, rdtype) is Dnssec.SECURE:
            return True
    return False


def _record(text: str) -> Record | None:
    """A record as zones write it: usage, selector, matching type, and hex digits."""
    try:
        usage, selector, matching, *data = text.split()
        return Record(int(usage), int(selector), int(matching), bytes.fromhex("".join(data)))
    except ValueError:
        return None


def _holds(record: Record, chain: Sequence[Link], *, verified: bool) -> bool:
    if record.usage in _PKIX and not verified:
        return False
    # A trust anchor must be among what is sent (RFC 7671 §5.2.2); the public ones need not be.
    asked = chain[1:] or chain if record.usage in _TRUST_ANCHOR else chain[:1]
    return any(record.fits(link) for link in asked)
