"""What a bad server is made of: what it does at each step, and what must come of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from advisor.model.endpoint import Protocol, Security
from advisor.model.evidence import Problem

CONNECT, GREETING, SECURED = "connect", "greeting", "secured"
INSIDE = "tls "


@dataclass(frozen=True)
class Tls:
    """Make TLS with the certificate *kind*; with *keeps*, obey inside it what came before."""

    kind: str = "good"
    keeps: bool = False


@dataclass(frozen=True)
class Raw:
    """Write *data* on the wire, beneath TLS."""

    data: bytes


@dataclass(frozen=True)
class Drip:
    """Write *data* one byte at a time, over and over."""

    data: bytes


@dataclass(frozen=True)
class Flood:
    """Write *data* again and again, until nobody takes it any more."""

    data: bytes


@dataclass(frozen=True)
class Pause:
    """Do nothing until the other side sends something, and leave that unread."""


@dataclass(frozen=True)
class Silence:
    """Read and say nothing any more."""


@dataclass(frozen=True)
class Close:
    """Close the connection: with a reset, or behind a closure alert of TLS."""

    reset: bool = False
    notify: bool = False


Step = bytes | Tls | Raw | Drip | Flood | Pause | Silence | Close
Script = Step | tuple[Step, ...]


def alert(number: int, *, fatal: bool = True) -> Raw:
    """An alert of TLS in clear text (RFC 8446 §6)."""
    return Raw(bytes([0x15, 3, 3, 0, 2, 2 if fatal else 1, number]))


@dataclass(frozen=True)
class Server:
    """How a server of *protocol* behaves.

    *answers* maps a moment to what it does: ``connect``, ``greeting``, ``secured`` (TLS is up) or
    the word of a command, with ``tls`` and a blank before it inside TLS. ``%b`` is IMAP's tag.
    """

    protocol: Protocol
    security: Security
    answers: Mapping[str, Script]

    def but(self, changes: Mapping[str, Script]) -> Server:
        """The same server, except that it does *changes*."""
        return replace(self, answers={**self.answers, **changes})


# What the rules make of a trouble, where a host was asked for.
FINDINGS: Mapping[Problem | None, tuple[str, ...]] = {
    None: (),
    Problem.TIMEOUT: ("server-timeout",),
    Problem.CLOSED: ("hangs-up",),
    Problem.LIMIT: ("endless-answer",),
    Problem.NOT_THIS_PROTOCOL: ("not-a-mail-server",),
    Problem.SERVER_REFUSES: ("server-refuses",),
    Problem.NO_STARTTLS: ("starttls-stripped",),
    Problem.STARTTLS_REFUSED: ("starttls-broken",),
    Problem.OUT_OF_STEP: ("out-of-step",),
    Problem.INJECTION: ("starttls-injection",),
    Problem.PREAUTH: ("preauth-in-the-clear",),
    Problem.EXPECTS_TLS: ("expects-tls",),
    Problem.NOT_TLS: ("asked-wrong",),
    Problem.TLS_HANDSHAKE: ("asked-wrong",),
    Problem.CERT_EXPIRED: ("cert-expired",),
    Problem.CERT_NOT_YET_VALID: ("cert-not-yet-valid",),
    Problem.CERT_SELF_SIGNED: ("cert-untrusted",),
    Problem.CERT_UNTRUSTED: ("cert-untrusted",),
    Problem.CERT_WRONG_NAME: ("cert-wrong-name",),
}
_UNMADE = (Problem.TLS_HANDSHAKE, Problem.NOT_TLS)


@dataclass(frozen=True)
class Case:
    """A *server*, and what a look at it must end in: a *problem* or none, and *findings*."""

    name: str
    server: Server
    problem: Problem | None
    findings: frozenset[str]

    def __str__(self) -> str:
        """For the list of tests."""
        return f"{self.server.protocol}-{self.server.security}-{self.name}"


def case(
    name: str,
    server: Server,
    problem: Problem | None = None,
    *,
    also: Iterable[str] = (),
) -> Case:
    """A case with the findings that belong to *problem*, and *also* these."""
    findings = {*FINDINGS[problem], *also}
    if problem in _UNMADE and server.security is Security.STARTTLS:
        findings.add("starttls-broken")
    return Case(name.replace(" ", "-"), server, problem, frozenset(findings))
