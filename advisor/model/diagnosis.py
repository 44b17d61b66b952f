"""The documents of ``check`` and ``diagnose``; field names are their JSON."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from advisor.model.endpoint import Protocol, Security
from advisor.model.observation import Live, Observation
from advisor.model.report import ClientRow, Finding


@dataclass(frozen=True, slots=True)
class Means:
    """What a label really does: tls, starttls or none, or None where nobody can tell.

    *opportunistic* is STARTTLS that silently falls back to clear text. *confidence* is how sure
    the meaning of the label is: source, vendor, guide, unverified, or convention where no client
    was named.
    """

    security: str | None
    opportunistic: bool
    says: str
    confidence: str


class Change(msgspec.Struct, frozen=True, rename={"origin": "from"}):
    """One field to change; *origin* (in JSON: from) is what stands there, *to* what should."""

    field: str
    origin: str
    to: str
    because: str


@dataclass(frozen=True, slots=True)
class StandardWay:
    """One of the usual ways to reach the server, and whether a look confirmed it."""

    port: int
    security: Security
    live: Live


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Settings that somebody has: *verdict* is right, risky, wrong or cannot-tell.

    *live* and *observation* tell what a look at the server showed, if one was taken, and
    *standard* what it showed of the usual ways.
    """

    verdict: str
    protocol: Protocol
    host: str | None
    port: int
    label: str
    client: ClientRow | None
    means: Means
    changes: tuple[Change, ...]
    live: Live
    observation: Observation | None
    findings: tuple[Finding, ...]
    standard: tuple[StandardWay, ...] = ()
    schema: str = "advisor.check/1"


@dataclass(frozen=True, slots=True)
class Match:
    """One known message found in a text: *matched* is what of it was recognised."""

    id: str
    matched: str
    where: tuple[str, ...]
    means: str
    causes: tuple[str, ...]
    tells_apart: str | None
    fixes: tuple[str, ...]
    generic: bool
    confidence: str
    source: str
    origin: str


@dataclass(frozen=True, slots=True)
class Cause:
    """One class of causes: what it means and the step that mends it."""

    id: str
    means: str
    fix: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What to choose in a client's form: *label* in the box for *field*, security or sign_in.

    *port* is the one that goes with it, None for sign-in.
    """

    protocol: Protocol
    port: int | None
    field: str
    label: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at one port of the server showed; *problem* is a ``Problem`` or None."""

    protocol: Protocol
    host: str
    port: int
    security: Security
    live: Live
    problem: str | None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a pasted error comes to: *matches* the most specific first, *causes* likeliest first.

    *ruled_out* are causes that a live look at the server contradicts. *near* are known messages
    that resemble a text nobody knows. *choices* are what mends the first match in *client*.
    *seen* is what a look at the server showed, empty where none was taken.
    """

    matches: tuple[Match, ...]
    causes: tuple[str, ...]
    explained: tuple[Cause, ...]
    ruled_out: tuple[str, ...]
    near: tuple[str, ...]
    findings: tuple[Finding, ...]
    client: ClientRow | None = None
    choices: tuple[Choice, ...] = ()
    seen: tuple[Seen, ...] = ()
    schema: str = "advisor.diagnosis/1"
