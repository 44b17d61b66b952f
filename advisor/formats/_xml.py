"""Reading XML from strangers: no DTD, no entities, nothing external, bounded in size and depth."""

from __future__ import annotations

import re
from collections.abc import Iterator
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


class _TooDeepError(ValueError):
    pass


class _BoundedBuilder(TreeBuilder):
    depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeepError
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def read(document: bytes, root: str, what: str) -> Element:
    """The root element of *document*, which must be *root* in whatever namespace.

    *what* names the kind of document in messages, such as "autoconfig XML".

    Raises:
        FormatError: too large, a web page, not well-formed, with a DTD, too deep, another root.
    """
    if len(document) > MAX_DOCUMENT:
        raise FormatError(Problem.TOO_LARGE, f"the document is too large for {what}")
    text = document.removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(text[:2000]):
        raise _bad(f"the document is a web page, not {what}")
    found = _parsed(text, what)
    if name(found) != root:
        raise _bad(f"the document begins with <{printable(name(found), 40)}>: it is not {what}")
    return found


def _parsed(text: bytes, what: str) -> Element:
    parser = XMLParser(
        target=_BoundedBuilder(), forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    try:
        parser.feed(text)
        found = parser.close()
    except _TooDeepError:
        raise _bad(f"the document nests its elements too deep for {what}") from None
    except ParseError as error:
        said = printable(str(error), 80)
        raise _bad(f"the document is not well-formed XML, hence no {what}: {said}") from None
    except (ValueError, LookupError) as error:
        said = printable(type(error).__name__)
        raise _bad(f"the document uses XML that {what} must not contain ({said})") from None
    assert isinstance(found, Element)  # noqa: S101  # what TreeBuilder.close() gives
    return found


def _bad(message: str) -> FormatError:
    return FormatError(Problem.BAD_DOCUMENT, message)


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
