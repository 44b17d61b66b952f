"""POP3: greeting, CAPA on either side of STLS, goodbye (RFC 1939, RFC 2449, RFC 2595 §4)."""

from __future__ import annotations

import re

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
from advisor.dialogues._sasl import USER_COMMAND, Exchange, challenge, encoded
from advisor.dialogues._strangers import not_this, software
from advisor.model.endpoint import Protocol, Security
from advisor.model.observation import Reached
from advisor.model.text import decoded

_POSITIVE = re.compile(rb"\+OK(?:\s.*)?", re.IGNORECASE | re.DOTALL)
_NEGATIVE = re.compile(rb"-ERR(?:\s.*)?", re.IGNORECASE | re.DOTALL)
# The timestamp that announces APOP is shaped like a Message-ID (RFC 1939 §7).
_TIMESTAMP = re.compile(rb"<[^<>@\s]+@[^<>@\s]+>")
# How to sign in at a server from before CAPA that offers no APOP (RFC 1939 §7).
_UNLISTED = ("USER",)
# A command with its parameters, in octets; what is longer follows the server's "+" (RFC 5034 §4).
_COMMAND = 255
_GOODBYE = b"QUIT\r\n"


def inspect(seen: Seen, security: Security, _name: str) -> Talk:
    """Look at a POP3 server; see ``Dialogue``."""
    yield from _arrive(seen, security)
    seen.reached = Reached.DONE
    yield from farewell(_GOODBYE)


def _arrive(seen: Seen, security: Security) -> Part[None]:
    """Everything up to the capabilities inside TLS."""
    challenges = yield from _greeting(seen)
    listed = yield from _capa()
    seen.reached = Reached.CAPABILITIES
    if security is Security.TLS:
        _note_after(seen, listed, challenges)
    else:
        _note_before(seen, listed, challenges)
    if security is Security.STARTTLS:
        yield from _upgrade(seen)
        _note_after(seen, (yield from _capa(upgraded=True)), ())


def sign_in(exchange: Exchange, security: Security, _name: str) -> SignIn:
    """Sign in once, by AUTH (RFC 5034) or by USER and PASS (RFC 1939 §7), and leave."""
    yield from _arrive(Seen(), security)
    if exchange.mechanism == USER_COMMAND:
        ending = yield from _by_command(exchange)
    else:
        ending = yield from _authenticate(exchange)
    yield from farewell(_GOODBYE)
    return ending


def _by_command(exchange: Exchange) -> SignIn:
    yield Send(b"USER " + exchange.who.user + b"\r\n")
    line = yield from _status()
    if _POSITIVE.fullmatch(line):
        yield SendSecret(b"PASS " + bytes(exchange.who.secret.octets) + b"\r\n", b"PASS" + HIDDEN)
        line = yield from _status()
        return Ending(bool(_POSITIVE.fullmatch(line)), line)
    return Ending(accepted=False, line=line)


def _authenticate(exchange: Exchange) -> SignIn:
    command, pending = b"AUTH " + exchange.mechanism.encode(), exchange.initial
    data = b"" if pending is None else encoded(pending) or b"="
    if data and len(command) + len(data) + 3 <= _COMMAND:
        yield SendSecret(command + b" " + data + b"\r\n", command + HIDDEN)
        pending = None
    else:
        yield Send(command + b"\r\n")
    for _ in range(ROUNDS):
        line = yield from read(Budget())
        if not line.startswith(b"+ ") and line != b"+":
            if _POSITIVE.fullmatch(line):
                exchange.finish()
                return Ending(accepted=True, line=line)
            if _NEGATIVE.fullmatch(line):
                return Ending(accepted=False, line=line)
            raise not_this("POP3", line)
        asked = challenge(line[1:])
        answer = exchange.respond(asked) if pending is None else pending
        pending = None
        yield SendSecret(encoded(answer) + b"\r\n", HIDDEN.strip())
    raise endless()


def _status() -> Part[bytes]:
    line = yield from read(Budget())
    if not (_POSITIVE.fullmatch(line) or _NEGATIVE.fullmatch(line)):
        raise not_this("POP3", line)
    return line


