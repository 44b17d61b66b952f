"""Certificates as values: from what ``ssl`` says of a verified one, or from the DER itself.

The second way loads cryptography, and is taken only for a certificate that failed. Strangers
write certificates: a part that cannot be read is empty, and nothing in one is ever raised.
"""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from advisor.model.identity import ip_literal
from advisor.model.observation import Certificate
from advisor.model.text import printable

if TYPE_CHECKING:
    from cryptography import x509

_SHORT = {
    "commonName": "CN",
    "countryName": "C",
    "localityName": "L",
    "stateOrProvinceName": "ST",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "domainComponent": "DC",
    "userId": "UID",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

T = TypeVar("T")


def from_facts(known: Mapping[str, Any], der: bytes) -> Certificate:
    """A verified certificate from what ``getpeercert`` says, without parsing it once more."""
    return Certificate(
        subject=_name(known.get("subject", ())),
        issuer=_name(known.get("issuer", ())),
        names=_names(known.get("subjectAltName", ())),
        not_before=_converted(known.get("notBefore", "")),
        not_after=_converted(known.get("notAfter", "")),
        sha256=sha256(der).hexdigest(),
        self_signed=known.get("subject") == known.get("issuer"),
    )


def from_der(der: bytes) -> Certificate | None:
    """The certificate in *der*, or None where it cannot be read."""
    from cryptography import x509

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # strangers' certificates are odd, and we only look
        parsed = read_part(lambda: x509.load_der_x509_certificate(der), None)
        if parsed is None:
            return None
        subject = read_part(lambda: parsed.subject, None)
        issuer = read_part(lambda: parsed.issuer, None)
        return Certificate(
            subject=_written(subject),
            issuer=_written(issuer),
            names=_names(read_part(lambda: _alternatives(parsed), [])),
            not_before=read_part(lambda: _iso(parsed.not_valid_before_utc), ""),
            not_after=read_part(lambda: _iso(parsed.not_valid_after_utc), ""),
            sha256=sha256(der).hexdigest(),
            self_signed=subject is not None and subject == issuer,
        )


def read_part(part: Callable[[], T], otherwise: T) -> T:
    """What *part* gives, or *otherwise* where that part of the certificate cannot be read."""
    try:
        return part()
    except Exception:  # noqa: BLE001  # the parser's errors are many and have no common root
        return otherwise


def _written(name: x509.Name | None) -> str:
    return read_part(lambda: printable(name.rfc4514_string()) if name else "", "")


def _alternatives(parsed: x509.Certificate) -> list[tuple[str, str]]:
    from cryptography import x509

    names = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [("DNS", name) for name in names.get_values_for_type(x509.DNSName)] + [
        ("IP Address", str(address)) for address in names.get_values_for_type(x509.IPAddress)
    ]


def _names(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The DNS and IP names among (kind, value) *pairs*, the kinds as ``getpeercert`` calls them.

    A DNS name that reads like an IP address is marked, so that it can never pass for one.
    """
    names = []
    for kind, value in pairs:
        if kind == "DNS":
            names.append(f"DNS:{value}" if ip_literal(value) else value)
        elif kind == "IP Address":
            names.append(str(ip_literal(value.strip()) or value))
    return tuple(printable(name, 300) for name in names)


def _name(parts: Any) -> str:
    """A distinguished name as text, its last part first (RFC 4514 §2.1)."""
    pairs = [pair for part in reversed(parts) for pair in part]
    return printable(",".join(f"{_SHORT.get(key, key)}={_escaped(text)}" for key, text in pairs))


def _escaped(text: str) -> str:
    return "".join("\\" + sign if sign in ',+"\\<>;' else sign for sign in text)


@lru_cache(maxsize=1024)  # strptime is slow, and a scan meets the same certificates again
def _converted(text: str) -> str:
    return read_part(lambda: _iso(_EPOCH + timedelta(seconds=ssl.cert_time_to_seconds(text))), "")


def _iso(moment: datetime) -> str:
    """*moment*, which is in UTC, as ISO 8601: ``strftime`` would not fill up the year 50."""
    return moment.replace(tzinfo=None, microsecond=0).isoformat() + "Z"
