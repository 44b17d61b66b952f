"""What a probe saw at one endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Problem
from advisor.model.handshake import TlsDetails
from advisor.model.login import Login


class Reached(StrEnum):
    """The last step of the conversation that succeeded, in the order of the steps."""

    NOTHING = "nothing"
    CONNECT = "connect"
    GREETING = "greeting"
    CAPABILITIES = "capabilities"
    STARTTLS = "starttls"
    TLS = "tls"
    DONE = "done"


class Live(StrEnum):
    """Did a live check confirm the setting?"""

    CONFIRMED = "confirmed"
    FAILED = "failed"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The end-entity certificate; *names* are its DNS and IP subject alternative names.

    Times are ISO 8601 in UTC; *sha256* is the fingerprint of the DER form in lower-case hex.
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: str
    not_after: str
    sha256: str
    self_signed: bool


@dataclass(frozen=True, slots=True)
class TlsObservation:
    """The TLS that was really made. *chain_ok* and *name_ok* are told apart: advice differs.

    *name_ok* is by RFC 9525 §6 for the host name connected to; *chain_error* is the reason why
    the chain or the dates fail. *versions* maps each version that was asked for, from SSLv2 to
    TLSv1.3, to accepted, refused or unknown; it is empty where nobody asked. *details* are what
    a thorough look showed besides.
    """

    version: str
    cipher: str
    chain_ok: bool
    name_ok: bool
    chain_error: str | None
    certificate: Certificate | None
    versions: dict[str, str] = field(default_factory=dict)
    details: TlsDetails | None = None


class PlainHttp(StrEnum):
    """What comes of asking for a service over plain HTTP on port 80, where a redirect should."""

    REDIRECTS = "redirects"  # to HTTPS
    ELSEWHERE = "elsewhere"  # redirects, and not to HTTPS
    ANSWERS = "answers"  # the service itself
    WANTS_PASSWORD = "wants-password"  # which would travel in the clear (RFC 7617 §4)
    NOTHING = "nothing"  # of the service: no answer, or another page


@dataclass(frozen=True, slots=True)
class Web:
    """What a service over HTTPS answered: *status* of the last reply, *hops* each URL in order.

    *plain_http* is None where nobody asked.
    """

    status: int | None = None
    hops: tuple[str, ...] = ()
    plain_http: PlainHttp | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """What one probe saw at one endpoint; *seconds* are the durations of its steps.

    *obeys_injected*: it answered, inside TLS, a command sent in clear text behind STARTTLS; None
    where that was not tried. *early* are kinds of things said before TLS that have no business
    there: mailbox, alert, referral. *login* is what came of signing in, None unless somebody asked
    for it.
    *addresses* maps each address that was tried on its own to open, no-route or a problem; it is
    empty where the host has one address family, or nobody asked. *web* is about services that are
    spoken over HTTPS, and None for all others; *mechanisms_after* are then the schemes of HTTP.
    """

    reached: Reached = Reached.NOTHING
    error: str | None = None
    problem: Problem | None = None
    greeting: str | None = None
    software: str | None = None
    capabilities_before: tuple[str, ...] = ()
    capabilities_after: tuple[str, ...] = ()
    mechanisms_before: tuple[str, ...] = ()
    mechanisms_after: tuple[str, ...] = ()
    starttls_offered: bool | None = None
    cleartext_login_possible: bool | None = None
    login_disabled: bool | None = None
    obeys_injected: bool | None = None
    tls: TlsObservation | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    login: Login | None = None
    addresses: dict[str, str] = field(default_factory=dict)
    early: tuple[str, ...] = ()
    web: Web | None = None

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """The mechanisms to use: those after TLS where it was made, else those before."""
        return self.mechanisms_after if self.tls is not None else self.mechanisms_before


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """One endpoint, the address that was tried, whether it works as asked, and what was seen."""

    protocol: Protocol
    host: str
    port: int
    security: Security
    address: str | None
    live: Live
    observation: Observation
    path: str = ""

    @property
    def endpoint(self) -> Endpoint:
        """Where it was looked."""
        return Endpoint(self.protocol, self.host, self.port, self.security, self.path)
