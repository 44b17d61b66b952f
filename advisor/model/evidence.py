"""What a source said, where it was learned, and how far that can be trusted (design: trust)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from advisor.model.auth import AuthMethod, OAuth2, Username
from advisor.model.endpoint import Endpoint, Protocol, path_of


class Trust(StrEnum):
    """How far a statement can be trusted, best first; the weakest link of its way decides."""

    VERIFIED = "verified"
    AUTHENTICATED = "authenticated"
    UNAUTHENTICATED = "unauthenticated"
    GUESSED = "guessed"

    @property
    def rank(self) -> int:
        """0 for the best."""
        return tuple(Trust).index(self)


class Channel(StrEnum):
    """How one step on the way to an answer was protected."""

    HTTPS = "https"
    HTTP = "http"
    DNSSEC = "dnssec"  # signed, and the signatures were checked
    DNS = "dns"
    BUNDLED = "bundled"  # came with advisor, or was chosen by the operator

    @property
    def trust(self) -> Trust:
        """The grade of what comes this way."""
        forgeable = self in (Channel.HTTP, Channel.DNS)
        return Trust.UNAUTHENTICATED if forgeable else Trust.AUTHENTICATED


@dataclass(frozen=True, slots=True)
class Hop:
    """One step on the way to an answer: *asked* is a URL, or "TYPE name" of the DNS."""

    asked: str
    channel: Channel


class Dnssec(StrEnum):
    """What DNSSEC says of an answer (RFC 4035 §4.3)."""

    SECURE = "secure"  # signed, up to a key that is trusted
    INSECURE = "insecure"  # not signed, or nobody vouches for the zone
    BOGUS = "bogus"  # should be signed, and the signatures do not fit: not to be used
    UNKNOWN = "unknown"  # it could not be checked


class Outcome(StrEnum):
    """How asking a source ended."""

    FOUND = "found"
    NOTHING = "nothing"
    FAILED = "failed"
    SKIPPED = "skipped"


class Problem(StrEnum):
    """What kept a source or a server from answering well: a closed set that rules can test."""

    # names
    NO_DOMAIN = "no-domain"  # NXDOMAIN
    DNS_SERVFAIL = "dns-servfail"
    DNS_TIMEOUT = "dns-timeout"
    DNS_REFUSED = "dns-refused"
    DNSSEC_BOGUS = "dnssec-bogus"
    DNS_ISLAND = "dns-island"  # the name server does not even know the top-level domain
    NO_ADDRESS = "no-address"  # the name exists and has no A or AAAA
    PRIVATE_ADDRESS = "private-address"  # and the policy forbids to go there
    WILDCARD_DNS = "wildcard-dns"  # any name resolves, so that none is evidence
    # connections
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    CLOSED = "closed"  # hung up in the middle
    TLS_HANDSHAKE = "tls-handshake"
    NOT_TLS = "not-tls"  # answers a TLS handshake in clear text
    EXPECTS_TLS = "expects-tls"  # says nothing in clear text, and answers a TLS handshake
    CERT_EXPIRED = "cert-expired"
    CERT_NOT_YET_VALID = "cert-not-yet-valid"
    CERT_SELF_SIGNED = "cert-self-signed"
    CERT_UNTRUSTED = "cert-untrusted"
    CERT_WRONG_NAME = "cert-wrong-name"
    # documents
    NOT_FOUND = "not-found"  # 404, 410, or no such record
    HTTP_ERROR = "http-error"
    LOGIN_WANTED = "login-wanted"  # 401 or 403: perhaps more for who signs in
    TOO_LARGE = "too-large"
    REDIRECT_LOOP = "redirect-loop"
    INSECURE_REDIRECT = "insecure-redirect"  # https to http; not followed
    BAD_DOCUMENT = "bad-document"
    NOTHING_USABLE = "nothing-usable"  # read, and no setting in it can be used
    DIGEST_MISMATCH = "digest-mismatch"  # the DNS has digests, of other documents
    DIGEST_MISSING = "digest-missing"  # and it should have one
    DOUBTFUL = "doubtful"  # it can be read in more than one way
    CROSS_DOMAIN = "cross-domain"  # the answer was given by another registrable domain
    # conversations
    NOT_THIS_PROTOCOL = "not-this-protocol"
    WEB_PAGE = "web-page"  # a web site that has a page for every address
    REDIRECT_BROKEN = "redirect-broken"  # leads on to where nothing works
    SERVER_REFUSES = "server-refuses"  # greets with BYE, -ERR, 421, 554
    NO_STARTTLS = "no-starttls"  # not offered
    STARTTLS_REFUSED = "starttls-refused"  # offered, then denied
    INJECTION = "injection"  # bytes before the handshake that belong to nobody
    OUT_OF_STEP = "out-of-step"  # answers inside TLS that nobody asked for
    PREAUTH = "preauth"  # logged in without asking, on a clear-text connection
    LIMIT = "limit"  # line, reply or total longer than we take
    # by our own decision
    OFFLINE = "offline"
    NULL_MX = "null-mx"
    BAD_MX = "bad-mx"  # there are MX records, and none of them names a host (RFC 5321 §5.1)
    CUT_OFF = "cut-off"  # the answer was complete before this source spoke


@dataclass(frozen=True, slots=True)
class Candidate:
    """One setting as one source gives it; *auth* and *mechanisms* in the source's order."""

    endpoint: Endpoint
    username: Username = field(default_factory=Username)
    auth: tuple[AuthMethod, ...] = ()
    mechanisms: tuple[str, ...] = ()
    oauth2: OAuth2 | None = None
    url: str | None = None

    @property
    def place(self) -> Endpoint:
        """Where to look for it: the endpoint, with the path of *url*."""
        return replace(self.endpoint, path=path_of(self.url))


@dataclass(frozen=True, slots=True)
class Provider:
    """Who runs the mail, and what an account there needs before a mail program can sign in.

    *id* is the catalogue's, or None for one that only a document names.
    """

    id: str | None
    name: str
    documentation: str | None = None
    account_password: str = "unknown"  # accepted | refused | unknown
    app_password: str = "unknown"  # required | offered | no | unknown
    oauth2: str = "unknown"  # required | offered | no | unknown
    access: str = "unknown"  # open | switch-on-first | local-bridge | none | unknown
    max_tls: str | None = None
    notes: tuple[str, ...] = ()
    verified: str | None = None  # ISO date


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask a source, planned before anything is asked.

    *asked* is the URL or query as people read it; *known* carries what the run needs. *aside*
    means that no server for mail can come of it, so that an answer about mail need not wait.
    """

    id: str
    title: str
    asked: str
    known: object = None
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """How one question ended, whatever it is; nothing is thrown away.

    *candidates* stand in the source's own order, best first. *denied* holds the protocols that
    the source says are not offered (SRV target ".", RFC 2782). *remarks* are problems that did
    not stop it: a dropped server section, a redirect. *hops* are the steps that led here, in
    order: the weakest of them decides *trust*. *document* is what was read, as it came.
    """

    question: Question
    outcome: Outcome
    asked: str
    reason: str = ""
    problem: Problem | None = None
    trust: Trust | None = None
    candidates: tuple[Candidate, ...] = ()
    provider: Provider | None = None
    denied: tuple[tuple[Protocol, str], ...] = ()
    remarks: tuple[tuple[Problem, str], ...] = ()
    seconds: float = 0.0
    hops: tuple[Hop, ...] = ()
    document: bytes = field(default=b"", repr=False)
