"""Everything that is known about one question, before it is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from advisor.engine.servers import Server
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Problem, Provider
from advisor.model.report import Setting

if TYPE_CHECKING:
    from advisor.model.client import Client

# Usual host names, and whatever else nobody publishes: what we found by trying.
GUESSED = frozenset({"guess", "guess-mx"})
UNPUBLISHED = GUESSED | {"siblings", "certificates"}


@dataclass(frozen=True, slots=True)
class MailDomain:
    """What the DNS says of the mail domain.

    *mail* is "mx", "implicit" (addresses and no MX, RFC 5321 §5.1), "null-mx" (RFC 7505), "none",
    "bad-mx" (MX records, and none names a host), "no-domain" or "unknown"; *problem* is why it is
    unknown. *dnssec* is what DNSSEC says of the MX records: secure, insecure, bogus, unknown.
    """

    mail: str = "unknown"
    mx: tuple[str, ...] = ()
    problem: Problem | None = None
    wildcard: bool | None = None
    dnssec: str = "unknown"


@dataclass(frozen=True, slots=True)
class Case:
    """Settings without verdicts, in the order of their sources, and all they rest on.

    *registrable* gives the registrable domain of a host; *now* is an aware time; *servers* is what
    is known of the hosts that were looked at.
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
    servers: Mapping[str, Server] = field(default_factory=dict)
