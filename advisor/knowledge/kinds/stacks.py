"""Stacks: which versions of TLS the programs that share one offer, system by system."""

from __future__ import annotations

from typing import Any

import yaml

from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.kinds.clients import version_range
from advisor.knowledge.shapes import Mistake, Reader, choice, date, listing, record, text

# Oldest first.
TLS = ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")

_OFFER = record(
    {
        "lowest": choice(*TLS),
        "highest": choice(*TLS),
        "confidence": choice("source", "vendor", "guide", "unverified"),
        "source": text(),
    },
    optional={
        "on": text(80),
        "versions": version_range,
        "sni": choice("yes", "no"),
        "note": text(400),
    },
)


def _offer(node: yaml.Node, reader: Reader) -> Any:
    """What is offered: on a system, or by a range of the programs' own versions."""
    found = _OFFER(node, reader)
    if isinstance(node, yaml.MappingNode):
        if ("on" in found) == ("versions" in found):
            reader.wrong(node, "say either on (a system) or versions (of the programs)")
        lowest, highest = found.get("lowest"), found.get("highest")
        if lowest and highest and TLS.index(lowest) > TLS.index(highest):
            reader.wrong(node, "the lowest version is newer than the highest")
    return found


def _one_stack(found: dict[str, Any]) -> list[Mistake]:
    """A program stands in one stack."""
    owners: dict[str, str] = {}
    mistakes = []
    for stack, entry in found.items():
        for client in entry["clients"]:
            owner = owners.setdefault(client, stack)
            if owner != stack:
                says = f"the client “{client}” stands in {found[owner]['file']} too"
                mistakes.append(Mistake(entry["file"], 0, 0, says))
    return mistakes


KIND = Kind(
    record(
        {
            "name": text(60),
            "clients": listing(text(60), at_least=1),
            "offers": listing(_offer, at_least=1),
            "verified": date(),
        }
    ),
    _one_stack,
)
