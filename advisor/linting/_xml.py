"""What the linters of XML formats share: places, values, and documents that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from advisor.errors import FormatError
from advisor.formats._xml import Placed, children, name, read
from advisor.linting._linter import Slips, unreadable
from advisor.model.published import Reading
from advisor.model.text import printable

_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding=[\"']([A-Za-z0-9._-]{1,40})[\"']")


def sketch(document: bytes) -> bytes:
    """The beginning of *document* as ASCII, also of one in UTF-16: enough to recognise it by."""
    return document[:20_000].replace(b"\x00", b"")


def at(element: Element) -> tuple[int, int]:
    """Line and column of *element*."""
    return (element.line, element.column) if isinstance(element, Placed) else (0, 0)


def tag(element: Element) -> str:
    """The name of *element* in pointed brackets, for people."""
    return f"<{printable(name(element), 40)}>"


def quoted(text: str) -> str:
    """*text* for people."""
    return f"“{printable(text, 60)}”"


def read_or_broken(
    document: bytes,
    root: str,
    what: str,
    slips: Slips,
    make: Callable[[Placed], Reading],
) -> Reading:
    """What *make* makes of the root element; a slip and nothing else where there is none."""
    encoding = _encoding(document)
    if encoding.upper() not in ("UTF-8", "US-ASCII"):
        slips.add("not-utf-8", (1, 1), encoding=encoding)
    try:
        found = read(document, root, what)
    except FormatError as error:
        return unreadable(error, slips)
    if document.startswith(_BOM):
        slips.add("byte-order-mark", (1, 1))
    return make(found)


def _encoding(document: bytes) -> str:
    if document.startswith(_WIDE):
        return "UTF-16"
    declared = _ENCODING.match(document[:300])
    return declared[1].decode("ascii") if declared else "UTF-8"


def value(element: Element, slips: Slips) -> str:
    """What stands in *element*, trimmed; blanks around it are told."""
    text = element.text or ""
    trimmed = text.strip()
    if trimmed != text and trimmed:
        slips.add("blanks-around-value", at(element), text=trimmed, name=name(element))
    return trimmed


def first(element: Element, *names: str) -> Element | None:
    """The first child with one of *names*."""
    return next(children(element, *names), None)


def every(element: Element) -> Iterator[tuple[Element, Element]]:
    """Each element below *element* with its parent, in document order."""
    for child in element:
        yield element, child
        yield from every(child)
