"""SMTP submission: greeting, EHLO on either side of TLS, goodbye (RFC 5321, 6409, 3207, 4954)."""

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
from advisor.dialogues._strangers import is_ftp, not_this, software
from advisor.model.endpoint import Protocol, Security
from advisor.model.observation import Reached
from advisor.model.text import decoded

# Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
# Reply-code = %x32-35 %x30-35 %x30-39    (RFC 5321 §4.2)
_REPLY = re.compile(rb"([2-5][0-5][0-9])(?:([ -])(.*))?", re.DOTALL)
_AUTH = re.compile(r"AUTH[ =](.*)")
_NOT_IMPLEMENTED = (b"500", b"502")
# A command line in octets; what is longer follows the server's 334 (RFC 5321 §4.5.3.1.4).
_COMMAND = 512
_GOODBYE = b"QUIT\r\n"


@dataclass(frozen=True, slots=True)
class _Reply:
    """A whole reply: only *code* decides anything, *texts* are its lines without it."""

    code: bytes
    texts: tuple[bytes, ...]

    @property
    def line(self) -> bytes:
        """The reply on one line, for people."""
        return b" ".join((self.code, *self.texts))


def inspect(seen: Seen, security: Security, name: str) -> Talk:
    """Look at a submission server; see ``Dialogue``."""
    yield from _arrive(seen, security, name)
    seen.reached = Reached.DONE
    yield from farewell(_GOODBYE)


def _arrive(seen: Seen, security: Security, name: str) -> Part[None]:
    """Everything up to the extensions inside TLS."""
    yield from _greeting(seen)
    extensions = yield from _ehlo(name)
    seen.reached = Reached.CAPABILITIES
    if security is Security.TLS:
        _note_after(seen, extensions)
    else:
        _note_before(seen, extensions)
    if security is Security.STARTTLS:
        yield from _upgrade(seen)
        _note_after(seen, (yield from _ehlo(name, upgraded=True)))


def sign_in(exchange: Exchange, security: Security, name: str) -> SignIn:
    """Sign in once by AUTH (RFC 4954 §4) and leave."""
    yield from _arrive(Seen(), security, name)
    ending = yield from _authenticate(exchange)
    yield from farewell(_GOODBYE)
    return ending


def _authenticate(exchange: Exchange) -> SignIn:
    command, pending = b"AUTH " + exchange.mechanism.encode(), exchange.initial
    data = b"" if pending is None else encoded(pending) or b"="
    if data and len(command) + len(data) + 3 <= _COMMAND:
        yield SendSecret(command + b" " + data + b"\r\n", command + HIDDEN)
        pending = None
    else:
        yield Send(command + b"\r\n")
    for _ in range(ROUNDS):
        reply = yield from _answer()
        if reply.code != b"334":
            if reply.code == b"235":
                exchange.finish()
            return Ending(reply.code == b"235", reply.line)
        asked = challenge(reply.texts[0])
        answer = exchange.respond(asked) if pending is None else pending
        pending = None
        yield SendSecret(encoded(answer) + b"\r\n", HIDDEN.strip())
    raise endless()


DIALOGUE = Dialogue(
    protocol=Protocol.SMTP,
    ports={465: Security.TLS, 587: Security.STARTTLS, 25: Security.STARTTLS},
    inspect=inspect,
    injection=Injection(b"STARTTLS\r\n", b"NOOP\r\n", _GOODBYE, re.compile(rb"250"), alike=True),
    sign_in=sign_in,
)


def _greeting(seen: Seen) -> Part[None]:
    budget = Budget()
    line = yield from read(budget)
    seen.greeting = decoded(line)
    reply = yield from _reply(line, budget)
    seen.greeting = decoded(reply.line)
    if is_ftp(reply.line) or (reply.code != b"220" and reply.code < b"400"):
        raise not_this("SMTP", line)
    seen.reached = Reached.GREETING
    seen.software = software(seen.greeting)
    if reply.code != b"220":
        yield from farewell(_GOODBYE)  # after 554 the server waits for it (RFC 5321 §3.1)
        raise refuses(reply.line)


def _ehlo(name: str, *, upgraded: bool = False) -> Part[tuple[str, ...]]:
    """The extensions; none where the server only knows HELO (RFC 5321 §4.1.1.1, §4.1.4).

    Behind an upgrade, 220 is a second answer to STARTTLS, or a second greeting.
    """
    reply = yield from _command(b"EHLO " + name.encode())
    if reply.code in _NOT_IMPLEMENTED:
        reply = yield from _command(b"HELO " + name.encode())
        if reply.code == b"250":
            return ()
    if upgraded and reply.code == b"220":
        raise out_of_step(reply.line)
    if reply.code != b"250":
        yield from farewell(_GOODBYE)
        raise refuses(reply.line)
    return kept(_normal(text) for text in reply.texts[1:])


def _command(command: bytes) -> Part[_Reply]:
    yield Send(command + b"\r\n")
    return (yield from _answer())


def _answer() -> Part[_Reply]:
    budget = Budget()
    first = yield from read(budget)
    return (yield from _reply(first, budget))


def _reply(line: bytes, budget: Budget) -> Part[_Reply]:
    """The reply that begins with *line*, all of it with the same code (RFC 5321 §4.2.1)."""
    code = line[:3]
    texts: list[bytes] = []
    while True:
        match = _REPLY.fullmatch(line)
        if match is None or match[1] != code:
            raise not_this("SMTP", line)
        texts.append(match[3] or b"")
        if match[2] != b"-":
            return _Reply(code, tuple(texts))
        line = yield from read(budget)


def _normal(text: bytes) -> bytes:
    """An EHLO line with its keyword, and the mechanisms of AUTH, in upper case.

    Old servers also write ``AUTH=LOGIN``, for clients older than the standard.
    """
    keyword, *parameters = text.split()[:100] or [b""]
    keyword = keyword.upper()
    if keyword.partition(b"=")[0] == b"AUTH":
        parameters = [mechanism.upper() for mechanism in parameters]
    return b" ".join((keyword, *parameters))


def _upgrade(seen: Seen) -> Part[None]:
    """Make TLS, or leave politely and say why not (RFC 3207 §4)."""
    if not seen.starttls_offered:
        yield from farewell(_GOODBYE)
        raise no_starttls("STARTTLS")
    reply = yield from _command(b"STARTTLS")
    if reply.code != b"220":
        yield from farewell(_GOODBYE)
        raise starttls_refused("STARTTLS", reply.line)
    seen.reached = Reached.STARTTLS
    yield StartTls()
    seen.reached = Reached.TLS


def _note_before(seen: Seen, extensions: tuple[str, ...]) -> None:
    seen.capabilities_before = extensions
    seen.mechanisms_before = _mechanisms(extensions)
    seen.starttls_offered = any(line.split(" ")[0] == "STARTTLS" for line in extensions)
    seen.cleartext_login_possible = any(
        name in seen.mechanisms_before for name in ("PLAIN", "LOGIN")
    )
    seen.software = seen.software or software(*extensions)


def _note_after(seen: Seen, extensions: tuple[str, ...]) -> None:
    seen.capabilities_after = extensions
    seen.mechanisms_after = _mechanisms(extensions)
    seen.software = seen.software or software(*extensions)


def _mechanisms(extensions: tuple[str, ...]) -> tuple[str, ...]:
    lists = (match[1].split() for line in extensions if (match := _AUTH.fullmatch(line)))
    return tuple(dict.fromkeys(name for names in lists for name in names))
