"""Reading XML from strangers: no DTD, no entities, nothing external, bounded in size and depth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.ElementTree import XMLParser

from advisor.errors import FormatError
from advisor.model.evidence import Problem
from advisor.model.text import printable

MAX_DOCUMENT = 256 * 1024
MAX_DEPTH = 32

_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*>\s*)?<(?:!doctype\s+)?html\b", re.IGNORECASE
)
_GZIP = b"\x1f\x8b"


class Placed(Element):
    """An element that knows where it begins: *line* and *column*, from 1."""

    line = 0
    column = 0


class _TooDeepError(ValueError):
    pass


class _BoundedBuilder(TreeBuilder):
    """Builds ``Placed`` elements; *expat* tells where the parser stands."""

    def __init__(self) -> None:
        super().__init__(element_factory=Placed)
        self.depth = 0
        self.expat: Any = None

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeepError
        element = super().start(tag, attrs)
        assert isinstance(element, Placed)  # noqa: S101  # what the factory makes
        element.line = self.expat.CurrentLineNumber
        element.column = self.expat.CurrentColumnNumber + 1
        return element

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def read(document: bytes, root: str, what: str) -> Placed:
    """The root element of *document*, which must be *root* in whatever namespace.

    *what* names the kind of document in messages, such as "autoconfig XML".

    Raises:
        FormatError: too large, compressed, a web page, not well-formed, with a DTD, too deep,
            another root.
    """
    if len(document) > MAX_DOCUMENT:
        raise FormatError(Problem.TOO_LARGE, f"the document is too large for {what}")
    if document.startswith(_GZIP):
        raise _bad(f"the document is compressed with gzip: it is not {what} as it stands")
    text = document.removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(text[:2000]):
        raise _bad(f"the document is a web page, not {what}")
    found = _parsed(text, what)
    if name(found) != root:
        raise _bad(f"the document begins with <{printable(name(found), 40)}>: it is not {what}")
    return found


def _parsed(text: bytes, what: str) -> Placed:
    builder = _BoundedBuilder()
    parser = XMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    builder.expat = parser.parser
    try:
        parser.feed(text)
        found = parser.close()
    except _TooDeepError:
        message = f"the document nests its elements too deep for {what}"
        raise _bad(message, builder.expat) from None
    except ParseError as error:
        said = printable(str(error), 80)
        message = f"the document is not well-formed XML, hence no {what}: {said}"
        raise _bad(message, builder.expat) from None
    except (ValueError, LookupError) as error:
        said = printable(type(error).__name__)
        message = f"the document uses XML that {what} must not contain ({said})"
        raise _bad(message, builder.expat) from None
    assert isinstance(found, Placed)  # noqa: S101  # what TreeBuilder.close() gives
    return found


def _bad(message: str, expat: Any = None) -> FormatError:
    if expat is None:
        return FormatError(Problem.BAD_DOCUMENT, message)
    at = expat.CurrentLineNumber, expat.CurrentColumnNumber + 1
    return FormatError(Problem.BAD_DOCUMENT, message, *at)


def line_of(element: Element) -> int:
    """The line on which *element* begins; 0 for one that was not read from a document."""
    return element.line if isinstance(element, Placed) else 0


def name(element: Element) -> str:
    """The name of *element* without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children of *element* with one of *names*, in document order."""
    return (child for child in element if name(child) in names)


def texts(element: Element, *names: str) -> list[str]:
    """What stands in the children with one of *names*, trimmed; empty ones are left out."""
    found = ("".join(child.itertext()).strip() for child in children(element, *names))
    return [text for text in found if text]


def text_of(element: Element, *names: str) -> str:
    """What stands in the first filled child with one of *names*, or ""."""
    return next(iter(texts(element, *names)), "")
