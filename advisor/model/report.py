"""The documents that advisor hands out; field names are their JSON, and fixed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from advisor.model.auth import AuthMethod, OAuth2, UsernameForm
from advisor.model.endpoint import Endpoint, Protocol, Security, path_of
from advisor.model.evidence import Hop, Outcome, Trust
from advisor.model.observation import Live, Observation
from advisor.model.reach import ClientReach


class Verdict(StrEnum):
    """What becomes of a setting, best first."""

    RECOMMENDED = "recommended"
    ACCEPTABLE = "acceptable"
    DISCOURAGED = "discouraged"
    FORBIDDEN = "forbidden"

    @property
    def rank(self) -> int:
        """0 for the best."""
        return _VERDICTS[self]


class Severity(StrEnum):
    """error: will not work, or exposes the password; warning: a risk; note: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _SEVERITIES[self]


class Status(StrEnum):
    """What the whole report comes to."""

    OK = "ok"
    UNUSABLE = "unusable"
    NOTHING_FOUND = "nothing-found"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Reference:
    """Why anyone should believe it: *id* such as "RFC 8314" or a URL, and what it says there."""

    id: str
    section: str
    says: str

    def __str__(self) -> str:
        return f"{self.id} §{self.section}" if self.section else self.id


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that spoke about a setting, and what it did.

    *points* is what it added to the preference; *origin* is "bundled" or "overlay".
    """

    rule: str
    effect: str
    because: str
    references: tuple[Reference, ...]
    points: int = 0
    origin: str = "bundled"

    @property
    def holds_back(self) -> bool:
        """Does the rule make the setting discouraged or forbidden?"""
        return self.effect.startswith(("at best discouraged", "at best forbidden"))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth telling; *code* is the id of the rule that raised it.

    *facts* are what the rule's sentence names, as *message* shows them.
    """

    code: str
    severity: Severity
    message: str
    because: str
    about: tuple[str, ...]
    references: tuple[Reference, ...]
    origin: str = "bundled"
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """One possible setting with its verdict, its evidence and its reasons.

    *username_template* is the user name with the placeholders of autoconfig, as published.
    *label* and *sign_in_label* are what to choose on the screen of the client that was named.
    """

    protocol: Protocol
    host: str
    port: int
    security: Security
    username: str
    username_form: UsernameForm
    auth: tuple[AuthMethod, ...]
    mechanisms: tuple[str, ...]
    oauth2: OAuth2 | None
    verdict: Verdict
    live: Live
    observation: Observation | None
    sources: tuple[str, ...]
    trust: Trust
    reasons: tuple[Reason, ...] = ()
    url: str | None = None
    username_template: str = ""
    label: str | None = None
    sign_in_label: str | None = None

    @property
    def endpoint(self) -> Endpoint:
        """Where it leads."""
        path = path_of(self.url)
        return Endpoint(self.protocol, self.host, self.port, self.security, path)

    @property
    def is_usable(self) -> bool:
        """May it be given to a user as something to enter?"""
        return self.verdict is not Verdict.FORBIDDEN and self.live is not Live.FAILED


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What one source said, or why it was silent; *seconds* from its start to its end.

    *hops* are the steps that led to what it said, each with how it was protected.
    """

    id: str
    title: str
    outcome: Outcome
    reason: str
    asked: str
    trust: Trust | None
    seconds: float
    settings: tuple[Setting, ...] = ()
    hops: tuple[Hop, ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """Who runs the mail."""

    id: str | None
    name: str
    documentation: str | None


@dataclass(frozen=True, slots=True)
class ClientRow:
    """The mail client that advice is for, as it was understood.

    *range* is the versions that the data speak of; *paths* say where to click, *fields* what
    the boxes are called.
    """

    id: str
    name: str
    version: str | None
    range: str
    paths: dict[str, str]
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Network:
    """The network that the answer was found on; *egress* maps a port to open|blocked|unknown."""

    offline: bool
    resolver: tuple[str, ...] = ()
    egress: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """The answer for one address or domain.

    *incoming*, *outgoing* and *services* stand best first, forbidden ones last. *asked_at* is
    ISO 8601 in UTC.
    """

    address: str | None
    domain: str
    domain_unicode: str
    status: Status
    provider: ProviderRow | None
    client: ClientRow | None
    incoming: tuple[Setting, ...]
    outgoing: tuple[Setting, ...]
    services: tuple[Setting, ...]
    findings: tuple[Finding, ...]
    sources: tuple[SourceRow, ...]
    network: Network
    version: str
    rules_version: str
    asked_at: str
    schema: str = "advisor.report/1"


@dataclass(frozen=True, slots=True)
class ProbedEndpoint:
    """One endpoint of a probe report; *clients* where somebody asked who could connect to it.

    *url* is where it was looked for a service that is spoken over HTTPS.
    """

    protocol: Protocol
    host: str
    address: str | None
    port: int
    security: Security
    live: Live
    observation: Observation
    findings: tuple[Finding, ...]
    clients: tuple[ClientReach, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """What a host really offers, port by port."""

    host: str
    endpoints: tuple[ProbedEndpoint, ...]
    findings: tuple[Finding, ...]
    version: str
    schema: str = "advisor.probe/1"


_VERDICTS = {one: place for place, one in enumerate(Verdict)}
_SEVERITIES = {one: place for place, one in enumerate(Severity)}
