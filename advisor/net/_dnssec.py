"""Checking DNSSEC signatures from a trusted key downwards, with dnspython.

What is not done: proofs that something does not exist (NSEC). A zone without DS record counts as
insecure though somebody might have held the record back, and so does an answer made from a
wildcard; both only lower the trust. The cryptography is loaded in a thread when it is wanted.

See: RFC 4035 §5, RFC 6840.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import dns.exception
import dns.message
import dns.name
import dns.node
import dns.rdataset
import dns.rdatatype
import dns.rrset

from advisor.errors import DnsFailed, InputError
from advisor.model.evidence import Dnssec
from advisor.model.text import printable

# IANA's root-anchors.xml: the keys of 2017 and 2024 (RFC 9718).
ROOT = """
. DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D
. DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16
"""

Anchors = Mapping[dns.name.Name, dns.rrset.RRset]
Ask = Callable[[str, str], Awaitable[dns.message.Message]]

# More zones, or more signatures on one set, than any honest chain has.
MAX_DEPTH = 12
MAX_SIGNATURES = 8


def anchors(path: Path | None) -> Anchors:
    """The keys to begin with: the DS and DNSKEY records in the file at *path*, or the root's.

    Raises:
        InputError: the file cannot be read, or holds no such records.
    """
    if path is None:
        return _read(ROOT)
    shown = printable(str(path), 80)
    try:
        found = _read(path.read_text(encoding="ascii"))
    except (OSError, ValueError, dns.exception.DNSException):
        found = {}
    if not found:
        raise InputError(
            f"--trust-anchor {shown} holds no DNSSEC keys: give a file with a line such as "
            "“example.org. DS 20326 8 2 E06D44B8…” for each"
        )
    return found


def _read(text: str) -> Anchors:
    import dns.zonefile

    sets = dns.zonefile.read_rrsets(text, default_ttl=0)
    return {one.name: one for one in sets if one.rdtype.name in ("DS", "DNSKEY")}


class Validator:
    """Checks answers for one run; *ask* gets the message for (name, type), each once a run."""

    def __init__(self, ask: Ask, trusted: Anchors) -> None:
        self._ask = ask
        self._trusted = trusted
        self._zones: dict[dns.name.Name, asyncio.Task[tuple[Dnssec, Any]]] = {}

    async def check(self, message: dns.message.Message) -> Dnssec:
        """What the signatures in *message*, an answer with records, are worth; never raises."""
        try:
            sets = [one for one in message.answer if one.rdtype != dns.rdatatype.RRSIG]
            found = [await self._signed(message, one) for one in sets]
        except (DnsFailed, dns.exception.DNSException, ValueError):
            return Dnssec.UNKNOWN
        return _weakest(found)

    async def _signed(self, message: dns.message.Message, records: dns.rrset.RRset) -> Dnssec:
        """The worth of one set of records; bogus where it lacks the signatures it ought to have."""
        signatures = message.get_rrset(
            message.answer, records.name, records.rdclass, dns.rdatatype.RRSIG, records.rdtype
        )
        if not signatures:
            state, _ = await self._zone(_unserviced(records.name))
            return Dnssec.BOGUS if state is Dnssec.SECURE else state
        signers = {one.signer for one in signatures}
        for signer in sorted(signers):
            if not records.name.is_subdomain(signer):
                continue
            if records.rdtype == dns.rdatatype.DS and signer == records.name:
                continue  # only the parent can speak for a zone's keys
            state, keys = await self._zone(signer)
            if state is not Dnssec.SECURE:
                return state
            return _verified(records, list(signatures)[:MAX_SIGNATURES], signer, keys)
        return Dnssec.BOGUS

    async def _zone(self, name: dns.name.Name) -> tuple[Dnssec, Any]:
        """What is known of the zone *name*, and its keys where they are secure."""
        if len(name) > MAX_DEPTH:
            return Dnssec.UNKNOWN, None
        if name not in self._zones:
            self._zones[name] = asyncio.create_task(self._keys(name))
        return await self._zones[name]

    async def _keys(self, name: dns.name.Name) -> tuple[Dnssec, Any]:
        trusted = self._trusted.get(name)
        text = name.to_text(omit_final_dot=True) or "."
        if trusted is None:
            if not any(name.is_subdomain(anchor) for anchor in self._trusted):
                return Dnssec.INSECURE, None
            delegation = await self._ask(text, "DS")
            trusted = _set(delegation, name, "DS")
            if trusted is None:
                return Dnssec.INSECURE, None
            self._prefetch(name)
            state = await self._delegated(delegation, trusted)
            if state is not Dnssec.SECURE:
                return state, None
        answer = await self._ask(text, "DNSKEY")
        keys = _set(answer, name, "DNSKEY")
        await asyncio.to_thread(import_module, "dns.dnssec")
        if keys is None:
            return Dnssec.BOGUS, None
        entries = _vouched(name, keys, trusted)
        if entries is None:
            return Dnssec.INSECURE, None
        signatures = answer.get_rrset(
            answer.answer, name, keys.rdclass, dns.rdatatype.RRSIG, keys.rdtype
        )
        state = _verified(keys, list(signatures or ())[:MAX_SIGNATURES], name, entries)
        return state, list(keys) if state is Dnssec.SECURE else None

    async def _delegated(self, message: dns.message.Message, records: dns.rrset.RRset) -> Dnssec:
        """The worth of a DS set; without signatures it is nobody's word."""
        unsigned = not any(one.rdtype == dns.rdatatype.RRSIG for one in message.answer)
        return Dnssec.INSECURE if unsigned else await self._signed(message, records)

    def _prefetch(self, name: dns.name.Name) -> None:
        """Ask for the keys of every zone that may be above at once, not one after the other."""
        while name not in self._trusted and len(name) > 1:
            text = name.to_text(omit_final_dot=True)
            for rdtype in ("DS", "DNSKEY"):
                asyncio.ensure_future(self._ask(text, rdtype)).add_done_callback(_seen)
            name = name.parent()


