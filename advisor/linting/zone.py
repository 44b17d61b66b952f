"""Zone lines: service records, MX and the TXT records that mail programs read.

See: RFC 2782; RFC 6186; RFC 8314 §5.1; RFC 7505.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from advisor.formats import srv
from advisor.linting._linter import Linter, Slips
from advisor.linting._records import Record, absolute, records
from advisor.linting._txt import check as check_txt
from advisor.model.address import host_name
from advisor.model.endpoint import Protocol, Security
from advisor.model.published import Entry, Reading
from advisor.model.text import printable

# Labels that people write, and what they mean.
_WRONG = {
    "_smtps": "_submissions", "_ssmtp": "_submissions", "_smtp": "_submission",
    "_submissionss": "_submissions", "_submits": "_submissions", "_submit": "_submission",
    "_imap4": "_imap", "_imap4s": "_imaps", "_imapssl": "_imaps", "_pop": "_pop3",
    "_pops": "_pop3s", "_pop3ssl": "_pop3s", "_managesieve": "_sieve", "_sieves": "_sieve",
}  # fmt: skip
_KNOWN = frozenset({*srv.LABELS, "_caldav", "_carddav", "_autodiscover"})
_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:]*", re.IGNORECASE)
MAX_SERVICES = 200
_ALIAS = (
    "Nobody can tell from these lines alone whether a target is an alias (CNAME): it must not be."
)


def recognises(document: bytes) -> bool:
    """Does some line look like a record?"""
    return re.search(
        rb"(?im)^(?:\$(?:ORIGIN|TTL)\b|[^\s<{;]*[ \t].{0,60}\b(?:SRV|MX|TXT|CNAME|SOA)\s+\S)",
        document[:50_000],
    ) is not None  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Service:
    """One service record: *label* and *domain* are the parts of its name."""

    label: str
    domain: str
    priority: int
    weight: int
    entry: Entry


def lint(document: bytes) -> Reading:
    """What the records say of mail, and what is wrong with them."""
    slips = Slips()
    text = document.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    found = list(records(text, slips))
    aliases = {one.name for one in found if one.type == "CNAME"}
    _beside_aliases(found, aliases, slips)
    services: list[_Service] = []
    for one in found:
        if len(services) >= MAX_SERVICES:
            slips.add("services-too-many", one.at, limit=MAX_SERVICES)
            break
        match one.type:
            case "SRV":
                service = _service(one, aliases, slips)
                services += [service] if service else []
            case "MX":
                _exchanger(one, aliases, slips)
            case "TXT":
                check_txt(one, slips)
    _null_mx([one for one in found if one.type == "MX"], slips)
    _denials(services, slips)
    _order(services, slips)
    ordered = sorted(services, key=lambda one: (one.priority, -one.weight))
    domains = dict.fromkeys(filter(None, map(_domain, found)))
    return Reading(
        tuple(one.entry for one in ordered),
        slips(),
        domains=tuple(domains),
        remarks=(_ALIAS,) if services else (),
    )


def _domain(record: Record) -> str | None:
    """The mail domain that a record speaks about."""
    found = re.fullmatch(r"(?:_[a-z0-9-]+\._(?:tcp|udp)\.|_[a-z-]+\.)?([^_].*)", record.name)
    return host_name(found[1]) if found else None


def _service(record: Record, aliases: set[str], slips: Slips) -> _Service | None:
    label, _, rest = record.name.partition(".")
    transport, _, domain = rest.partition(".")
    if not _label(record, label, transport, slips):
        return None
    if len(record.data) != 4 or not all(_is_number(one) for one in record.data[:3]):
        slips.add("srv-data", record.at)
        return None
    priority, weight, port = (int(one) for one in record.data[:3])
    written = record.data[3]
    if written == ".":
        return _Service(label, domain, priority, weight, _denied(record, label))
    host = _target(record, written, aliases, slips)
    if port == 0:
        slips.add("srv-port", record.at, instead=str(_usual(label) or ""))
    if label not in srv.LABELS:
        return None
    protocol, security = srv.LABELS[label]
    shown = printable(written.removesuffix("."), 253)
    entry = Entry(
        protocol, *record.at, host, shown, port or None, security, label,
        write_tls=_label_for(protocol, Security.TLS),
        write_starttls=_label_for(protocol, Security.STARTTLS),
    )  # fmt: skip
    return _Service(label, domain, priority, weight, entry)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535


def _denied(record: Record, label: str) -> Entry:
    protocol, _ = srv.LABELS.get(label, (Protocol.IMAP, Security.TLS))
    return Entry(protocol, *record.at, security_written=label, denied=True)


def _label_for(protocol: Protocol, security: Security) -> str:
    found = srv.label(protocol, security)
    return f"{found}._tcp" if found else ""


def _usual(label: str) -> int | None:
    ports = {"_imaps": 993, "_imap": 143, "_pop3s": 995, "_pop3": 110, "_submissions": 465,
             "_submission": 587, "_sieve": 4190}  # fmt: skip
    return ports.get(label, 443)


def _label(record: Record, label: str, transport: str, slips: Slips) -> bool:
    """Is the name of a service record one that mail programs ask for? Slips say why not."""
    right = _WRONG.get(label)
    if right is None and label not in _KNOWN and not label.startswith("_"):
        close = f"_{label}" if f"_{label}" in _KNOWN else None
        if close is not None:
            slips.add("srv-underscore", record.at, label=label, right=close)
        return False
    if right is None and label not in _KNOWN:
        near = difflib.get_close_matches(label, sorted(_KNOWN), n=1, cutoff=0.85)
        right = near[0] if near else None
        if right is None:
            return False  # a service of somebody else
    if right is not None:
        slips.add("srv-label", record.at, label=label, right=right)
        return False
    if transport != "_tcp":
        slips.add("srv-transport", record.at, label=label)
        return False
    if label in ("_caldav", "_carddav"):
        slips.add("dav-in-the-clear", record.at, label=label)
    return True


def _target(record: Record, written: str, aliases: set[str], slips: Slips) -> str | None:
    if _ADDRESS.fullmatch(written):
        slips.add("target-address", record.at, text=written)
        return None
    if not written.endswith(".") and "." in written:
        becomes = f" and counts as {absolute(written, record.origin)}" if record.origin else ""
        slips.add("final-dot", record.at, text=written, becomes=becomes, written=written)
    full = absolute(written, "" if "." in written else record.origin)
    if full in aliases:
        slips.add("target-alias", record.at, text=written)
    found = host_name(full)
    if found is None or "_" in full:
        slips.add("target-name", record.at, text=written)
        return None
    return found


def _exchanger(record: Record, aliases: set[str], slips: Slips) -> None:
    if len(record.data) != 2 or not _is_number(record.data[0]):
        slips.add("mx-data", record.at)
    elif record.data[1] != ".":
        _target(record, record.data[1], aliases, slips)


def _null_mx(found: list[Record], slips: Slips) -> None:
    for one in found:
        if one.data[1:] == (".",):
            others = [another for another in found if another.name == one.name]
            if len(others) > 1:
                slips.add("null-mx-not-alone", one.at)


def _denials(services: Sequence[_Service], slips: Slips) -> None:
    offered = {(one.label, one.domain) for one in services if not one.entry.denied}
    for one in services:
        if one.entry.denied and (one.label, one.domain) in offered:
            slips.add("srv-denied-and-offered", (one.entry.line, one.entry.column), label=one.label)


def _order(services: Sequence[_Service], slips: Slips) -> None:
    """RFC 8314 §5.1: implicit TLS goes ahead of STARTTLS."""
    best: dict[tuple[Protocol, str], int] = {}
    for one in services:
        if one.entry.security is Security.TLS:
            key = one.entry.protocol, one.domain
            best[key] = min(one.priority, best.get(key, one.priority))
    for one in services:
        priority = best.get((one.entry.protocol, one.domain))
        behind = priority is not None and one.priority < priority
        if one.entry.security is Security.STARTTLS and behind:
            slips.add(
                "srv-starttls-preferred",
                (one.entry.line, one.entry.column),
                label=one.label,
                better=one.entry.write_tls.partition(".")[0],
                priority=priority,
            )


def _beside_aliases(found: Iterable[Record], aliases: set[str], slips: Slips) -> None:
    for one in found:
        if one.name in aliases and one.type not in ("CNAME", "RRSIG", "NSEC"):
            slips.add("beside-alias", one.at, text=one.written)


LINTER = Linter("zone", "zone lines", recognises, lint)
