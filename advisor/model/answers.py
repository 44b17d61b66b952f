"""The documents of the commands that answer without a network; field names are their JSON."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.model.endpoint import Protocol, Security
from advisor.model.report import Finding, Reference, Verdict


@dataclass(frozen=True, slots=True)
class PortSetting:
    """One way to reach a protocol, and what becomes of it by the rules.

    *own_rules* are those of *rules* that the operator laid over the bundled ones; *label* is what
    to choose on the screen of the client that was named.
    """

    protocol: Protocol
    port: int
    security: Security
    verdict: Verdict
    because: str
    rules: tuple[str, ...]
    own_rules: tuple[str, ...]
    label: str | None = None


@dataclass(frozen=True, slots=True)
class PortAnswer:
    """The answer to "which port?": *answer* is its first line, *settings* stand best first.

    *client* is the mail client it was understood for; *findings* are what to beware of there.
    """

    answer: str
    settings: tuple[PortSetting, ...]
    because: str
    references: tuple[Reference, ...]
    client: str | None = None
    findings: tuple[Finding, ...] = ()
    schema: str = "advisor.answer/1"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word means; *where* names the clients that mean it so, None for everybody."""

    means: str
    where: str | None
    because: str
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A word and its meanings."""

    term: str
    meanings: tuple[Meaning, ...]
    schema: str = "advisor.term/1"
