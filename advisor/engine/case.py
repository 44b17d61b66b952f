"""Everything that is known about one question, before it is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from advisor.model.address import Subject
from advisor.model.client import Client
from advisor.model.evidence import Answer, Problem, Provider
from advisor.model.report import Setting

# Sources that nobody publishes: what we found by trying.
UNPUBLISHED = frozenset({"guess", "siblings"})


@dataclass(frozen=True, slots=True)
class MailDomain:
    """What the DNS says of the mail domain.

    *mail* is "mx", "implicit" (addresses and no MX, RFC 5321 §5.1), "null-mx" (RFC 7505), "none",
    "no-domain" or "unknown"; *problem* is why it is unknown.
    """

    mail: str = "unknown"
    mx: tuple[str, ...] = ()
    problem: Problem | None = None
    wildcard: bool | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Settings without verdicts, in the order of their sources, and all they rest on.

    *registrable* gives the registrable domain of a host; *now* is an aware time.
    """

    subject: Subject
    settings: tuple[Setting, ...]
    answers: tuple[Answer, ...]
    now: datetime
    registrable: Callable[[str], str]
    domain: MailDomain = MailDomain()
    provider: Provider | None = None
    offline: bool = False
    probing: bool = True
    egress: Mapping[str, str] = field(default_factory=dict)
    client: Client | None = None