DIALOGUE = Dialogue(
    protocol=Protocol.POP3,
    ports={995: Security.TLS, 110: Security.STARTTLS},
    inspect=inspect,
    # The answer to CAPA is a list that ends in a dot, the one to QUIT a single line.
    injection=Injection(b"STLS\r\n", b"CAPA\r\n", _GOODBYE, re.compile(rb"\.\Z")),
    sign_in=sign_in,
)


def _greeting(seen: Seen) -> Part[tuple[str, ...]]:
    """Read the greeting; ("APOP",) where it offers that."""
    line = yield from read(Budget())
    seen.greeting = decoded(line)
    if not (_POSITIVE.fullmatch(line) or _NEGATIVE.fullmatch(line)):
        raise not_this("POP3", line)
    seen.reached = Reached.GREETING
    seen.software = software(seen.greeting)
    if _NEGATIVE.fullmatch(line):
        raise refuses(line)
    return ("APOP",) if _TIMESTAMP.search(line) else ()


def _capa(*, upgraded: bool = False) -> Part[tuple[str, ...] | None]:
    """The capabilities, or None where the server has no CAPA (RFC 2449 §5).

    Behind an upgrade, a second “+OK” means that the first one answered something else.
    """
    yield Send(b"CAPA\r\n")
    budget = Budget()
    first = yield from read(budget)
    if _NEGATIVE.fullmatch(first):
        return None
    if not _POSITIVE.fullmatch(first):
        raise not_this("POP3", first)
    lines = []
    while (line := (yield from read(budget))) != b".":
        if upgraded and _POSITIVE.fullmatch(line):
            raise out_of_step(line)
        lines.append(_normal(line.removeprefix(b".")))
    return kept(lines)


def _normal(line: bytes) -> bytes:
    """A capability with its name, and the mechanisms of SASL, in upper case."""
    name, *parameters = line.split()[:100] or [b""]
    name = name.upper()
    if name == b"SASL":
        parameters = [mechanism.upper() for mechanism in parameters]
    return b" ".join((name, *parameters))


def _upgrade(seen: Seen) -> Part[None]:
    """Make TLS, or leave politely and say why not.

    A server without CAPA is asked all the same, for it may still have STLS.
    """
    if seen.starttls_offered is False:
        yield from farewell(_GOODBYE)
        raise no_starttls("STLS")
    yield Send(b"STLS\r\n")
    line = yield from read(Budget())
    if not _POSITIVE.fullmatch(line):
        yield from farewell(_GOODBYE)
        if seen.starttls_offered is None:
            seen.starttls_offered = False
            raise no_starttls("STLS")
        raise starttls_refused("STLS", line)
    seen.starttls_offered = True
    seen.reached = Reached.STARTTLS
    yield StartTls()
    seen.reached = Reached.TLS


def _note_before(seen: Seen, listed: tuple[str, ...] | None, challenges: tuple[str, ...]) -> None:
    seen.mechanisms_before = _mechanisms(listed or ()) + challenges
    if listed is None:
        return
    seen.capabilities_before = listed
    seen.starttls_offered = "STLS" in listed
    seen.cleartext_login_possible = any(
        name in seen.mechanisms_before for name in ("USER", "PLAIN", "LOGIN")
    )
    seen.software = seen.software or software(*listed)


def _note_after(seen: Seen, listed: tuple[str, ...] | None, challenges: tuple[str, ...]) -> None:
    seen.capabilities_after = listed or ()
    if listed is None and not challenges:
        challenges = _UNLISTED
    seen.mechanisms_after = _mechanisms(seen.capabilities_after) + challenges
    seen.software = seen.software or software(*seen.capabilities_after)


def _mechanisms(listed: tuple[str, ...]) -> tuple[str, ...]:
    """USER stands for USER and PASS; SASL names its own (RFC 2449 §6.2, §6.3)."""
    found: list[str] = []
    for line in listed:
        name, *parameters = line.split(" ")
        if name == "USER":
            found.append(name)
        elif name == "SASL":
            found += parameters
    return tuple(dict.fromkeys(found))
