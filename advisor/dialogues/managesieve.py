"""ManageSieve: the capabilities a server greets with, STARTTLS, goodbye (RFC 5804)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from advisor.dialogues._base import (
    Dialogue,
    Ending,
    Injection,
    Seen,
    Send,
    SendSecret,
    SignIn,
    StartTls,
    Talk,
)
from advisor.dialogues._lines import (
    HIDDEN,
    ROUNDS,
    Budget,
    Part,
    endless,
    farewell,
    kept,
    no_starttls,
    out_of_step,
    read,
    refuses,
    starttls_refused,
)
from advisor.dialogues._sasl import Exchange, challenge, encoded
from advisor.dialogues._strangers import not_this, software
from advisor.errors import RemoteProtocolError
from advisor.model.endpoint import Protocol, Security
from advisor.model.evidence import Problem
from advisor.model.observation import Reached
from advisor.model.text import decoded

# response-ok / response-nobye    (RFC 5804 §4)
_END = re.compile(rb"(OK|NO|BYE)(?: .*)?", re.IGNORECASE | re.DOTALL)
# quoted = <"> *1024QUOTED-CHAR <">    (RFC 5804 §4)
_QUOTED = re.compile(rb'"((?:[^"\\]|\\["\\])*)"')
_ESCAPED = re.compile(rb'\\(["\\])')
_LITERAL = re.compile(rb"\{(\d{1,9})\+?\}\Z")
# OK (SASL "…"): what the mechanism says last (RFC 5804 §1.3).
_PROOF = re.compile(rb'OK \(SASL "([A-Za-z0-9+/=]*)"\)', re.IGNORECASE)
_LITERAL_LIMIT = 8 * 1024
_GOODBYE = b"LOGOUT\r\n"

Listed = Mapping[bytes, bytes]


def inspect(seen: Seen, security: Security, _name: str) -> Talk:
    """Look at a ManageSieve server; see ``Dialogue``."""
    yield from _arrive(seen, security)
    seen.reached = Reached.DONE
    yield from farewell(_GOODBYE)


def _arrive(seen: Seen, security: Security) -> Part[None]:
    """Everything up to the capabilities inside TLS."""
    listed, end = yield from _reply()
    seen.greeting = decoded(end)
    seen.reached = Reached.GREETING
    seen.software = software(decoded(listed.get(b"IMPLEMENTATION", b"")))
    if _status(end) != b"OK":
        raise refuses(end)
    if not listed:
        raise not_this("ManageSieve", end)
    seen.reached = Reached.CAPABILITIES
    if security is Security.TLS:
        _note_after(seen, listed)
    else:
        _note_before(seen, listed)
    if security is Security.STARTTLS:
        yield from _upgrade(seen)


def sign_in(exchange: Exchange, security: Security, _name: str) -> SignIn:
    """Sign in once by AUTHENTICATE (RFC 5804 §2.1) and leave."""
    yield from _arrive(Seen(), security)
    ending = yield from _authenticate(exchange)
    yield from farewell(_GOODBYE)
    return ending


def _authenticate(exchange: Exchange) -> SignIn:
    command = b'AUTHENTICATE "%b"' % exchange.mechanism.encode()
    if exchange.initial is None:
        yield Send(command + b"\r\n")
    else:
        data = _literal(encoded(exchange.initial))
        yield SendSecret(command + b" " + data + b"\r\n", command + HIDDEN)
    for _ in range(ROUNDS):
        line = yield from _whole(Budget())
        if _END.fullmatch(line):
            if _status(line) == b"OK":
                proof = _PROOF.match(line)
                exchange.finish(challenge(proof[1]) if proof else b"")
            return Ending(_status(line) == b"OK", line)
        asked = _QUOTED.fullmatch(line)
        if asked is None:
            raise not_this("ManageSieve", line)
        answer = exchange.respond(challenge(asked[1]))
        yield SendSecret(_literal(encoded(answer)) + b"\r\n", HIDDEN.strip())
    raise endless()


def _literal(data: bytes) -> bytes:
    return b"{%d+}\r\n%b" % (len(data), data)


# RFC 5804 §1.8: there is no port for TLS from the first byte.
DIALOGUE = Dialogue(
    protocol=Protocol.MANAGESIEVE,
    ports={4190: Security.STARTTLS},
    inspect=inspect,
    injection=Injection(
        b"STARTTLS\r\n", b'NOOP "in"\r\n', _GOODBYE, re.compile(rb'OK \(TAG "in"\)')
    ),
    sign_in=sign_in,
)


def _reply() -> Part[tuple[Listed, bytes]]:
    """The capabilities of one reply, by name in upper case, and the line that ends it."""
    budget = Budget()
    listed: dict[bytes, bytes] = {}
    while True:
        line = yield from _whole(budget)
        if _END.fullmatch(line):
            return listed, line
        words = [_ESCAPED.sub(rb"\1", word) for word in _QUOTED.findall(line)]
        if not words or not line.startswith(b'"'):
            raise not_this("ManageSieve", line)
        listed.setdefault(words[0].upper(), b" ".join(words[1:]))


def _whole(budget: Budget) -> Part[bytes]:
    """One line, with its literals quoted in place (RFC 5804 §1.2)."""
    line = yield from read(budget)
    while literal := _LITERAL.search(line):
        size = int(literal[1])
        if size > _LITERAL_LIMIT:
            raise RemoteProtocolError(
                Problem.LIMIT, f"the server announces a literal of {size} bytes before any login"
            )
        text = yield from read(budget)
        while len(text) < size:
            text += b"\r\n" + (yield from read(budget))
        quoted = re.sub(rb'(["\\])', rb"\\\1", text[:size])
        line = line[: literal.start()] + b'"' + quoted + b'"' + text[size:]
    return line


def _status(end: bytes) -> bytes:
    return end.partition(b" ")[0].upper()


def _upgrade(seen: Seen) -> Part[None]:
    """Make TLS and hear the capabilities that the server then repeats (RFC 5804 §2.2)."""
    if not seen.starttls_offered:
        yield from farewell(_GOODBYE)
        raise no_starttls("STARTTLS")
    yield Send(b"STARTTLS\r\n")
    _, end = yield from _reply()
    if _status(end) != b"OK":
        yield from farewell(_GOODBYE)
        raise starttls_refused("STARTTLS", end)
    seen.reached = Reached.STARTTLS
    yield StartTls()
    seen.reached = Reached.TLS
    listed, end = yield from _reply()
    if _status(end) != b"OK":
        raise refuses(end)
    if not listed:
        raise out_of_step(end)
    _note_after(seen, listed)


def _note_before(seen: Seen, listed: Listed) -> None:
    seen.capabilities_before = _names(listed)
    seen.mechanisms_before = _mechanisms(listed)
    seen.starttls_offered = b"STARTTLS" in listed
    seen.cleartext_login_possible = any(
        name in seen.mechanisms_before for name in ("PLAIN", "LOGIN")
    )


def _note_after(seen: Seen, listed: Listed) -> None:
    seen.capabilities_after = _names(listed)
    seen.mechanisms_after = _mechanisms(listed)


def _names(listed: Listed) -> tuple[str, ...]:
    return kept(name + (b" " + value if value else b"") for name, value in listed.items())


def _mechanisms(listed: Listed) -> tuple[str, ...]:
    return kept(listed.get(b"SASL", b"").upper().split())
