"""What OpenSSL dislikes about a certificate, as a problem with its sentence."""

from __future__ import annotations

import ssl

from advisor.errors import FetchFailed
from advisor.model.evidence import Problem
from advisor.model.text import printable

# X509_V_ERR_… of OpenSSL's x509_vfy.h; everything else that fails verification is "untrusted".
_REASONS = {
    9: (Problem.CERT_NOT_YET_VALID, "is not valid yet"),
    10: (Problem.CERT_EXPIRED, "has expired"),
    18: (Problem.CERT_SELF_SIGNED, "is self-signed"),
    62: (Problem.CERT_WRONG_NAME, "is for another name"),
    64: (Problem.CERT_WRONG_NAME, "is for another name"),
}
_UNTRUSTED = (Problem.CERT_UNTRUSTED, "was not issued by an authority this machine trusts")


def tls_failure(host: str, error: ssl.SSLError | ssl.CertificateError) -> FetchFailed:
    """The failure that *error*, raised by a handshake with *host*, stands for."""
    if isinstance(error, ssl.SSLCertVerificationError):
        problem, says = _REASONS.get(error.verify_code, _UNTRUSTED)
        return FetchFailed(problem, f"the certificate of {host} {says}")
    said = printable(getattr(error, "reason", None) or type(error).__name__)
    return FetchFailed(Problem.TLS_HANDSHAKE, f"no TLS could be made with {host} ({said})")
