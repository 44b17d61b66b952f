"""ClientHellos by hand: each asks a server one question that the local library would not ask.

See: RFC 8446 §4.1.2, §4.2; RFC 5246 §7.4.1.2; RFC 6101 §5.6.1.2 (SSL 3.0), RFC 5246 §E.2 (SSL 2.0).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from advisor.formats.tls import VERSIONS
from advisor.model.reach import ProgramHello
from advisor.model.tls_names import (
    BROKEN,
    DIFFIE_HELLMAN,
    GROUPS,
    POST_QUANTUM,
    SIGNATURES,
    SUITES,
    SUITES_13,
)

_RENEGOTIATION = 0x00FF  # RFC 5746 §3.3
_SIGNATURES = (
    *(0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806),
    *(0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0202),
)
_HANDSHAKE = 22
_ALPN = 16
# RFC 3749 §2: DEFLATE before none, to see who takes it.
_DEFLATE = b"\x02\x01\x00"
_NO_COMPRESSION = b"\x01\x00"
# RFC 5246 §E.2 and the draft of SSL 2.0: RC4, RC2, IDEA, DES and 3DES, the export ones too.
_SSL2_SUITES = bytes.fromhex("010080 020080 030080 040080 050080 060040 0700c0")

_SUITE_NUMBERS = {name: number for number, name in {**SUITES_13, **SUITES}.items()}
_GROUP_NUMBERS = {name: number for number, name in {**POST_QUANTUM, **GROUPS}.items()}
_SIGNATURE_NUMBERS = {name: number for number, name in SIGNATURES.items()}


def client_hello(version: str, host: str, random: bytes, *, alpn: str = "") -> bytes:
    """A ClientHello that offers *version* at most, and TLS 1.3 alone where that is asked for.

    *host* is sent as server name from TLS 1.0 on, unless it is empty; *random* are 64 bytes;
    *alpn* is the protocol to name, if any. In TLS 1.2 a stapled OCSP answer is asked for, and
    before TLS 1.3 compression and the extended master secret are offered.
    """
    number = VERSIONS[version]
    is_13 = number == VERSIONS["TLSv1.3"]
    suites = (*SUITES_13,) if is_13 else (*SUITES, _RENEGOTIATION)
    extensions = _extensions(number, host, alpn, GROUPS)
    if is_13:
        extensions += _extension(51, _long(_share(random)))
    else:
        extensions += _extension(23, b"")
    old = VERSIONS["SSLv3"] < number < VERSIONS["TLSv1.3"]
    return _client_hello(number, suites, extensions, random, _DEFLATE if old else _NO_COMPRESSION)


def post_quantum_hello(host: str, random: bytes) -> bytes:
    """A ClientHello for TLS 1.3 that leaves no choice but a post-quantum key agreement.

    It holds no key, so that a server that can do one asks for it (RFC 8446 §4.2.8).
    """
    number = VERSIONS["TLSv1.3"]
    extensions = _extensions(number, host, "", POST_QUANTUM) + _extension(51, _long(b""))
    return _client_hello(number, (*SUITES_13,), extensions, random)


def broken_hello(host: str, random: bytes, kinds: Iterable[str]) -> bytes:
    """A ClientHello for TLS 1.2 or older that offers nothing but broken suites of these *kinds*."""
    number = VERSIONS["TLSv1.2"]
    suites = [one for kind in kinds for one in BROKEN[kind]]
    extensions = _extensions(number, host, "", GROUPS)
    return _client_hello(number, (*suites, _RENEGOTIATION), extensions, random)


def diffie_hellman_hello(host: str, random: bytes) -> bytes:
    """A ClientHello for TLS 1.2 or older that leaves no choice but Diffie-Hellman over primes.

    It names no group of RFC 7919, so that a server shows the one that it was given.
    """
    number = VERSIONS["TLSv1.2"]
    extensions = _extensions(number, host, "", ())
    return _client_hello(number, (*DIFFIE_HELLMAN, _RENEGOTIATION), extensions, random)


def ssl2_hello(random: bytes) -> bytes:
    """The CLIENT-HELLO of SSL 2.0 (RFC 5246 §E.2), which offers that version alone."""
    challenge = random[:16]
    body = struct.pack("!BHHHH", 1, 0x0002, len(_SSL2_SUITES), 0, len(challenge))
    body += _SSL2_SUITES + challenge
    return struct.pack("!H", 0x8000 | len(body)) + body


def program_hello(program: ProgramHello, host: str, random: bytes) -> bytes:
    """What *program* would send to *host*: its versions, suites, groups and signatures, in order.

    In TLS 1.3 a key comes for X25519 where it is offered, else none, and the server asks for one.
    Names that this module does not know are left out.
    """
    number = VERSIONS[program.highest]
    suites = [*_known(program.suites, _SUITE_NUMBERS), _RENEGOTIATION]
    groups = _known(program.groups, _GROUP_NUMBERS)
    extensions = _server_name(host) if program.sni else b""
    if groups:
        extensions += _extension(10, _long(_numbers(groups))) + _extension(11, b"\x01\x00")
    if number >= VERSIONS["TLSv1.2"]:
        schemes = _known(program.signatures, _SIGNATURE_NUMBERS)
        extensions += _extension(13, _long(_numbers(schemes)))
    if number == VERSIONS["TLSv1.3"]:
        span = range(number, VERSIONS[program.lowest] - 1, -1)
        extensions += _extension(43, _short(_numbers(span))) + _extension(45, b"\x01\x01")
        shares = _share(random) if _GROUP_NUMBERS["x25519"] in groups else b""
        extensions += _extension(51, _long(shares))
    return _client_hello(number, suites, extensions, random)


def _known(names: Sequence[str], numbers: dict[str, int]) -> list[int]:
    return [numbers[name] for name in names if name in numbers]


def _client_hello(
    number: int,
    suites: Iterable[int],
    extensions: bytes,
    random: bytes,
    compression: bytes = _NO_COMPRESSION,
) -> bytes:
    body = struct.pack("!H", min(number, VERSIONS["TLSv1.2"])) + random[:32]
    # RFC 8446 §D.4: a session id makes TLS 1.3 look like resumption to devices on the way.
    body += _short(random[32:64] if number == VERSIONS["TLSv1.3"] else b"")
    body += _long(_numbers(suites)) + compression
    if number > VERSIONS["SSLv3"] and extensions:
        body += _long(extensions)
    message = b"\x01" + struct.pack("!I", len(body))[1:] + body
    record = min(number, VERSIONS["TLSv1"])
    return struct.pack("!BHH", _HANDSHAKE, record, len(message)) + message


def _extensions(number: int, host: str, alpn: str, groups: Iterable[int]) -> bytes:
    found = _server_name(host)
    offered = _numbers(groups)
    if offered:
        found += _extension(10, _long(offered)) + _extension(11, b"\x01\x00")
    if number >= VERSIONS["TLSv1.2"]:
        found += _extension(13, _long(_numbers(_SIGNATURES)))
    if number == VERSIONS["TLSv1.2"]:
        found += _extension(5, b"\x01\x00\x00\x00\x00")
    if number == VERSIONS["TLSv1.3"]:
        found += _extension(43, _short(struct.pack("!H", number))) + _extension(45, b"\x01\x01")
    if alpn:
        found += _extension(_ALPN, _long(_short(alpn.encode("ascii"))))
    return found


def _server_name(host: str) -> bytes:
    """The extension with *host* (RFC 6066 §3); literal addresses are not sent as server names."""
    if not host or ":" in host or host.rpartition(".")[2].isdigit():
        return b""
    return _extension(0, _long(b"\x00" + _long(host.encode("ascii", "ignore"))))


def _share(random: bytes) -> bytes:
    """A key for X25519; any 32 bytes are one."""
    return struct.pack("!H", _GROUP_NUMBERS["x25519"]) + _long(random[:32])


def _extension(kind: int, data: bytes) -> bytes:
    return struct.pack("!H", kind) + _long(data)


def _numbers(values: Iterable[int]) -> bytes:
    return b"".join(struct.pack("!H", value) for value in values)


def _short(data: bytes) -> bytes:
    return bytes([len(data)]) + data


def _long(data: bytes) -> bytes:
    return struct.pack("!H", len(data)) + data
