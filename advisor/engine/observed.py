"""What a probe saw, as the facts that rules test; and versions and dates as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from advisor.engine.tampering import tampering
from advisor.model.auth import UsernameForm
from advisor.model.endpoint import Protocol
from advisor.model.evidence import Problem
from advisor.model.handshake import SentCertificate, TlsDetails
from advisor.model.login import Login
from advisor.model.observation import Observation, Reached, TlsObservation, Web
from advisor.model.tls_names import keeps_secrets

Facts = dict[str, Any]

_FORMS = {
    UsernameForm.ADDRESS: "the full address",
    UsernameForm.LOCALPART: "the part before the @",
    UsernameForm.DOMAIN_LOCALPART: "DOMAIN\\user",
}

# What a connection to one address can meet that keeps programs from it.
_UNANSWERED = {Problem.REFUSED, Problem.UNREACHABLE, Problem.TIMEOUT}

_UNAUTHORIZED = 401

_TLS_NUMBERS = {"SSLv2": 0.2, "SSLv3": 0.3}


def tls_number(version: str) -> float | None:
    """1.3 for "TLSv1.3", 1.0 for "TLSv1", 0.3 for "SSLv3"; None for what is no version."""
    if version in _TLS_NUMBERS:
        return _TLS_NUMBERS[version]
    digits = version.removeprefix("TLSv").strip()
    try:
        return float(digits)
    except ValueError:
        return None


def tls_name(version: str) -> str:
    """A version as people write it: "TLS 1.0" for "TLSv1", "SSL 3.0" for "SSLv3"."""
    number = tls_number(version)
    if number is None:
        return version
    return f"SSL {number * 10:.1f}" if number < 1 else f"TLS {number:.1f}"


def moment(iso: str) -> datetime | None:
    """*iso* as an aware time; None for what cannot be read, as a stranger may have written it."""
    try:
        read = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def long_date(iso: str) -> str:
    """ "2027-02-03T…" as "3 February 2027"; "unknown" for what cannot be read."""
    day = moment(iso)
    return f"{day.day} {day:%B} {day.year}" if day else "unknown"


def facts(seen: Observation, protocol: Protocol, now: datetime) -> Facts:
    """The facts of what a probe saw that spoke *protocol*."""
    found: Facts = {
        "observed.reached": seen.reached.value,
        "observed.problem": seen.problem and seen.problem.value,
        "observed.error": seen.error,
        "observed.starttls_offered": seen.starttls_offered,
        "observed.cleartext_login": seen.cleartext_login_possible,
        "observed.login_disabled": seen.login_disabled,
        "observed.login_impossible": _is_login_impossible(seen, protocol),
        "observed.mechanisms_before": list(seen.mechanisms_before),
        "observed.mechanisms_after": list(seen.mechanisms_after),
        "observed.software": seen.software,
        "observed.obeys_injected": seen.obeys_injected,
        "observed.early": list(seen.early),
        **tampering(seen),
        **_families(seen.addresses),
    }
    if seen.web is not None:
        found |= _web(seen.web)
    if seen.login is not None:
        found |= _login(seen.login)
    tls = seen.tls
    if tls is None:
        return found
    found |= {
        "observed.tls_version": tls_number(tls.version),
        "observed.tls_name": tls_name(tls.version),
        "observed.tls_accepted": [
            tls_name(name) for name, told in tls.versions.items() if told == "accepted"
        ],
        "observed.tls_oldest": _oldest(tls),
        "observed.forward_secrecy": keeps_secrets(tls.cipher),
        "observed.chain_ok": tls.chain_ok,
        "observed.name_ok": tls.name_ok,
    }
    if tls.details is not None:
        found |= _detailed(tls.details)
    if tls.certificate is not None:
        ends = moment(tls.certificate.not_after)
        found |= {
            "observed.cert_names": list(tls.certificate.names),
            "observed.cert_days_left": ends and (ends - now).days,
            "observed.cert_until": ends and long_date(tls.certificate.not_after),
        }
    return found


def _web(seen: Web) -> Facts:
    """What a service over HTTPS answered, and where."""
    return {
        "observed.http_status": seen.status,
        "observed.hops": list(seen.hops),
        "observed.plain_http": seen.plain_http and seen.plain_http.value,
    }


def led_to(seen: Observation) -> str | None:
    """The host that a service over HTTPS led to in the end."""
    hops = seen.web.hops if seen.web is not None else ()
    return urlsplit(hops[-1]).hostname if hops else None


def _login(told: Login) -> Facts:
    """How signing in went, where somebody asked for that."""
    return {
        "observed.login_result": told.result.value,
        "observed.login_mechanism": told.mechanism,
        "observed.login_form": told.username_form.value,
        "observed.login_form_words": _FORMS.get(told.username_form),
        "observed.login_refused_form": told.refused_form and told.refused_form.value,
        "observed.login_says": told.says,
        "observed.login_obstacle": told.obstacle and told.obstacle.value,
    }


def _detailed(seen: TlsDetails) -> Facts:
    """What a thorough look showed besides."""
    signed = seen.signed
    agreed = next(reversed(seen.agreements.values()), None)
    return {
        "observed.key_exchange": agreed and agreed.key_exchange,
        "observed.post_quantum": _is_post_quantum(seen.post_quantum),
        "observed.alpn": seen.alpn,
        "observed.needs_sni": seen.names and seen.names.needed,
        "observed.chain": seen.chain_state and seen.chain_state.value,
        "observed.chain_sent": seen.sent,
        "observed.chain_missing": seen.missing,
        "observed.chain_outdated": seen.outdated,
        "observed.rsa_bits": _fewest_bits(signed, "RSA"),
        "observed.ec_bits": _fewest_bits(signed, "EC"),
        "observed.key_kinds": sorted({one.key for one in signed}),
        "observed.signatures": sorted(
            {one.signature for one in signed if one.signature and one.subject != one.issuer}
        ),
        "observed.broken_suites": list(seen.broken.values()),
        "observed.broken_kinds": list(seen.broken),
        "observed.dh_bits": seen.dh_bits,
        "observed.secure_renegotiation": seen.secure_renegotiation,
        "observed.extended_master_secret": seen.extended_master_secret,
        "observed.tls_compression": seen.compression,
        "observed.stapled": seen.stapled,
        "observed.must_staple": seen.must_staple,
        "observed.dane": seen.dane and seen.dane.state,
        "observed.dane_usages": list(seen.dane.usages) if seen.dane else [],
    }


def _families(addresses: Mapping[str, str]) -> Facts:
    """Which family takes connections and which does not, where that differs."""
    told: dict[str, set[str]] = {"IPv4": set(), "IPv6": set()}
    for address, state in addresses.items():
        told["IPv6" if ":" in address else "IPv4"].add(state)
    works = [name for name, states in told.items() if "open" in states]
    fails = [name for name, states in told.items() if states and states <= _UNANSWERED]
    differ = bool(works and fails)
    return {
        "observed.family_works": works[0] if differ else None,
        "observed.family_fails": fails[0] if differ else None,
    }


def _is_post_quantum(told: str) -> bool | None:
    return {"refused": False, "unknown": None}.get(told, True)


def _fewest_bits(chain: Iterable[SentCertificate], kind: str) -> int | None:
    bits = (one.bits for one in chain if one.key == kind)
    return min((size for size in bits if size is not None), default=None)


def _oldest(tls: TlsObservation) -> float | None:
    """The number of the oldest version that was accepted when each was asked for."""
    numbers = (tls_number(name) for name, told in tls.versions.items() if told == "accepted")
    return min((number for number in numbers if number is not None), default=None)


def _is_login_impossible(seen: Observation, protocol: Protocol) -> bool | None:
    """Did the whole conversation inside TLS show no way to sign in?

    IMAP has LOGIN unless it is switched off (RFC 9051 §6.2.3); a server that lists nothing at all
    offers nothing. A web service that wants a login has to say how (RFC 9110 §11.6.1).
    """
    if seen.tls is None or seen.problem is not None or seen.reached is not Reached.DONE:
        return None
    if seen.mechanisms_after:
        return False
    if seen.web is not None:
        return seen.web.status == _UNAUTHORIZED or None
    if protocol is Protocol.IMAP and seen.capabilities_after:
        return "LOGINDISABLED" in seen.capabilities_after
    return True
