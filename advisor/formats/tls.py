"""The first words of a TLS server, read by hand: which version does it choose, and what else?

The local library decides which versions it speaks itself; hellos by hand (``tls_hello``) can ask
for any of them. No key is ever agreed on here: the server's first words are all that is read.

See: RFC 8446 §4.1.3, §5.1; RFC 5246 §7.4.1.3; RFC 6101 §5.6.1.3 (SSL 3.0);
draft-hickman-netscape-ssl-00 (SSL 2.0).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from advisor.model.text import decoded
from advisor.model.tls_names import ALERTS

VERSIONS: Mapping[str, int] = {
    "SSLv3": 0x0300,
    "TLSv1": 0x0301,
    "TLSv1.1": 0x0302,
    "TLSv1.2": 0x0303,
    "TLSv1.3": 0x0304,
}
SSL2 = "SSLv2"
_NAMES = {number: name for name, number in VERSIONS.items()}

_HANDSHAKE, _ALERT = 22, 21
_ALPN, _EXTENDED_MASTER, _SUPPORTED_VERSIONS, _KEY_SHARE = 16, 23, 43, 51
_RENEGOTIATION = 0xFF01  # RFC 5746 §3.2
_SERVER_HELLO, _SSL2_SERVER_HELLO = 2, 4
_MOST = 1 << 14


@dataclass(frozen=True, slots=True)
class Hello:
    """What the server chose: *version* as in ``VERSIONS``, *cipher* as its number.

    *group* is that of the key agreement in TLS 1.3, also where it is only asked for (a
    HelloRetryRequest, RFC 8446 §4.1.4). *alpn*, *compressed*, *renegotiation* (the indication of
    RFC 5746) and *extended_master* (RFC 7627) are told before TLS 1.3 only.
    """

    version: str
    cipher: int
    group: int | None = None
    alpn: str | None = None
    compressed: bool = False
    renegotiation: bool = False
    extended_master: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """The server declined: the *name* of its alert."""

    name: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """These bytes are no answer to a ClientHello."""


def server_answer(data: bytes) -> Hello | Alert | Stranger | None:
    """What the first bytes of a server say; None while they are too few to tell."""
    message = b""
    while data:
        if data[0] not in (_HANDSHAKE, _ALERT) or data[1:2] not in (b"", b"\x03"):
            return Stranger()
        if len(data) < 5:
            return None
        kind, _, size = struct.unpack("!BHH", data[:5])
        if size > _MOST:
            return Stranger()
        body, data = data[5 : 5 + size], data[5 + size :]
        if kind == _ALERT:
            return _alert(body) if len(body) == size else None
        message += body
        if len(message) >= 4:
            if message[0] != _SERVER_HELLO:
                return Stranger()
            whole = 4 + int.from_bytes(message[1:4])
            if whole > _MOST:
                return Stranger()
            if len(message) >= whole:
                return _hello(message[4:whole])
        if len(body) < size:
            return None
    return None


def ssl2_answer(data: bytes) -> Hello | Alert | Stranger | None:
    """What the first bytes say of a server that was asked for SSL 2.0, which is not TLS.

    The cipher is not told: servers list theirs, and the client would choose.
    """
    if len(data) < 3:
        return None
    if data[0] & 0x80 and data[2] == _SSL2_SERVER_HELLO:
        return Hello(SSL2, 0)
    return server_answer(data)


def _alert(body: bytes) -> Alert | Stranger:
    if len(body) < 2:
        return Stranger()
    return Alert(ALERTS.get(body[1], f"alert {body[1]}"))


def _hello(body: bytes) -> Hello | Stranger:
    """ServerHello: version, random, session id, cipher suite, compression, extensions."""
    try:
        version = struct.unpack_from("!H", body)[0]
        place = 34 + 1 + body[34]
        cipher, compression = struct.unpack_from("!HB", body, place)
        extensions = _read_extensions(body[place + 3 :])
    except (struct.error, IndexError):
        return Stranger()
    chosen = extensions.get(_SUPPORTED_VERSIONS, b"")
    name = _NAMES.get(int.from_bytes(chosen) if len(chosen) == 2 else version)
    if name is None:
        return Stranger()
    share = extensions.get(_KEY_SHARE, b"")
    group = int.from_bytes(share[:2]) if len(share) >= 2 else None
    return Hello(
        name,
        cipher,
        group,
        _spoken(extensions.get(_ALPN, b"")),
        compressed=compression != 0,
        renegotiation=_RENEGOTIATION in extensions,
        extended_master=_EXTENDED_MASTER in extensions,
    )


def _read_extensions(data: bytes) -> dict[int, bytes]:
    found = {}
    place = 2
    while place + 4 <= len(data):
        kind, size = struct.unpack_from("!HH", data, place)
        found[kind] = data[place + 4 : place + 4 + size]
        place += 4 + size
    return found


def _spoken(alpn: bytes) -> str | None:
    """The one protocol in the server's extension (RFC 7301 §3.1), as text of at most 255."""
    name = alpn[3 : 3 + alpn[2]] if len(alpn) > 3 else b""
    return decoded(name, 255) or None
