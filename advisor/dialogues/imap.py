"""IMAP: greeting, capabilities on either side of TLS, goodbye (RFC 9051, RFC 3501).

Knows nothing of mailboxes. ``inspect`` never logs in; ``sign_in`` does, once, and leaves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
from advisor.dialogues._early import early
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
    quoted,
    read,
    refuses,
    starttls_refused,
)
from advisor.dialogues._sasl import LOGIN_COMMAND, Exchange, challenge, encoded
from advisor.dialogues._strangers import not_this, software
from advisor.errors import RemoteProtocolError
from advisor.model.endpoint import Protocol, Security
from advisor.model.evidence import Problem
from advisor.model.observation import Reached
from advisor.model.text import decoded

# greeting = "*" SP (resp-cond-auth / resp-cond-bye) CRLF    (RFC 9051 §9)
_GREETING = re.compile(rb"\* (OK|PREAUTH|BYE)(?: .*)?", re.IGNORECASE | re.DOTALL)
_CODE = re.compile(rb"\[CAPABILITY ([^\]]*)\]", re.IGNORECASE)
_LITERAL = re.compile(rb"\{(\d{1,9})\+?\}\Z")
_STATUS = (b"OK", b"NO", b"BAD", b"BYE", b"PREAUTH")
_LITERAL_LIMIT = 8 * 1024
_GOODBYE = b"bye LOGOUT\r\n"
_UPGRADE = b"a2"


@dataclass(frozen=True, slots=True)
class _Response:
    """How a command ended: *status* is OK, NO, BAD, PREAUTH or "+"."""

    status: bytes
    line: bytes
    capabilities: tuple[str, ...]


def inspect(seen: Seen, security: Security, _name: str) -> Talk:
    """Look at an IMAP server; see ``Dialogue``."""
    yield from _arrive(seen, security)
    seen.reached = Reached.DONE
    yield from farewell(_GOODBYE)


def _arrive(seen: Seen, security: Security) -> Part[None]:
    """Everything up to the capabilities inside TLS."""
    told = yield from _greeting(seen, security)
    is_clear = security is not Security.TLS
    names = told or (yield from _capabilities(b"a1", seen if is_clear else None))
    seen.reached = Reached.CAPABILITIES
    if security is Security.TLS:
        _note_after(seen, names)
    else:
        _note_before(seen, names)
    if security is Security.STARTTLS:
        yield from _upgrade(seen)
        _note_after(seen, (yield from _capabilities(b"a3")))


def sign_in(exchange: Exchange, security: Security, _name: str) -> SignIn:
    """Sign in once, by AUTHENTICATE (RFC 9051 §6.2.2) or LOGIN (§6.2.3), and leave."""
    seen = Seen()
    yield from _arrive(seen, security)
    if exchange.mechanism == LOGIN_COMMAND:
        ending = yield from _log_in(exchange)
    else:
        has_initial = "SASL-IR" in seen.capabilities_after  # RFC 4959, and part of IMAP4rev2
        has_initial |= "IMAP4REV2" in seen.capabilities_after
        ending = yield from _authenticate(exchange, has_initial=has_initial)
    yield from farewell(_GOODBYE)
    return ending


def _authenticate(exchange: Exchange, *, has_initial: bool) -> SignIn:
    command, pending = b"a4 AUTHENTICATE " + exchange.mechanism.encode(), exchange.initial
    if pending is not None and has_initial:
        data = encoded(pending) or b"="
        yield SendSecret(command + b" " + data + b"\r\n", command + HIDDEN)
        pending = None
    else:
        yield Send(command + b"\r\n")
    for _ in range(ROUNDS):
        response = yield from _answer(b"a4")
        if response.status != b"+":
            return _ended(response, exchange)
        asked = challenge(response.line[1:])
        answer = exchange.respond(asked) if pending is None else pending
        pending = None
        yield SendSecret(encoded(answer) + b"\r\n", HIDDEN.strip())
    raise endless()


def _log_in(exchange: Exchange) -> SignIn:
    """LOGIN with both its words as literals, so that nothing has to be quoted."""
    user, password = exchange.who.user, bytes(exchange.who.secret.octets)
    yield Send(b"a4 LOGIN {%d}\r\n" % len(user))
    response = yield from _answer(b"a4")
    if response.status == b"+":
        size = b" {%d}\r\n" % len(password)
        yield SendSecret(user + size, user + b" {" + HIDDEN.strip() + b"}")
        response = yield from _answer(b"a4")
    if response.status == b"+":
        yield SendSecret(password + b"\r\n", HIDDEN.strip())
        response = yield from _answer(b"a4")
    return _ended(response, exchange)


def _ended(response: _Response, exchange: Exchange) -> Ending:
    if response.status == b"OK":
        exchange.finish()
    return Ending(response.status == b"OK", response.line)


DIALOGUE = Dialogue(
    protocol=Protocol.IMAP,
    ports={993: Security.TLS, 143: Security.STARTTLS},
    inspect=inspect,
    injection=Injection(b"a2 STARTTLS\r\n", b"in NOOP\r\n", _GOODBYE, re.compile(rb"in ")),
    sign_in=sign_in,
)


def _greeting(seen: Seen, security: Security) -> Part[tuple[str, ...]]:
    """Read the greeting; the capabilities in it, if any."""
    line = yield from read(Budget())
    seen.greeting = decoded(line)
    match = _GREETING.fullmatch(line)
    if match is None:
        raise not_this("IMAP", line)
    seen.reached = Reached.GREETING
    seen.software = software(seen.greeting)
    if security is not Security.TLS:
        _note_early(seen, line)
    state = match[1].upper()
    if state == b"BYE":
        raise refuses(line)
    if state == b"PREAUTH" and security is Security.STARTTLS:
        # No STARTTLS from this state: close without another word (RFC 9051 §7.1.4).
        raise RemoteProtocolError(
            Problem.PREAUTH,
            "the server greets with PREAUTH on a clear-text connection, "
            "which makes STARTTLS impossible",
            quoted(line),
        )
    return _coded(line)


def _capabilities(tag: bytes, clear: Seen | None = None) -> Part[tuple[str, ...]]:
    """What the server lists when it is asked; every server must answer that (RFC 9051 §6.1.1)."""
    response = yield from _ask(tag, b"CAPABILITY", clear)
    if response.status == b"OK":
        return response.capabilities
    yield from farewell(_GOODBYE)
    if response.status == b"NO":
        raise refuses(response.line)
    raise not_this("IMAP", response.line)


def _ask(tag: bytes, command: bytes, clear: Seen | None = None) -> Part[_Response]:
    """Send *command* and read to its end, keeping the capabilities and nothing else.

    Other untagged data is ignored, as RFC 9051 §11.3 advises; in *clear* text its kind is noted.
    """
    yield Send(b"%b %b\r\n" % (tag, command))
    return (yield from _answer(tag, clear))


def _answer(tag: bytes, clear: Seen | None = None) -> Part[_Response]:
    """Read to the end of the answer to the command *tag*, or to what asks for more."""
    budget = Budget()
    names: tuple[str, ...] = ()
    while True:
        line = yield from _whole(budget)
        if clear is not None:
            _note_early(clear, line)
        head, _, rest = line.partition(b" ")
        word, _, arguments = rest.partition(b" ")
        if head == tag:
            return _Response(word.upper(), line, names or _coded(line))
        if head == b"+":
            return _Response(head, line, ())
        if head == _UPGRADE:
            raise out_of_step(line)
        if head != b"*":
            raise not_this("IMAP", line)
        match word.upper():
            case b"CAPABILITY":
                names = _split(arguments)
            case b"BYE":
                raise refuses(line)
            case b"PREAUTH":
                return _Response(b"PREAUTH", line, ())


def _whole(budget: Budget) -> Part[bytes]:
    """One response with its literals put in place (RFC 9051 §4.3)."""
    line = yield from read(budget)
    head, _, rest = line.partition(b" ")
    if head != b"*" or rest.partition(b" ")[0].upper() in _STATUS:
        return line
    while literal := _LITERAL.search(line):
        line += yield from _after_literal(int(literal[1]), budget)
    return line


def _after_literal(size: int, budget: Budget) -> Part[bytes]:
    """What follows a literal of *size* bytes on its last line; the literal itself is dropped."""
    if size > _LITERAL_LIMIT:
        raise RemoteProtocolError(
            Problem.LIMIT, f"the server announces a literal of {size} bytes before any login"
        )
    while True:
        line = yield from read(budget)
        if len(line) >= size:
            return line[size:]
        size = max(0, size - len(line) - 2)


def _upgrade(seen: Seen) -> Part[None]:
    """Make TLS, or leave politely and say why not (RFC 9051 §6.2.1)."""
    if not seen.starttls_offered:
        yield from farewell(_GOODBYE)
        raise no_starttls("STARTTLS")
    response = yield from _ask(_UPGRADE, b"STARTTLS", seen)
    if response.status != b"OK":
        yield from farewell(_GOODBYE)
        raise starttls_refused("STARTTLS", response.line)
    seen.reached = Reached.STARTTLS
    yield StartTls()
    seen.reached = Reached.TLS


def _note_early(seen: Seen, line: bytes) -> None:
    kind = early(line)
    if kind is not None and kind not in seen.early:
        seen.early += (kind,)


def _note_before(seen: Seen, names: tuple[str, ...]) -> None:
    seen.capabilities_before = names
    seen.mechanisms_before = _mechanisms(names)
    seen.starttls_offered = "STARTTLS" in names
    if names:
        seen.login_disabled = "LOGINDISABLED" in names
        seen.cleartext_login_possible = not seen.login_disabled or any(
            name in seen.mechanisms_before for name in ("PLAIN", "LOGIN")
        )
    seen.software = seen.software or software(*names)


def _note_after(seen: Seen, names: tuple[str, ...]) -> None:
    seen.capabilities_after = names
    seen.mechanisms_after = _mechanisms(names)
    seen.software = seen.software or software(*names)


def _coded(line: bytes) -> tuple[str, ...]:
    code = _CODE.search(line)
    return _split(code[1]) if code else ()


def _split(names: bytes) -> tuple[str, ...]:
    return kept(names.upper().split())


def _mechanisms(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.removeprefix("AUTH=") for name in names if name.startswith("AUTH="))
