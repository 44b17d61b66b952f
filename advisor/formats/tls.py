"""The first flight of TLS, written and read by hand: which versions does a server accept?

The local library decides which versions it speaks itself; these bytes can ask for any of them. No
key is ever agreed on here: the server's first words are all that is read.

See: RFC 8446 §4.1, §5.1; RFC 5246 §7.4.1; RFC 6101 §5.6.1 (SSL 3.0).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

VERSIONS: Mapping[str, int] = {
    "SSLv3": 0x0300,
    "TLSv1": 0x0301,
    "TLSv1.1": 0x0302,
    "TLSv1.2": 0x0303,
    "TLSv1.3": 0x0304,
}
_NAMES = {number: name for name, number in VERSIONS.items()}

# RFC 8446 §B.4, then ECDHE and DHE before static RSA, new before old; at the end what only the
# oldest servers speak.
_SUITES_13 = (0x1301, 0x1302, 0x1303)
_SUITES = (
    *(0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0x009E, 0x009F, 0xCCAA),
    *(0xC023, 0xC027, 0xC024, 0xC028, 0xC009, 0xC013, 0xC00A, 0xC014, 0x0067, 0x006B),
    *(0x0033, 0x0039, 0x0032, 0x0038, 0x009C, 0x009D, 0x003C, 0x003D, 0x002F, 0x0035),
    *(0x0041, 0x0084, 0x0096, 0xC008, 0xC012, 0x0016, 0x000A, 0x0005, 0x0004, 0x0009),
)
_RENEGOTIATION = 0x00FF  # RFC 5746 §3.3
_GROUPS = (0x001D, 0x0017, 0x0018, 0x0019, 0x001E, 0x0100, 0x0101)
_SIGNATURES = (
    *(0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806),
    *(0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0202),
)
_HANDSHAKE, _ALERT = 22, 21
_SERVER_HELLO = 2
_MOST = 1 << 14

# RFC 8446 §6, RFC 5246 §7.2: those that a first flight can meet.
ALERTS = {
    0: "close notify",
    10: "unexpected message",
    20: "bad record",
    40: "handshake failure",
    42: "bad certificate",
    47: "illegal parameter",
    50: "decode error",
    70: "protocol version",
    71: "insufficient security",
    80: "internal error",
    86: "inappropriate fallback",
    109: "missing extension",
    112: "unrecognized name",
    116: "certificate required",
    120: "no application protocol",
}


@dataclass(frozen=True, slots=True)
class Hello:
    """What the server chose: *version* as in ``VERSIONS``, *cipher* as its number."""

    version: str
    cipher: int


@dataclass(frozen=True, slots=True)
class Alert:
    """The server declined: the *name* of its alert."""

    name: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """These bytes are no answer to a ClientHello."""


def client_hello(version: str, host: str, random: bytes) -> bytes:
    """A ClientHello that offers *version* at most, and TLS 1.3 alone where that is asked for.

    *host* is sent as server name from TLS 1.0 on, unless it is empty; *random* are 64 bytes.
    """
    number = VERSIONS[version]
    is_13 = number == VERSIONS["TLSv1.3"]
    suites = _SUITES_13 if is_13 else (*_SUITES, _RENEGOTIATION)
    body = struct.pack("!H", min(number, VERSIONS["TLSv1.2"])) + random[:32]
    # RFC 8446 §D.4: a session id makes TLS 1.3 look like resumption to devices on the way.
    body += _short(random[32:64] if is_13 else b"")
    body += _long(b"".join(struct.pack("!H", suite) for suite in suites))
    body += b"\x01\x00"
    if number > VERSIONS["SSLv3"]:
        body += _long(_extensions(number, host, random))
    message = b"\x01" + struct.pack("!I", len(body))[1:] + body
    record = min(number, VERSIONS["TLSv1"])
    return struct.pack("!BHH", _HANDSHAKE, record, len(message)) + message


def _extensions(number: int, host: str, random: bytes) -> bytes:
    found = b""
    if host and not _is_address(host):
        name = b"\x00" + _long(host.encode("ascii", "ignore"))
        found += _extension(0, _long(name))
    found += _extension(10, _long(_numbers(_GROUPS))) + _extension(11, b"\x01\x00")
    if number >= VERSIONS["TLSv1.2"]:
        found += _extension(13, _long(_numbers(_SIGNATURES)))
    if number == VERSIONS["TLSv1.3"]:
        found += _extension(43, _short(struct.pack("!H", number)))
        share = struct.pack("!H", _GROUPS[0]) + _long(random[:32])
        found += _extension(51, _long(share)) + _extension(45, b"\x01\x01")
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
        version = _chosen(body[place + 3 :]) or version
    except (struct.error, IndexError):
        return Stranger()
    name = _NAMES.get(version)
    return Hello(name, cipher) if name else Stranger()


def _chosen(extensions: bytes) -> int | None:
    """The version that ``supported_versions`` names (RFC 8446 §4.2.1), or None."""
    place = 2
    while place + 4 <= len(extensions):
        kind, size = struct.unpack_from("!HH", extensions, place)
        if kind == 43 and size == 2 and place + 6 <= len(extensions):
            return int(struct.unpack_from("!H", extensions, place + 4)[0])
        place += 4 + size
    return None
