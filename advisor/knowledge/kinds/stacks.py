"""Stacks: which versions of TLS the programs that share one offer, system by system.

Of some the whole hello is known, which is an entry of its own kind.
"""

from __future__ import annotations

from typing import Any

import yaml

from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.kinds.clients import version_range
from advisor.knowledge.shapes import Mistake, Reader, choice, date, listing, record, text

# Oldest first.
TLS = ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")

# What is known from sources, from bytes that somebody caught, from the vendor …, best first.
CONFIDENCE = ("source", "measured", "vendor", "guide", "unverified")

_OFFER = record(
    {"confidence": choice(*CONFIDENCE), "source": text()},
    optional={
        "lowest": choice(*TLS),
        "highest": choice(*TLS),
        "hello": text(60),
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
        versions = {"lowest", "highest", "sni"} & set(found)
        if ("hello" in found) == bool(versions) or (versions and len(versions - {"sni"}) < 2):
            reader.wrong(node, "say either hello, or lowest and highest (and sni)")
        in_order(found, node, reader)
    return found


def in_order(found: dict[str, Any], node: yaml.Node, reader: Reader) -> None:
    """Note it as a mistake where the lowest version is newer than the highest."""
    lowest, highest = found.get("lowest"), found.get("highest")
    if lowest and highest and TLS.index(lowest) > TLS.index(highest):
        reader.wrong(node, "the lowest version is newer than the highest")


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
