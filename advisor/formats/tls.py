"""The first flight of TLS, written and read by hand: which versions does a server accept?

The local library decides which versions it speaks itself; these bytes can ask for any of them. No
key is ever agreed on here: the server's first words are all that is read.

See: RFC 8446 §4.1, §5.1; RFC 5246 §7.4.1; RFC 6101 §5.6.1 (SSL 3.0).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from advisor.formats.tls_names import ALERTS, GROUPS, POST_QUANTUM, SUITES, SUITES_13
from advisor.model.text import decoded

VERSIONS: Mapping[str, int] = {
    "SSLv3": 0x0300,
    "TLSv1": 0x0301,
    "TLSv1.1": 0x0302,
    "TLSv1.2": 0x0303,
    "TLSv1.3": 0x0304,
}
_NAMES = {number: name for name, number in VERSIONS.items()}

_RENEGOTIATION = 0x00FF  # RFC 5746 §3.3
_SIGNATURES = (
    *(0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806),
    *(0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0202),
)
_HANDSHAKE, _ALERT = 22, 21
_ALPN, _SUPPORTED_VERSIONS, _KEY_SHARE = 16, 43, 51
_SERVER_HELLO = 2
_MOST = 1 << 14


@dataclass(frozen=True, slots=True)
class Hello:
    """What the server chose: *version* as in ``VERSIONS``, *cipher* as its number.

    *group* is that of the key agreement in TLS 1.3, also where it is only asked for (a
    HelloRetryRequest, RFC 8446 §4.1.4); *alpn* is told before TLS 1.3 only.
    """

    version: str
    cipher: int
    group: int | None = None
    alpn: str | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """The server declined: the *name* of its alert."""

    name: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """These bytes are no answer to a ClientHello."""


def client_hello(version: str, host: str, random: bytes, *, alpn: str = "") -> bytes:
    """A ClientHello that offers *version* at most, and TLS 1.3 alone where that is asked for.

    *host* is sent as server name from TLS 1.0 on, unless it is empty; *random* are 64 bytes;
    *alpn* is the protocol to name, if any. In TLS 1.2 a stapled OCSP answer is asked for.
    """
    number = VERSIONS[version]
    is_13 = number == VERSIONS["TLSv1.3"]
    suites = (*SUITES_13,) if is_13 else (*SUITES, _RENEGOTIATION)
    extensions = _extensions(number, host, alpn, GROUPS)
    if is_13:
        share = struct.pack("!H", next(iter(GROUPS))) + _long(random[:32])
        extensions += _extension(51, _long(share))
    return _client_hello(number, suites, extensions, random)


def post_quantum_hello(host: str, random: bytes) -> bytes:
    """A ClientHello for TLS 1.3 that leaves no choice but a post-quantum key agreement.

    It holds no key, so that a server that can do one asks for it (RFC 8446 §4.2.8).
    """
    number = VERSIONS["TLSv1.3"]
    extensions = _extensions(number, host, "", POST_QUANTUM) + _extension(51, _long(b""))
    return _client_hello(number, (*SUITES_13,), extensions, random)


def _client_hello(number: int, suites: Iterable[int], extensions: bytes, random: bytes) -> bytes:
    body = struct.pack("!H", min(number, VERSIONS["TLSv1.2"])) + random[:32]
    # RFC 8446 §D.4: a session id makes TLS 1.3 look like resumption to devices on the way.
    body += _short(random[32:64] if number == VERSIONS["TLSv1.3"] else b"")
    body += _long(_numbers(suites)) + b"\x01\x00"
    if number > VERSIONS["SSLv3"]:
        body += _long(extensions)
    message = b"\x01" + struct.pack("!I", len(body))[1:] + body
    record = min(number, VERSIONS["TLSv1"])
    return struct.pack("!BHH", _HANDSHAKE, record, len(message)) + message


def _extensions(number: int, host: str, alpn: str, groups: Iterable[int]) -> bytes:
    found = b""
    if host and not _is_address(host):
        name = b"\x00" + _long(host.encode("ascii", "ignore"))
        found += _extension(0, _long(name))
    found += _extension(10, _long(_numbers(groups))) + _extension(11, b"\x01\x00")
    if number >= VERSIONS["TLSv1.2"]:
        found += _extension(13, _long(_numbers(_SIGNATURES)))
    if number == VERSIONS["TLSv1.2"]:
        found += _extension(5, b"\x01\x00\x00\x00\x00")
    if number == VERSIONS["TLSv1.3"]:
        found += _extension(43, _short(struct.pack("!H", number))) + _extension(45, b"\x01\x01")
    if alpn:
        found += _extension(_ALPN, _long(_short(alpn.encode("ascii"))))
    return found


def _is_address(host: str) -> bool:
    """RFC 6066 §3: literal addresses are not sent as server names."""
    return ":" in host or host.rpartition(".")[2].isdigit()


def _extension(kind: int, data: bytes) -> bytes:
    return struct.pack("!H", kind) + _long(data)


def _numbers(values: Iterable[int]) -> bytes:
    return b"".join(struct.pack("!H", value) for value in values)


def _short(data: bytes) -> bytes:
    return bytes([len(data)]) + data


def _long(data: bytes) -> bytes:
    return struct.pack("!H", len(data)) + data


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


def _alert(body: bytes) -> Alert | Stranger:
    if len(body) < 2:
        return Stranger()
    return Alert(ALERTS.get(body[1], f"alert {body[1]}"))


def _hello(body: bytes) -> Hello | Stranger:
    """ServerHello: version, random, session id, cipher suite, compression, extensions."""
    try:
        version = struct.unpack_from("!H", body)[0]
        place = 34 + 1 + body[34]
        cipher = struct.unpack_from("!H", body, place)[0]
        extensions = _read_extensions(body[place + 3 :])
    except (struct.error, IndexError):
        return Stranger()
    chosen = extensions.get(_SUPPORTED_VERSIONS, b"")
    name = _NAMES.get(int.from_bytes(chosen) if len(chosen) == 2 else version)
    if name is None:
        return Stranger()
    share = extensions.get(_KEY_SHARE, b"")
    group = int.from_bytes(share[:2]) if len(share) >= 2 else None
    return Hello(name, cipher, group, _spoken(extensions.get(_ALPN, b"")))


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
