"""Hellos: the first message of TLS as one library or system sends it."""

from __future__ import annotations

from typing import Any

import yaml

from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.kinds.stacks import CONFIDENCE, TLS, in_order
from advisor.knowledge.shapes import Reader, choice, date, listing, number, record, text
from advisor.model.tls_names import GROUPS, POST_QUANTUM, SIGNATURES, SUITES, SUITES_13

_HELLO = record(
    {
        "name": text(60),
        "lowest": choice(*TLS),
        "highest": choice(*TLS),
        "sni": choice("yes", "no"),
        "suites": listing(choice(*SUITES_13.values(), *SUITES.values()), at_least=1),
        "groups": listing(choice(*POST_QUANTUM.values(), *GROUPS.values())),
        "signatures": listing(choice(*SIGNATURES.values())),
        "confidence": choice(*CONFIDENCE),
        "source": text(),
        "verified": date(),
    },
    optional={
        "refuses": listing(choice("md5", "sha1", "sha256"), at_least=1),
        "least_rsa_bits": number(512, 16_384),
        "least_dh_bits": number(512, 16_384),
        "most_dh_bits": number(512, 16_384),
    },
)


def _hello(node: yaml.Node, reader: Reader) -> Any:
    """One hello; its lowest version is not newer than its highest."""
    found = _HELLO(node, reader)
    if isinstance(found, dict):
        in_order(found, node, reader)
    return found


KIND = Kind(_hello)
