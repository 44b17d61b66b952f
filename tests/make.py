"""Values for tests: each has sensible defaults, and a test names only what matters to it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from advisor.engine.case import Case
from advisor.engine.rulebook import Rulebook, rulebook
from advisor.knowledge.suffixes import registrable
from advisor.model import auth
from advisor.model.address import subject
from advisor.model.auth import AuthMethod, UsernameForm
from advisor.model.endpoint import INCOMING, OUTGOING, Endpoint, Protocol, Security
from advisor.model.evidence import Answer, Candidate, Outcome, Question, Trust
from advisor.model.handshake import (
    Agreement,
    ChainState,
    Dane,
    SentCertificate,
    ServerNames,
    TlsDetails,
)
from advisor.model.observation import (
    Certificate,
    Live,
    Observation,
    ProbeResult,
    Reached,
    TlsObservation,
)
from advisor.model.report import Network, Report, Setting, Status, Verdict

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORDER = {
    "settings": ["verdict", "live", "preference", "trust", "source"],
    "sources": ["autoconfig-https", "srv", "ispdb", "siblings", "certificates", "guess"],
    "ways": ["tls", "starttls"],
    "mechanisms": ["PLAIN"],
}


def endpoint(text: str = "imap://imap.example.org:993", security: str = "tls") -> Endpoint:
    """The endpoint written as ``protocol://host:port``."""
    protocol, _, rest = text.partition("://")
    host, _, port = rest.partition(":")
    return Endpoint(Protocol(protocol), host, int(port), Security(security))


def setting(
    text: str = "imap://imap.example.org:993", security: str = "tls", **changes: Any
) -> Setting:
    """A setting that one authenticated source names and nobody has checked."""
    at = endpoint(text, security)
    plain = Setting(
        protocol=at.protocol,
        host=at.host,
        port=at.port,
        security=at.security,
        username="alice@example.org",
        username_form=UsernameForm.ADDRESS,
        auth=(AuthMethod.PASSWORD,),
        mechanisms=(),
        oauth2=None,
        verdict=Verdict.ACCEPTABLE,
        live=Live.NOT_CHECKED,
        observation=None,
        sources=("autoconfig-https",),
        trust=Trust.AUTHENTICATED,
    )
    return replace(plain, **changes)


def candidate(
    text: str = "imap://imap.example.org:993", security: str = "tls", **changes: Any
) -> Candidate:
    """A candidate with the address as user name and a password."""
    return replace(
        Candidate(endpoint(text, security), auth.ADDRESS, (AuthMethod.PASSWORD,)), **changes
    )


def answer(source: str = "autoconfig-https", *candidates: Candidate, **changes: Any) -> Answer:
    """An answer of *source*: found if it has candidates, nothing otherwise."""
    asked = changes.pop("asked", f"https://autoconfig.example.org/ ({source})")
    plain = Answer(
        Question(source, f"title of {source}", asked),
        Outcome.FOUND if candidates else Outcome.NOTHING,
        asked,
        trust=Trust.AUTHENTICATED if candidates else None,
        candidates=tuple(candidates),
    )
    return replace(plain, **changes)


def certificate(**changes: Any) -> Certificate:
    """A good certificate for example.org's hosts, valid until 3 February 2027."""
    plain = Certificate(
        subject="imap.example.org",
        issuer="Example CA",
        names=("*.example.org",),
        not_before="2026-11-05T00:00:00+00:00",
        not_after="2027-02-03T00:00:00+00:00",
        sha256="00" * 32,
        self_signed=False,
    )
    return replace(plain, **changes)


def tls(**changes: Any) -> TlsObservation:
    """TLS 1.3 with everything fine."""
    plain = TlsObservation("TLSv1.3", "TLS_AES_256_GCM_SHA384", True, True, None, certificate())
    return replace(plain, **changes)


def details(**changes: Any) -> TlsDetails:
    """What a thorough look shows of a good server, DANE and all."""
    own = "00" * 32
    shown = (
        SentCertificate("CN=imap.example.org", "CN=Example CA", "2026-11-05T00:00:00Z",
                        "2027-02-03T00:00:00Z", own, "RSA", 2048, "sha256"),
        SentCertificate("CN=Example CA", "CN=Example Root", "2026-11-05T00:00:00Z",
                        "2029-02-03T00:00:00Z", "11" * 32, "EC", 384, "sha384"),
    )  # fmt: skip
    plain = TlsDetails(
        agreements={"TLSv1.3": Agreement("TLS_AES_256_GCM_SHA384", "x25519")},
        post_quantum="X25519MLKEM768",
        alpn="imap",
        stapled=True,
        must_staple=False,
        sent=2,
        chain=shown,
        chain_state=ChainState.COMPLETE,
        names=ServerNames(own, own, own, needed=False),
        dane=Dane("matches", (f"3 1 1 {own}",), (3,)),
    )
    return replace(plain, **changes)


def observation(**changes: Any) -> Observation:
    """A whole conversation inside good TLS, PLAIN offered."""
    plain = Observation(
        reached=Reached.DONE,
        greeting="* OK ready",
        capabilities_after=("IMAP4REV1", "AUTH=PLAIN"),
        mechanisms_after=("PLAIN",),
        tls=tls(),
    )
    return replace(plain, **changes)


def result(at: Endpoint | None = None, live: Live = Live.CONFIRMED, **seen: Any) -> ProbeResult:
    """A probe result; *seen* changes the observation."""
    at = at or endpoint()
    return ProbeResult(
        at.protocol, at.host, at.port, at.security, "192.0.2.1", live, observation(**seen)
    )


def case(*settings: Setting, address: str = "alice@example.org", **changes: Any) -> Case:
    """A case with *settings*."""
    plain = Case(subject(address), settings, (), NOW, registrable)
    return replace(plain, **changes)


def rule(key: str, **changes: Any) -> dict[str, Any]:
    """The checked entry of a rule that holds for every setting and does nothing yet."""
    entry: dict[str, Any] = {
        "id": key,
        "title": key,
        "status": "stable",
        "severity": "note",
        "each": "setting",
        "when": {},
        "then": {},
        "because": f"because of {key}",
        "references": [{"id": "RFC 8314", "section": "3", "says": "so"}],
        "examples": [],
        "origin": "bundled",
        "file": f"rules/{key}.yaml",
    }
    return entry | changes


def rules(*entries: Mapping[str, Any], **order: Any) -> Rulebook:
    """A rulebook of *entries*."""
    return rulebook({one["id"]: one for one in entries}, ORDER | order)


def report(*settings: Setting, address: str = "alice@example.org", **changes: Any) -> Report:
    """An offline report with *settings*, each where its protocol belongs."""
    who = subject(address)
    plain = Report(
        address=who.address,
        domain=who.domain.ascii,
        domain_unicode=who.domain.unicode,
        status=Status.OK,
        provider=None,
        client=None,
        incoming=tuple(one for one in settings if one.protocol in INCOMING),
        outgoing=tuple(one for one in settings if one.protocol in OUTGOING),
        services=tuple(one for one in settings if one.protocol not in (*INCOMING, *OUTGOING)),
        findings=(),
        sources=(),
        network=Network(offline=True),
        version="0",
        rules_version="0" * 12,
        asked_at="2026-11-23T12:00:00Z",
    )
    return replace(plain, **changes)
