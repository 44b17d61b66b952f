"""Signing a document as its publisher: CMS SignedData in DER, with the document inside.

A signature by a certificate that devices do not trust frightens people more than none, so such a
certificate is refused unless somebody insists. It is tried as a server's certificate is: with a
handshake in memory, which proves as well that the key belongs to it.

See: RFC 5652 §5; Apple, "Configuration profiles".
"""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from advisor.errors import InputError
from advisor.model.text import printable
from advisor.net._tls import trusting

# Far more than a handshake takes.
_TURNS = 10


def signer(
    certificate: Path,
    key: Path,
    *,
    ca_file: Path | None = None,
    even_if_untrusted: bool = False,
) -> Callable[[bytes], bytes]:
    """What signs a document with the PEM file *key*; *certificate* is a PEM file, its own first.

    Authorities in *ca_file* are trusted besides the system's. The signature names the time, so
    two signatures of one document differ.

    Raises:
        InputError: a file cannot be read or is no PEM, the key is encrypted or another one's, or
            the certificate is not trusted (unless *even_if_untrusted*).
    """
    chain, private = _read(certificate, key)
    trouble = _distrust(certificate, key, ca_file)
    if trouble and not even_if_untrusted:
        raise InputError(
            f"the certificate in {_shown(certificate)} would not be trusted ({trouble}): take one "
            "of a public authority, or insist with --even-if-untrusted"
        )
    return partial(_sign, chain, private)


def _sign(chain: Sequence[Any], private: Any, document: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.hazmat.primitives.serialization.pkcs7 import (
        PKCS7Options,
        PKCS7SignatureBuilder,
    )

    builder = PKCS7SignatureBuilder().set_data(document).add_signer(chain[0], private, SHA256())
    for issuer in chain[1:]:
        builder = builder.add_certificate(issuer)
    return builder.sign(Encoding.DER, [PKCS7Options.Binary])


def _read(certificate: Path, key: Path) -> tuple[Sequence[Any], Any]:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificates

    try:
        with warnings.catch_warnings(action="ignore"):
            chain = load_pem_x509_certificates(_bytes(certificate))
        chain[0].public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise InputError(f"{_shown(certificate)} holds no certificate in PEM") from None
    try:
        private = load_pem_private_key(_bytes(key), None)
    except TypeError:
        raise InputError(f"the key in {_shown(key)} is encrypted: give one that is not") from None
    except (ValueError, UnsupportedAlgorithm):
        raise InputError(f"{_shown(key)} holds no private key in PEM") from None
    if not isinstance(private, RSAPrivateKey | EllipticCurvePrivateKey):
        raise InputError(f"the key in {_shown(key)} is neither RSA nor ECDSA: it cannot sign this")
    if private.public_key() != chain[0].public_key():
        raise InputError(f"the key in {_shown(key)} does not belong to {_shown(certificate)}")
    return chain, private


def _distrust(certificate: Path, key: Path, ca_file: Path | None) -> str:
    """Why the certificate is not trusted; "" if it is."""
    accepting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        accepting.load_cert_chain(certificate, key, password=lambda: b"")
    except ssl.SSLError as error:
        return printable(error.reason or str(error), 200)
    connecting = trusting(ca_file)
    connecting.check_hostname = False
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        accepting.wrap_bio(to_server, to_client, server_side=True),
        connecting.wrap_bio(to_client, to_server),
    ]
    for _ in range(_TURNS):
        for side in list(sides):
            try:
                side.do_handshake()
                sides.remove(side)
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as error:
                return printable(error.verify_message, 200)
            except ssl.SSLError as error:
                return printable(error.reason or str(error), 200)
        if not sides:
            return ""
    return "no handshake is made with it"


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{_shown(path)} cannot be read: {error.strerror}") from None
    except ValueError:
        raise InputError(f"{_shown(path)} is no path of a file") from None


def _shown(path: Path) -> str:
    return printable(str(path), 80)
