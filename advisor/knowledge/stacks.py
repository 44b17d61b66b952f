"""What a client of the catalogue offers in TLS: versions, and the whole hello where it is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from advisor.knowledge.versions import overlap
from advisor.model.client import Client
from advisor.model.reach import Offer, ProgramHello

Entries = Mapping[str, Mapping[str, Any]]

# Where only the client's own entry says something.
_OWN_SOURCE = "the client’s entry in the catalogue"


def offered(hellos: Entries) -> tuple[ProgramHello, ...]:
    """The hellos of the catalogue."""
    return tuple(map(_hello, hellos.values()))


def offers(client: Client, stacks: Entries, hellos: Entries) -> list[Offer]:
    """What *client* offers in its range of versions, by checked knowledge; empty for unknown.

    A stack that names a hello which is not in *hellos* says nothing.
    """
    found = list(_shared(client, stacks, hellos))
    if not found and client.max_tls:
        highest = f"TLSv{client.max_tls}".removesuffix(".0")
        found = [Offer(client.range, None, None, highest, True, "unverified", _OWN_SOURCE)]
    return found


def _shared(client: Client, stacks: Entries, hellos: Entries) -> Iterator[Offer]:
    for stack in stacks.values():
        if client.id not in stack["clients"]:
            continue
        for one in stack["offers"]:
            own = one.get("versions")
            if own is not None and not overlap(own, client.range):
                continue
            named = one.get("hello")
            if named is not None and named not in hellos:
                continue
            hello = _hello(hellos[named]) if named is not None else None
            yield Offer(
                own or client.range,
                one.get("on"),
                hello.lowest if hello else one["lowest"],
                hello.highest if hello else one["highest"],
                hello.sni if hello else one.get("sni") != "no",
                one["confidence"],
                one["source"],
                hello,
            )


def _hello(entry: Mapping[str, Any]) -> ProgramHello:
    return ProgramHello(
        id=entry["id"],
        lowest=entry["lowest"],
        highest=entry["highest"],
        sni=entry["sni"] == "yes",
        suites=tuple(entry["suites"]),
        groups=tuple(entry["groups"]),
        signatures=tuple(entry["signatures"]),
        refuses=tuple(entry.get("refuses", ())),
        least_rsa_bits=entry.get("least_rsa_bits"),
        least_dh_bits=entry.get("least_dh_bits"),
        most_dh_bits=entry.get("most_dh_bits"),
        source=entry["source"],
    )
