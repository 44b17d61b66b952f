"""SASL, the client's side (RFC 4422), sans-I/O: which bytes answer which challenge.

Channel binding is not used: the TLS around it was verified. Mechanisms keep the server from
nothing that verified TLS does not: LOGIN and PLAIN hand it the password, SCRAM and CRAM-MD5 do not.
"""

from __future__ import annotations

import hashlib
import hmac
import stringprep
import unicodedata
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Generator
from dataclasses import dataclass

from advisor.errors import RemoteProtocolError
from advisor.model.evidence import Problem
from advisor.model.secret import Secret

# What PBKDF2 may cost us; OWASP asks servers for 600,000 (SHA-256).
MOST_ITERATIONS = 1_000_000

# Ways to sign in that are commands of their protocol: POP3's USER, IMAP's LOGIN.
USER_COMMAND = "USER"
LOGIN_COMMAND = "LOGIN command"

# Answers in their order; None where there is nothing to say: before the server began, at the end.
Steps = Generator[bytes | None, bytes, None]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signs in where; *nonce* is fresh for each try (SCRAM)."""

    username: str
    secret: Secret
    nonce: str
    host: str
    port: int

    @property
    def user(self) -> bytes:
        """The user name on the wire."""
        return self.username.encode()


class Exchange:
    """One try by *mechanism*. *initial* is what we say first, None where the server begins."""

    def __init__(self, mechanism: str, who: Identity) -> None:
        self.mechanism = mechanism
        self.who = who
        self._steps = MECHANISMS[mechanism](who) if mechanism in MECHANISMS else _nothing()
        self.initial = next(self._steps, None)

    def respond(self, challenge: bytes) -> bytes:
        """The answer to *challenge*.

        Raises:
            RemoteProtocolError: it is none that the mechanism has, or one that proves a lie.
        """
        try:
            return self._steps.send(challenge) or b""
        except StopIteration:
            raise _broken("asks for more than the sign-in has") from None

    def finish(self, data: bytes = b"") -> None:
        """The server says that it worked, with *data*: believe it only where it went to the end.

        Raises:
            RemoteProtocolError: it left something out, such as the proof that it knows us (SCRAM).
        """
        try:
            left = self._steps.send(data)
        except StopIteration:
            return
        if left is not None:
            raise _broken("says yes before the sign-in is at its end")


def encoded(data: bytes) -> bytes:
    """*data* as it goes over the wire."""
    return b64encode(data)


def challenge(text: bytes) -> bytes:
    """The challenge behind base64 *text*.

    Raises:
        RemoteProtocolError: it is none.
    """
    try:
        return b64decode(text.strip(), validate=True)
    except Base64Error:
        raise _broken("sends a challenge that is no base64") from None


def _broken(how: str) -> RemoteProtocolError:
    return RemoteProtocolError(Problem.NOT_THIS_PROTOCOL, f"the server {how}")


def _nothing() -> Steps:
    yield None


def _plain(who: Identity) -> Steps:
    """RFC 4616."""
    yield b"\0" + who.user + b"\0" + bytes(who.secret.octets)


def _login(who: Identity) -> Steps:
    """draft-murchison-sasl-login: the prompts differ from server to server, the order does not."""
    yield None
    yield who.user
    yield bytes(who.secret.octets)


def _cram_md5(who: Identity) -> Steps:
    """RFC 2195."""
    asked = yield None
    digest = hmac.new(who.secret.octets, asked, hashlib.md5).hexdigest()
    yield who.user + b" " + digest.encode()


def _xoauth2(who: Identity) -> Steps:
    """Google's and Microsoft's; an error comes as a challenge, and is answered with nothing."""
    token = bytes(who.secret.octets)
    if (yield b"user=" + who.user + b"\x01auth=Bearer " + token + b"\x01\x01"):
        yield b""


def _oauthbearer(who: Identity) -> Steps:
    """RFC 7628 §3.1; an error is answered with %x01 (§3.2.3)."""
    at = f"host={who.host}\x01port={who.port}\x01".encode()
    token = bytes(who.secret.octets)
    head = b"n,a=" + _escaped(who.user) + b",\x01" + at
    if (yield head + b"auth=Bearer " + token + b"\x01\x01"):
        yield b"\x01"


def _scram(algorithm: str) -> Callable[[Identity], Steps]:
    """RFC 5802, RFC 7677."""

    def steps(who: Identity) -> Steps:
        mine = b"n=" + _escaped(_prepared(who.user)) + b",r=" + who.nonce.encode()
        first = yield b"n,," + mine
        nonce, salt, rounds = _read_first(first, who.nonce.encode())
        salted = hashlib.pbkdf2_hmac(algorithm, _prepared(who.secret.octets), salt, rounds)
        final = b"c=biws,r=" + nonce
        told = b",".join((mine, first, final))
        key = hmac.digest(salted, b"Client Key", algorithm)
        signature = hmac.digest(hashlib.new(algorithm, key).digest(), told, algorithm)
        proof = bytes(a ^ b for a, b in zip(key, signature, strict=True))
        last = yield final + b",p=" + b64encode(proof)
        if last.startswith(b"e="):
            yield b""
            raise _broken("says no and then yes")
        proven = hmac.digest(hmac.digest(salted, b"Server Key", algorithm), told, algorithm)
        if not hmac.compare_digest(_attribute(last, b"v"), b64encode(proven)):
            raise _broken("does not prove that it knows this password")
        yield None

    return steps


def _read_first(first: bytes, own: bytes) -> tuple[bytes, bytes, int]:
    """Nonce, salt and rounds of the server's first message (RFC 5802 §7)."""
    nonce, count = _attribute(first, b"r"), _attribute(first, b"i")
    if first[:2] != b"r=" or not nonce.startswith(own) or nonce == own:
        raise _broken("answers with a nonce that is not ours")
    if not (count.isdigit() and len(count) < 9 and 0 < int(count) <= MOST_ITERATIONS):
        raise _broken("asks for a number of rounds that is none, or too many")
    return nonce, challenge(_attribute(first, b"s")), int(count)


def _attribute(message: bytes, name: bytes) -> bytes:
    for part in message.split(b","):
        if part[:2] == name + b"=":
            return part[2:]
    return b""


def _escaped(user: bytes) -> bytes:
    """As a saslname (RFC 5802 §5.1)."""
    return user.replace(b"=", b"=3D").replace(b",", b"=2C")


def _prepared(octets: bytes | bytearray) -> bytes:
    """*octets* by SASLprep (RFC 4013 §2): mapped and normalised; what is ASCII stays as it is.

    What SASLprep forbids is sent as it is: only the server can say whether it takes that.
    """
    try:
        text = "" if octets.isascii() else octets.decode()
    except UnicodeDecodeError:
        text = ""
    if not text:
        return bytes(octets)
    mapped = (" " if stringprep.in_table_c12(sign) else sign
              for sign in text if not stringprep.in_table_b1(sign))  # fmt: skip
    return unicodedata.normalize("NFKC", "".join(mapped)).encode()


MECHANISMS: dict[str, Callable[[Identity], Steps]] = {
    "PLAIN": _plain,
    "LOGIN": _login,
    "CRAM-MD5": _cram_md5,
    "SCRAM-SHA-1": _scram("sha1"),
    "SCRAM-SHA-256": _scram("sha256"),
    "XOAUTH2": _xoauth2,
    "OAUTHBEARER": _oauthbearer,
}
TOKENS = frozenset({"XOAUTH2", "OAUTHBEARER"})
