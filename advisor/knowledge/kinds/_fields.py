"""Fields that several kinds of knowledge share."""

from __future__ import annotations

import re
from typing import Any

import yaml

from advisor.knowledge.shapes import (
    Reader,
    choice,
    kind_of,
    listing,
    number,
    pairs,
    record,
    text,
)
from advisor.model.address import host_name
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security

PORT = number(1, 65535)
PROTOCOL = choice(*Protocol)
SECURITY = choice(*Security)
AUTH = listing(choice(*AuthMethod), at_least=1)


def host(node: yaml.Node, reader: Reader) -> Any:
    """A host name in lower-case A-labels, or an IPv4 loopback address."""
    value = str(node.value)
    if value == "127.0.0.1" or host_name(value) == value:
        return value
    reader.wrong(node, f"expected a host name in lower-case A-labels, found {kind_of(node)}")
    return None


def web_address(node: yaml.Node, reader: Reader) -> Any:
    """A URL of a web page."""
    value = str(node.value)
    if re.fullmatch(r"https?://[^\s<>\"]+", value):
        return value
    reader.wrong(node, f"expected an http or https URL, found {kind_of(node)}")
    return None


def reference(node: yaml.Node, reader: Reader) -> Any:
    """``{rfc, …}``, ``{url, …}`` or ``{document, …}``, each with what it says, in one form."""
    names = [name for name, _, _ in pairs(node, Reader(reader.file))]
    if "rfc" in names:
        found = record({"rfc": number(1, 99999), "says": text()}, optional={"section": text(40)})(
            node, reader
        )
        label = f"RFC {found['rfc']}"
    elif "url" in names:
        found = record({"url": web_address, "says": text()}, optional={"section": text(40)})(
            node, reader
        )
        label = found["url"]
    else:
        found = record({"document": text(), "says": text()}, optional={"section": text(40)})(
            node, reader
        )
        label = found["document"]
    return {"id": label, "section": found.get("section") or "", "says": found["says"]}


REFERENCES = listing(reference, at_least=1)