def _seen(task: asyncio.Future[Any]) -> None:
    if not task.cancelled():
        task.exception()


def _unserviced(name: dns.name.Name) -> dns.name.Name:
    """*name* without its service labels: these are hardly ever zones of their own."""
    while name.labels and name.labels[0].startswith(b"_"):
        name = name.parent()
    return name


def _set(message: dns.message.Message, name: dns.name.Name, rdtype: str) -> Any:
    kind = dns.rdatatype.from_text(rdtype)
    return next((s for s in message.answer if s.name == name and s.rdtype == kind), None)


def _vouched(name: dns.name.Name, keys: Iterable[Any], trusted: dns.rrset.RRset) -> Any:
    """The *keys* that *trusted* stands for; None where it uses nothing that we can check.

    See: RFC 4035 §5.2 (unknown algorithms: as if unsigned).
    """
    import dns.dnssec

    policy = dns.dnssec.default_policy
    if trusted.rdtype == dns.rdatatype.DNSKEY:
        return [key for key in keys if key in trusted]
    usable = [ds for ds in trusted if policy.ok_to_validate_ds(ds.digest_type)]
    if not usable:
        return None
    entries = []
    known = False
    for key in keys:
        for ds in usable:
            if (ds.key_tag, ds.algorithm) != (dns.dnssec.key_id(key), key.algorithm):
                continue
            known = known or policy.ok_to_validate(key)
            if dns.dnssec.make_ds(name, key, ds.digest_type, validating=True) == ds:
                entries.append(key)
    return None if entries and not known else entries


def _verified(
    records: dns.rrset.RRset, signatures: Iterable[Any], signer: dns.name.Name, keys: Iterable[Any]
) -> Dnssec:
    """Does one of *signatures* by *keys* of *signer* fit *records*?"""
    import dns.dnssec

    listed = list(keys)
    if not listed:
        return Dnssec.BOGUS
    known: dict[dns.name.Name, dns.node.Node | dns.rdataset.Rdataset] = {
        signer: dns.rdataset.from_rdata_list(0, listed)
    }
    for signature in signatures:
        try:
            dns.dnssec.validate_rrsig(records, signature, known)
        except (dns.exception.DNSException, ValueError):
            continue
        # RFC 4035 §5.3.4: a wildcard's answer needs a proof besides, which nobody looked at.
        own_labels = len(records.name.labels) - 1 - records.name.is_wild()
        return Dnssec.SECURE if signature.labels == own_labels else Dnssec.UNKNOWN
    return Dnssec.BOGUS


def _weakest(found: Iterable[Dnssec]) -> Dnssec:
    order = (Dnssec.BOGUS, Dnssec.UNKNOWN, Dnssec.INSECURE, Dnssec.SECURE)
    return min(found, key=order.index, default=Dnssec.UNKNOWN)
