"""Servers whose trouble is with TLS itself, over every protocol, and both ways to begin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advisor.model.evidence import Problem
from tests.badservers import imap, managesieve, pop3, smtp
from tests.badservers.script import (
    Case,
    Close,
    Drip,
    Flood,
    Pause,
    Raw,
    Server,
    Silence,
    Step,
    Tls,
    alert,
    case,
)

_BROKEN = Problem.TLS_HANDSHAKE
_SERVERS = (imap.GOOD, imap.IMPLICIT, pop3.GOOD, smtp.GOOD, smtp.IMPLICIT, managesieve.GOOD)

_CERTIFICATES: Mapping[str, Problem] = {
    "expired": Problem.CERT_EXPIRED,
    "not-yet-valid": Problem.CERT_NOT_YET_VALID,
    "untrusted": Problem.CERT_UNTRUSTED,
    "self-signed": Problem.CERT_SELF_SIGNED,
    "wrong-name": Problem.CERT_WRONG_NAME,
    "long-chain": Problem.CERT_UNTRUSTED,
    "mebibyte": _BROKEN,
    "no-shared-cipher": _BROKEN,
    "wants-certificate": _BROKEN,
    "wants-certificate-1.2": _BROKEN,
}

# Instead of a handshake: what comes for the ClientHello.
_HANDSHAKES: Mapping[str, tuple[Step, ...]] = {
    "alert handshake failure": (Pause(), alert(40), Close()),
    "alert protocol version": (Pause(), alert(70), Close()),
    "alert internal error": (Pause(), alert(80), Close()),
    "alert unrecognized name": (Pause(), alert(112), Close()),
    "alert unknown": (Pause(), alert(255), Close()),
    "warnings without end": (Pause(), Flood(alert(112, fatal=False).data)),
    "closure alert": (Pause(), alert(0, fatal=False), Close()),
    "close": (Pause(), Close()),
    "reset": (Pause(), Close(reset=True)),
    "half a record": (Pause(), Raw(b"\x16\x03\x03\x02\x00\x02"), Close()),
    "huge record": (Pause(), Raw(b"\x16\x03\x03\xff\xff" + bytes(70000)), Close()),
    "huge message": (Pause(), Raw(b"\x16\x03\x03\x40\x00\x02\xff\xff\xff" + bytes(16380)), Close()),
    "empty records without end": (Pause(), Flood(b"\x16\x03\x03\x00\x00")),
    "nulls without end": (Pause(), Flood(bytes(999))),
    "garbage": (Pause(), Raw(b"\x16\x03\x03\x00\x08\x02garbage"), Close()),
}
_SLOW: Mapping[str, tuple[Step, ...]] = {
    "silence": (Pause(), Silence()),
    "drip": (Pause(), Drip(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")),
}


def _with(server: Server, script: tuple[Step, ...], moment: str = "") -> Server:
    """*server* with *script* where it would make TLS."""
    if moment or "connect" in server.answers:
        return server.but({moment or "connect": script})
    word = "STLS" if "STLS" in server.answers else "STARTTLS"
    agreed = server.answers[word]
    assert isinstance(agreed, tuple)
    return server.but({word: (agreed[0], *script)})


def _cases(server: Server) -> Iterator[Case]:
    upgrade = "connect" not in server.answers
    for kind, problem in _CERTIFICATES.items():
        yield case(f"certificate {kind}", _with(server, (Tls(kind),)), problem)
    for name, script in _HANDSHAKES.items():
        yield case(f"handshake {name}", _with(server, script), _kind(name, upgrade=upgrade))
    for name, script in _SLOW.items():
        also = ("starttls-broken",) if upgrade else ()
        yield case(f"handshake {name}", _with(server, script), Problem.TIMEOUT, also=also)
    first = "greeting" if not upgrade else "secured"
    broken: Mapping[str, Step] = {
        "alert inside": alert(80),
        "record of nonsense inside": Raw(b"\x17\x03\x03\x00\x20" + bytes(32)),
        "clear text inside": Raw(b"* OK 220 +OK in clear\r\n"),
    }
    for name, script_inside in broken.items():
        yield case(name, server.but({first: (script_inside, Close())}), _BROKEN)
    yield case("tls 1.2", _with(server, (Tls("tls-1.2"),)))


def _kind(name: str, *, upgrade: bool) -> Problem:
    """No record at all is clear text, which on a port for TLS is a kind of its own."""
    return Problem.NOT_TLS if name.startswith("nulls") and not upgrade else _BROKEN


CASES = [
    *(made for server in _SERVERS for made in _cases(server)),
    Case("tls-1.0", _with(imap.IMPLICIT, (Tls("tls-1.0"),)), _BROKEN, frozenset({"old-tls"})),
    Case("tls-1.0", _with(smtp.GOOD, (Tls("tls-1.0"),)), _BROKEN, frozenset({"old-tls"})),
    case("clear text for tls", imap.IMPLICIT.but({"connect": ()}), Problem.NOT_TLS),
    case("clear text for tls", smtp.IMPLICIT.but({"connect": ()}), Problem.NOT_TLS),
    case("clear text for tls", pop3.IMPLICIT.but({"connect": ()}), Problem.NOT_TLS),
    case("tls for clear text", smtp.GOOD.but({"connect": Tls()}), Problem.EXPECTS_TLS),
    case("tls for clear text", imap.GOOD.but({"connect": Tls()}), Problem.EXPECTS_TLS),
    case("tls for clear text", managesieve.GOOD.but({"connect": Tls()}), Problem.EXPECTS_TLS),
    case("silent", smtp.GOOD.but({"greeting": Silence()}), Problem.TIMEOUT),
    case("silent", imap.GOOD.but({"greeting": Silence()}), Problem.TIMEOUT),
    case("silent", pop3.GOOD.but({"greeting": Silence()}), Problem.TIMEOUT),
]
