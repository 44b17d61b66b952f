"""Elements of clientConfig that are handed on: what is kept of them, and how they are written.

They come from strangers and go out again, so they are bounded, nothing secret is kept, and what
is kept stays valid under the draft's grammar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from advisor.formats import _autoconfig_words as words
from advisor.formats._autoconfig_document import Part
from advisor.formats._web_address import web_address
from advisor.formats._xml import name
from advisor.model.text import printable

MAX_PARTS = 300
MAX_DEPTH = 6
MAX_TEXT = 4000
MAX_ATTRIBUTES = 10

# Passwords were part of version 1.1, a client's secret still is (draft Appendix A, §6.4).
_SECRETS = frozenset({"password", "clientsecret"})


class Keeper:
    """Keeps elements of the namespace of *root*, until there are too many of them."""

    def __init__(self, root: Element) -> None:
        self._namespace = _namespace(root)
        self._left = MAX_PARTS

    def part(self, element: Element, depth: int = 0) -> Part | None:
        """*element* with all in it; None for what may not be kept."""
        called = name(element)
        if called.lower() in _SECRETS or ":" in called or _namespace(element) != self._namespace:
            return None
        if depth > MAX_DEPTH or not self._left:
            return None
        self._left -= 1
        inner = (self.part(child, depth + 1) for child in element)
        return Part(
            called,
            tuple(_attributes(element)),
            printable((element.text or "").strip(), MAX_TEXT),
            tuple(part for part in inner if part is not None),
        )

    def section(self, element: Element) -> Part | None:
        """A server section, or None for one that the grammar would refuse."""
        found = self.part(element)
        if found is None or "type" not in dict(found.attributes):
            return None
        fit = tuple(_leaf(part) for part in found.parts)
        ports = [part.text for part in fit if part.name == "port"]
        if not all(port.isascii() and port.isdigit() and int(port[:6]) > 0 for port in ports):
            return None
        return Part(words.written_section(found.name), found.attributes, "", fit)

    def details(self, section: Element) -> Iterator[Part]:
        """What a server section has besides the elements of the draft."""
        for child in section:
            part = self.part(child) if name(child) not in words.GRAMMAR else None
            if part is not None:
                yield part

    def extras(self, parent: Element) -> Iterator[Part]:
        """What a document has besides the elements of the draft."""
        for child in parent:
            if name(child) == "clientConfigUpdate" and web_address(child.get("url", "")):
                yield Part("clientConfigUpdate", (("url", child.get("url", "")),))
            elif name(child) not in words.GRAMMAR | words.SECTION_NAMES:
                part = self.part(child)
                if part is not None:
                    yield part


def _namespace(element: Element) -> str:
    return element.tag.rpartition("}")[0]


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    for key, value in list(element.items())[:MAX_ATTRIBUTES]:
        if "}" not in key and ":" not in key:
            yield key, printable(value, MAX_TEXT)


def _leaf(part: Part) -> Part:
    if part.name not in words.GRAMMAR:
        return part
    return Part(part.name, part.attributes, part.text)


def written(parts: Iterable[Part], indent: int) -> Iterator[str]:
    """*parts* as lines of XML."""
    for part in parts:
        blanks = " " * indent
        head = "".join(f" {key}={quoteattr(value)}" for key, value in part.attributes)
        if part.parts:
            yield f"{blanks}<{part.name}{head}>{escape(part.text)}"
            yield from written(part.parts, indent + 2)
            yield f"{blanks}</{part.name}>"
        elif part.text:
            yield f"{blanks}<{part.name}{head}>{escape(part.text)}</{part.name}>"
        else:
            yield f"{blanks}<{part.name}{head}/>"
