"""What OpenSSL dislikes about a certificate, as a problem with its sentence."""

from __future__ import annotations

import ssl

from advisor.errors import FetchFailed
from advisor.model.evidence import Problem
from advisor.model.text import printable

# X509_V_ERR_… of OpenSSL's x509_vfy.h, see openssl-verification-options(1); each sentence goes on
# after "its certificate". Everything else that fails verification is "untrusted".
_REASONS = {
    9: (Problem.CERT_NOT_YET_VALID, "is not valid yet"),
    10: (Problem.CERT_EXPIRED, "has expired"),
    18: (Problem.CERT_SELF_SIGNED, "is self-signed"),
    19: (Problem.CERT_UNTRUSTED, "is signed by an authority that is not trusted here"),
    20: (
        Problem.CERT_UNTRUSTED,
        "has an issuer that is not known here (or an intermediate certificate is missing)",
    ),
    21: (Problem.CERT_UNTRUSTED, "comes without the intermediate certificate that it needs"),
    23: (Problem.CERT_UNTRUSTED, "has been revoked"),
    62: (Problem.CERT_WRONG_NAME, "is for another name"),
    64: (Problem.CERT_WRONG_NAME, "is for another name"),
    66: (Problem.CERT_UNTRUSTED, "has a key that is too weak"),
    68: (Problem.CERT_UNTRUSTED, "is signed with a digest that is too weak"),
}


def dislike(error: ssl.SSLCertVerificationError) -> tuple[Problem, str]:
    """What *error* has against a certificate: its kind, and what it says of "its certificate"."""
    otherwise = f"cannot be verified: {printable(error.verify_message)}"
    return _REASONS.get(error.verify_code, (Problem.CERT_UNTRUSTED, otherwise))


def tls_failure(host: str, error: ssl.SSLError | ssl.CertificateError) -> FetchFailed:
    """The failure that *error*, raised by a handshake with *host*, stands for."""
    if isinstance(error, ssl.SSLCertVerificationError):
        problem, says = dislike(error)
        return FetchFailed(problem, f"the certificate of {host} {says}")
    said = printable(getattr(error, "reason", None) or type(error).__name__)
    return FetchFailed(Problem.TLS_HANDSHAKE, f"no TLS could be made with {host} ({said})")
