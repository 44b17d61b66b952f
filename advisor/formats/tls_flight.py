"""What a server of TLS 1.2 or older says behind its ServerHello, all of it in clear text.

See: RFC 5246 §7.4 (the messages), RFC 8422 §5.4 (curves), RFC 6066 §8 (stapled OCSP answers).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from advisor.model.tls_names import group_name, suite_name

_HANDSHAKE = 22
_CERTIFICATE, _KEY_EXCHANGE, _DONE, _STATUS = 11, 12, 14, 22
_NAMED_CURVE = 3


@dataclass(frozen=True, slots=True)
class Flight:
    """The server's side of a handshake as far as it came.

    *complete*: it ends with a ServerHelloDone. *certificates* are DER, as sent; *key_exchange* is
    the group of an ephemeral key, ``dh`` with its bits, or ``rsa`` where there is none; *stapled*:
    an OCSP answer came along.
    """

    complete: bool
    certificates: tuple[bytes, ...] = ()
    key_exchange: str | None = None
    stapled: bool = False


def read_flight(data: bytes, cipher: int) -> Flight:
    """What *data*, the server's bytes from its first on, hold where it chose *cipher*."""
    found: dict[int, bytes] = {}
    for kind, body in _messages(data):
        found.setdefault(kind, body)
        if kind == _DONE:
            break
    complete = _DONE in found
    exchange = _agreed(found[_KEY_EXCHANGE], cipher) if _KEY_EXCHANGE in found else None
    return Flight(
        complete,
        tuple(_certificates(found.get(_CERTIFICATE, b""))),
        exchange or ("rsa" if complete and _KEY_EXCHANGE not in found else None),
        stapled=len(found.get(_STATUS, b"")) > 4,
    )


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The whole handshake messages in records of *data*; whatever else comes ends them."""
    stream = b""
    while len(data) >= 5 and data[0] == _HANDSHAKE:
        size = int.from_bytes(data[3:5])
        stream += data[5 : 5 + size]
        data = data[5 + size :]
    while len(stream) >= 4:
        end = 4 + int.from_bytes(stream[1:4])
        if len(stream) < end:
            return
        yield stream[0], stream[4:end]
        stream = stream[end:]


def _certificates(body: bytes) -> Iterator[bytes]:
    rest = body[3:]
    while len(rest) > 3:
        end = 3 + int.from_bytes(rest[:3])
        if end > len(rest):
            return
        yield rest[3:end]
        rest = rest[end:]


def _agreed(body: bytes, cipher: int) -> str | None:
    """The group in a ServerKeyExchange, which begins with the key's parameters."""
    suite = suite_name(cipher)
    if suite.startswith("ECDHE-") and len(body) >= 3 and body[0] == _NAMED_CURVE:
        return group_name(int.from_bytes(body[1:3]))
    if suite.startswith("DHE-") and len(body) >= 2:
        prime = body[2 : 2 + int.from_bytes(body[:2])]
        return f"dh {int.from_bytes(prime).bit_length()}"
    return None
