"""Mail clients: what their labels do, version by version, and what they cannot do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from advisor.knowledge.client_names import folded
from advisor.knowledge.kinds._fields import PORT
from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import (
    Mistake,
    Reader,
    choice,
    date,
    kind_of,
    listing,
    nullable,
    record,
    text,
)
from advisor.knowledge.versions import bounds, overlap

KINDS = ("desktop", "mobile", "webmail", "command-line", "library", "server", "device")
MODES = ("implicit", "starttls", "opportunistic", "none", "auto")
SIGN_IN = (
    "password", "challenge", "scram", "ntlm", "gssapi", "oauth2", "external", "none", "auto",
)  # fmt: skip
READS = ("autoconfig", "ispdb", "autodiscover", "srv", "mobileconfig", "pacc", "jmap", "guess")
LIMITS = (
    "implicit-only", "starttls-only", "smtp-starttls-on-25-only", "no-oauth2",
    "oauth2-built-in-providers-only", "ignores-logindisabled", "misreads-logindisabled",
    "leaks-when-stripped", "no-certificate-check", "no-private-ca", "no-pop3", "no-imap",
    "no-smtp", "tls-old", "one-switch-for-both-modes", "port-must-be-typed",
    "credentials-through-cloud", "discontinued", "other",
)  # fmt: skip

_PROTOCOL = choice("imap", "pop3", "smtp")
_PROTOCOLS = listing(_PROTOCOL, at_least=1)
CONFIDENCES = ("measured", "source", "vendor", "guide", "unverified")
_CONFIDENCE = {"confidence": choice(*CONFIDENCES), "source": text()}
_NUMBER = r"\d+(?:\.\d+)?"
_RANGE = re.compile(rf"\*|(?:<=?|>=?){_NUMBER}|{_NUMBER}(?:-{_NUMBER})?")


def version_range(node: yaml.Node, reader: Reader) -> Any:
    """A range of versions: ``*``, ``<3``, ``>=132``, ``2007-2019`` or one version."""
    value = str(node.value)
    if not _RANGE.fullmatch(value):
        reader.wrong(node, f"expected a range such as <3, 2007-2019 or *, found {kind_of(node)}")
        return None
    first, end = bounds(value)
    if first >= end:
        reader.wrong(node, f"{value} holds no version: write the smaller number first")
    return value


_LABEL = record(
    {"label": text(120), "protocols": _PROTOCOLS, "does": choice(*MODES), **_CONFIDENCE},
    optional={"ports": listing(PORT), "except_ports": listing(PORT), "note": text(400)},
)
_SIGN_IN = record(
    {"label": text(120), "protocols": _PROTOCOLS, "does": choice(*SIGN_IN), **_CONFIDENCE},
    optional={"note": text(400)},
)
_PORTS = record(
    {
        "follows": choice("always", "unless-typed", "incoming-only", "never"),
        "defaults": listing(record({"protocol": _PROTOCOL, "does": choice(*MODES), "port": PORT})),
        **_CONFIDENCE,
    }
)
_LIMIT = record(
    {"limit": choice(*LIMITS), "says": text(400), **_CONFIDENCE},
    optional={"protocols": _PROTOCOLS, "hosts": listing(text(80), at_least=1)},
)
_WORDS = {name: text(120) for name in ("security", "host", "port", "username", "sign_in")}
_PLACES = {name: text(300) for name in ("incoming", "outgoing", "add")}

_VERSION = record(
    {"range": version_range, "labels": listing(_LABEL), "sign_in": listing(_SIGN_IN)},
    optional={
        "ports": _PORTS,
        "reads": listing(choice(*READS)),
        "fields": record({}, optional=_WORDS),
        "paths": record({}, optional=_PLACES),
        "max_tls": nullable(choice("1.0", "1.1", "1.2", "1.3")),
        "limits": listing(_LIMIT),
    },
)


def versions(node: yaml.Node, reader: Reader) -> Any:
    """The sections of a client: no version belongs to two of them."""
    sections = listing(_VERSION, at_least=1)(node, reader)
    ranges = list(_ranges(node))
    for at, one in enumerate(ranges):
        for earlier in ranges[:at]:
            if overlap(one.value, earlier.value):
                reader.wrong(one, f"{one.value} and {earlier.value} above have versions in common")
    return sections


def _ranges(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """The nodes of the well-formed ranges in a list of sections."""
    for section in node.value if isinstance(node, yaml.SequenceNode) else ():
        for key, value in section.value if isinstance(section, yaml.MappingNode) else ():
            if key.value == "range" and _RANGE.fullmatch(str(value.value)):
                yield value


def one_name(found: dict[str, Any]) -> list[Mistake]:
    """A name that people type, and the one that is shown, lead to one client."""
    owners: dict[str, str] = {}
    mistakes = []
    for client, entry in found.items():
        for name in (client, entry["name"], *entry["also"]):
            owner = owners.setdefault(folded(name), client)
            if owner != client:
                leads = f"the name “{name}” leads to {found[owner]['file']} too"
                mistakes.append(Mistake(entry["file"], 0, 0, leads))
    return mistakes


KIND = Kind(
    record(
        {
            "name": text(60),
            "also": listing(text(60)),
            "kind": choice(*KINDS),
            "protocols": _PROTOCOLS,
            "versions": versions,
            "verified": date(),
        },
        optional={"notes": listing(text(400))},
    ),
    one_name,
)
