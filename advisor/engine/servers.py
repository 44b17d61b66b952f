"""Which host names stand for the same server, as far as the looks at them tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from advisor.model.observation import ProbeResult


@dataclass(frozen=True, slots=True)
class Server:
    """What was seen of one host: its canonical name in DNS, addresses, and certificates.

    A certificate with a wildcard is left out: servers of all kinds may show it.
    """

    canonical: str
    addresses: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()


def servers(probed: Iterable[ProbeResult], aliases: Mapping[str, str]) -> dict[str, Server]:
    """What *probed* showed of each host; *aliases* gives canonical names."""
    addresses: dict[str, set[str]] = {}
    certificates: dict[str, set[str]] = {}
    for one in probed:
        addresses.setdefault(one.host, set()).update(filter(None, [one.address]))
        shown = certificates.setdefault(one.host, set())
        tls = one.observation.tls
        if tls and tls.certificate and not any("*" in name for name in tls.certificate.names):
            shown.add(tls.certificate.sha256)
    return {
        host: Server(aliases.get(host, host), frozenset(found), frozenset(certificates[host]))
        for host, found in sorted(addresses.items())
    }


def same(one: str, other: str, known: Mapping[str, Server]) -> str | None:
    """Why the hosts *one* and *other* seem to be one server, as a clause; None where they do not.

    Servers that share an address or a certificate may still be several behind one gate.
    """
    if one not in known or other not in known:
        return None
    a, b = known[one], known[other]
    if a.canonical == b.canonical:
        return (
            f"both are names of {a.canonical} in DNS"
            if a.canonical not in (one, other)
            else (f"{other if a.canonical == one else one} is an alias of {a.canonical}")
        )
    if shared := a.addresses & b.addresses:
        return f"both lead to {min(shared)}"
    return "both show the same certificate" if a.certificates & b.certificates else None


def is_one(hosts: Iterable[str], known: Mapping[str, Server]) -> bool:
    """Do all *hosts* seem to be the same server?"""
    return all(same(one, other, known) for one, other in combinations(sorted(hosts), 2))
