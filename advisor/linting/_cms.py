"""What a signed profile holds: the content of a CMS SignedData, without looking at the signature.

See: RFC 5652 §3, §5.1, §5.2.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_DEPTH = 16
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_OCTETS, _CONSTRUCTED = 0x04, 0x20


class _MalformedError(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class _Element:
    tag: int
    body: bytes
    end: int


def is_signed(document: bytes) -> bool:
    """Does *document* begin like DER or BER of a SignedData?"""
    return document[:1] == b"\x30" and _SIGNED_DATA in document[:40]


def content(document: bytes) -> bytes | None:
    """The signed bytes, or None where they are not inside or cannot be found."""
    try:
        _, wrapped = _parts(_element(document, 0).body, 2)
        signed = _element(wrapped.body, 0)
        *_, inner = _parts(signed.body, 3)
        kind, holder = _parts(inner.body, 2)
        if _DATA[2:] != kind.body:
            return None
        return _octets(_element(holder.body, 0), 0)
    except (_MalformedError, IndexError):
        return None


def _parts(body: bytes, count: int) -> list[_Element]:
    """The first *count* elements of *body*."""
    found, at = [], 0
    for _ in range(count):
        one = _element(body, at)
        found.append(one)
        at = one.end
    return found


def _octets(element: _Element, depth: int) -> bytes:
    if element.tag & ~_CONSTRUCTED != _OCTETS or depth > MAX_DEPTH:
        raise _MalformedError
    if not element.tag & _CONSTRUCTED:
        return element.body
    pieces, at = [], 0
    while at < len(element.body):
        piece = _element(element.body, at)
        pieces.append(_octets(piece, depth + 1))
        at = piece.end
    return b"".join(pieces)


def _element(data: bytes, at: int, depth: int = 0) -> _Element:
    """The element that begins at *at*; its body without the marks of its end."""
    if depth > MAX_DEPTH or at + 2 > len(data):
        raise _MalformedError
    tag, size, start = data[at], data[at + 1], at + 2
    if size == 0x80:
        return _open_ended(data, tag, start, depth)
    if size > 0x80:
        width = size & 0x7F
        size = int.from_bytes(data[start : start + width], "big")
        start += width
    if start + size > len(data):
        raise _MalformedError
    return _Element(tag, data[start : start + size], start + size)


def _open_ended(data: bytes, tag: int, start: int, depth: int) -> _Element:
    at = start
    while data[at : at + 2] != b"\x00\x00":
        at = _element(data, at, depth + 1).end
    return _Element(tag, data[start:at], at + 2)
