"""Which versions of TLS a client of the catalogue offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from advisor.knowledge.versions import overlap
from advisor.model.client import Client
from advisor.model.reach import Offer

# Where only the client's own entry says something.
_OWN_SOURCE = "the client’s entry in the catalogue"


def offers(client: Client, stacks: Mapping[str, Mapping[str, Any]]) -> list[Offer]:
    """What *client* offers in its range of versions, by checked knowledge; empty for unknown."""
    found = list(_shared(client, stacks))
    if not found and client.max_tls:
        highest = f"TLSv{client.max_tls}".removesuffix(".0")
        found = [Offer(client.range, None, None, highest, True, "unverified", _OWN_SOURCE)]
    return found


def _shared(client: Client, stacks: Mapping[str, Mapping[str, Any]]) -> Iterator[Offer]:
    for stack in stacks.values():
        if client.id not in stack["clients"]:
            continue
        for one in stack["offers"]:
            own = one.get("versions")
            if own is not None and not overlap(own, client.range):
                continue
            yield Offer(
                own or client.range,
                one.get("on"),
                one["lowest"],
                one["highest"],
                one.get("sni") != "no",
                one["confidence"],
                one["source"],
            )
