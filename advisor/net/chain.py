"""The certificates that a server sent, read from their DER, and what they come to together.

Strangers write them: what cannot be read is left out, and nothing is ever raised. Loads
cryptography; only thorough looks need it.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from advisor.model.handshake import ChainState, SentCertificate
from advisor.net._certificate import from_der, read_part

if TYPE_CHECKING:
    from cryptography import x509

# Certificates that are looked at; honest chains have two to four.
MOST = 10
# RFC 6962 §3.3 (signed certificate timestamps), CA/Browser Forum Baseline Requirements §7.1.6.1:
# what the authorities that everybody trusts put into servers' certificates, and hardly others.
_TIMESTAMPS = "1.3.6.1.4.1.11129.2.4.2"
_PUBLIC_POLICIES = "2.23.140.1.2."
# RFC 7633 §4, the TLS feature 5: status_request.
_FEATURES = "1.3.6.1.5.5.7.1.24"

# X509_V_ERR_… of OpenSSL's x509_vfy.h.
_EXPIRED = 10
_NO_ISSUER = (20, 21)
_STATES = {
    0: ChainState.COMPLETE,
    18: ChainState.SELF_SIGNED,
    19: ChainState.PRIVATE,
    66: ChainState.WEAK,
    67: ChainState.WEAK,
    68: ChainState.WEAK,
}


@dataclass(frozen=True, slots=True)
class Link:
    """One certificate that was sent; *der* and *spki* are the bytes that TLSA records speak of.

    *self_issued*: subject and issuer are one. *public*: an authority of the public made it.
    """

    shown: SentCertificate
    der: bytes
    spki: bytes
    self_issued: bool
    public: bool
    must_staple: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The *state* of a chain, and whose certificate is *missing* or *outdated* above the first."""

    state: ChainState | None
    missing: str | None = None
    outdated: str | None = None


def links(chain: Sequence[bytes]) -> tuple[Link, ...]:
    """The first ``MOST`` of *chain*, DER as sent; those that cannot be read are left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # strangers' certificates are odd, and we only look
        return tuple(link for der in chain[:MOST] if (link := _link(der)) is not None)


def _link(der: bytes) -> Link | None:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    told = from_der(der)
    parsed = read_part(lambda: x509.load_der_x509_certificate(der), None)
    if told is None or parsed is None:
        return None
    key = read_part(parsed.public_key, None)
    spki = b""
    if key is not None:
        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    none: set[str] = set()
    oids = read_part(lambda: {one.oid.dotted_string for one in parsed.extensions}, none)
    return Link(
        SentCertificate(
            subject=told.subject,
            issuer=told.issuer,
            not_before=told.not_before,
            not_after=told.not_after,
            sha256=told.sha256,
            key=_kind(key),
            bits=getattr(key, "key_size", None),
            signature=read_part(
                lambda: getattr(parsed.signature_hash_algorithm, "name", None), None
            ),
        ),
        der,
        spki,
        self_issued=told.self_signed,
        public=_TIMESTAMPS in oids or _has_public_policy(parsed),
        must_staple=_FEATURES in oids,
    )


def _kind(key: Any) -> str:
    """RSA for ``RSAPublicKey``, EC for elliptic curves, Ed25519 …; empty for what is unknown."""
    name = type(key).__name__.removeprefix("_").removesuffix("PublicKey")
    return {"EllipticCurve": "EC", "NoneType": ""}.get(name, name)


def _has_public_policy(parsed: x509.Certificate) -> bool:
    from cryptography import x509

    def policies() -> list[str]:
        found = parsed.extensions.get_extension_for_class(x509.CertificatePolicies).value
        return [one.policy_identifier.dotted_string for one in found]

    none: list[str] = []
    return any(one.startswith(_PUBLIC_POLICIES) for one in read_part(policies, none))


def verdict(chain: Sequence[Link], code: int | None, now: datetime) -> Verdict:
    """What *chain* comes to, where a verification ended in OpenSSL's *code*, or well with 0.

    Nothing is said where nobody verified it (None).
    """
    if not chain or code is None:
        return Verdict(None)
    leaf, way = chain[0], _way(chain)
    if code == _EXPIRED:
        if _is_over(leaf, now):
            return Verdict(ChainState.EXPIRED)
        above = next((one.shown.subject for one in way[1:] if _is_over(one, now)), None)
        return Verdict(ChainState.EXPIRED_ABOVE, outdated=above or way[-1].shown.issuer)
    if code in _NO_ISSUER and not way[-1].self_issued:
        state = ChainState.INCOMPLETE if leaf.public else ChainState.UNKNOWN_ISSUER
        return Verdict(state, missing=way[-1].shown.issuer)
    return Verdict(_STATES.get(code))


def _way(chain: Sequence[Link]) -> list[Link]:
    """From the server's own certificate upwards, as far as the next one was sent, in any order."""
    way = [chain[0]]
    rest = list(chain[1:])
    while not way[-1].self_issued:
        above = next((one for one in rest if one.shown.subject == way[-1].shown.issuer), None)
        if above is None:
            break
        rest.remove(above)
        way.append(above)
    return way


def _is_over(link: Link, now: datetime) -> bool:
    try:
        return datetime.fromisoformat(link.shown.not_after) <= now
    except ValueError:
        return False
