"""From what the looks at an endpoint showed to what is said about it; nothing is asked here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from advisor.errors import ProbeFailed, RemoteProtocolError, TlsFailed
from advisor.model.endpoint import Endpoint, Security
from advisor.model.evidence import Problem
from advisor.model.observation import (
    Certificate,
    Live,
    Observation,
    ProbeResult,
    Reached,
    TlsObservation,
)
from advisor.net.stream import place
from advisor.probing.driver import Look

_MODERN = ("TLSv1.2", "TLSv1.3")
_ABOUT_CERTIFICATES = (
    Problem.CERT_EXPIRED,
    Problem.CERT_NOT_YET_VALID,
    Problem.CERT_SELF_SIGNED,
    Problem.CERT_UNTRUSTED,
)


def deserves_second_look(look: Look) -> bool:
    """Did TLS fail in a way that a less strict look can learn more from?"""
    failure = look.failure
    return (
        look.tls is None
        and isinstance(failure, TlsFailed)
        and failure.problem is not Problem.NOT_TLS
    )


def may_expect_tls(endpoint: Endpoint, look: Look) -> bool:
    """Did a server that was spoken to in clear text keep silent, as one does that awaits TLS?"""
    failure = look.failure
    return (
        endpoint.security is not Security.TLS
        and look.seen.reached is Reached.CONNECT
        and failure is not None
        and failure.problem in (Problem.TIMEOUT, Problem.CLOSED)
    )


def expects_tls(endpoint: Endpoint) -> RemoteProtocolError:
    """The trouble with a server that speaks TLS from the first byte where STARTTLS was tried."""
    where = place(endpoint.host, endpoint.port)
    return RemoteProtocolError(
        Problem.EXPECTS_TLS,
        f"{where} says nothing in clear text: it waits for TLS from the first byte",
    )


def result(endpoint: Endpoint, looks: Sequence[Look], now: datetime) -> ProbeResult:
    """What came of probing *endpoint*; a second one of *looks* was made without verification.

    Where the second look made TLS, it is what was seen; the trouble is still the first one's.
    """
    first, second = looks[0], looks[-1]
    if len(looks) == 1 or second.tls is None or first.failure is None:
        return _told(endpoint, first, first.failure, first.tls)
    failure, tls = _explained(endpoint, first.failure, second.tls, now)
    return _told(endpoint, second, failure, tls)


def not_checked(
    endpoint: Endpoint, problem: Problem | None, reason: str, look: Look | None = None
) -> ProbeResult:
    """The result for an endpoint that was not looked at, or not to the end: *look* is how far."""
    look = look or Look()
    return _result(endpoint, look, Live.NOT_CHECKED, _seen(look, problem, reason, look.tls))


def _told(
    endpoint: Endpoint, look: Look, failure: ProbeFailed | None, tls: TlsObservation | None
) -> ProbeResult:
    if failure is None and tls is not None and not tls.name_ok:
        failure = TlsFailed(Problem.CERT_WRONG_NAME, _wrong_name(endpoint, tls.certificate))
    problem = None if failure is None else failure.problem
    observation = _seen(look, problem, None if failure is None else str(failure), tls)
    live = Live.CONFIRMED if _is_as_asked(endpoint, observation) else Live.FAILED
    return _result(endpoint, look, live, observation)


def _seen(
    look: Look, problem: Problem | None, error: str | None, tls: TlsObservation | None
) -> Observation:
    seen = look.seen
    return Observation(
        reached=seen.reached,
        error=error,
        problem=problem,
        greeting=seen.greeting,
        software=seen.software,
        capabilities_before=seen.capabilities_before,
        capabilities_after=seen.capabilities_after,
        mechanisms_before=seen.mechanisms_before,
        mechanisms_after=seen.mechanisms_after,
        starttls_offered=seen.starttls_offered,
        cleartext_login_possible=seen.cleartext_login_possible,
        login_disabled=seen.login_disabled,
        obeys_injected=look.obeys_injected,
        early=seen.early,
        tls=tls,
        seconds=dict(look.seconds),
        web=seen.web and replace(seen.web, plain_http=look.plain_http),
    )


def _result(endpoint: Endpoint, look: Look, live: Live, observation: Observation) -> ProbeResult:
    return ProbeResult(
        protocol=endpoint.protocol,
        host=endpoint.host,
        port=endpoint.port,
        security=endpoint.security,
        address=look.address,
        live=live,
        observation=observation,
        path=endpoint.path,
    )


def _is_as_asked(endpoint: Endpoint, seen: Observation) -> bool:
    """Did it all work, on TLS 1.2 or newer with a good certificate unless none was asked for?

    See: RFC 8997 §4 (TLS 1.2 at least), RFC 8314 §5 (certificates).
    """
    if seen.problem is not None or seen.reached is not Reached.DONE:
        return False
    if endpoint.security is Security.NONE:
        return True
    tls = seen.tls
    return tls is not None and tls.chain_ok and tls.name_ok and tls.version in _MODERN


def _explained(
    endpoint: Endpoint, failure: ProbeFailed, tls: TlsObservation, now: datetime
) -> tuple[ProbeFailed, TlsObservation]:
    """The trouble of the first look in the light of what the second one could read."""
    where = place(endpoint.host, endpoint.port)
    if failure.problem in _ABOUT_CERTIFICATES:
        error = _dated(str(failure).removeprefix(f"{where}: "), failure.problem, tls, now)
    elif tls.version not in _MODERN:
        old = f"speaks nothing newer than {tls.version}; TLS 1.2 is the least to rely on"
        return TlsFailed(failure.problem, f"{where} {old}"), tls
    else:
        return failure, tls
    return TlsFailed(failure.problem, f"{where}: {error}"), replace(tls, chain_error=error)


def _dated(sentence: str, problem: Problem, tls: TlsObservation, now: datetime) -> str:
    """*sentence* with the date where the server's own certificate is the one out of its time."""
    certificate = tls.certificate
    if certificate is None:
        return sentence
    begins, ends = _moment(certificate.not_before), _moment(certificate.not_after)
    if problem is Problem.CERT_EXPIRED and ends is not None:
        if ends <= now:
            return f"its certificate expired on {_day(ends)}"
        return "a certificate in its chain has expired, though not its own"
    if problem is Problem.CERT_NOT_YET_VALID and begins is not None and begins > now:
        return f"its certificate is not valid before {_day(begins)}"
    if problem is Problem.CERT_UNTRUSTED and certificate.issuer:
        return f"{sentence}: {certificate.issuer}"
    return sentence


def _moment(iso: str) -> datetime | None:
    """*iso* as an aware time, or None where a certificate holds no date that can be read."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _wrong_name(endpoint: Endpoint, certificate: Certificate | None) -> str:
    names = certificate.names if certificate is not None else ()
    listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    where = place(endpoint.host, endpoint.port)
    return f"{where}: its certificate is for {listed or 'no name'}, not for {endpoint.host}"
