"""The certificates that the bad servers show, each made once."""

from __future__ import annotations

import ssl
import tempfile
import warnings
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.fakes import loopback

HOST = "mail.example.org"
MEBIBYTE = 1 << 20
CHAIN = 200

_NOW = datetime.now(UTC)
_DAY = timedelta(days=1)


@cache
def context(kind: str) -> ssl.SSLContext:
    """A server's context with the certificate *kind*."""
    match kind:
        case "expired":
            return loopback.expired(HOST)
        case "not-yet-valid":
            return loopback.not_yet_valid(HOST)
        case "untrusted":
            return loopback.untrusted(HOST)
        case "wrong-name":
            return loopback.server_context("other.example")
        case "self-signed":
            with tempfile.TemporaryDirectory() as folder:
                return loopback.self_signed(Path(folder), HOST)
        case "tls-1.0":
            return loopback.outdated(HOST)
        case "tls-1.2":
            made = loopback.server_context(HOST)
            made.maximum_version = ssl.TLSVersion.TLSv1_2
            return made
        case "wants-certificate":
            return _wanting(loopback.server_context(HOST))
        case "wants-certificate-1.2":
            made = _wanting(loopback.server_context(HOST))
            made.maximum_version = ssl.TLSVersion.TLSv1_2
            return made
        case "no-shared-cipher":
            made = loopback.server_context(HOST)
            made.maximum_version = ssl.TLSVersion.TLSv1_2
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                made.set_ciphers("AES128-CCM8:@SECLEVEL=0")
            return made
        case "mebibyte":
            return _made([_leaf(bulk=MEBIBYTE)])
        case "long-chain":
            return _made(_chain(CHAIN))
    return loopback.server_context(HOST)


def _wanting(made: ssl.SSLContext) -> ssl.SSLContext:
    made.verify_mode = ssl.CERT_REQUIRED
    loopback.authority().configure_trust(made)
    return made


Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def _signed(name: str, issuer: Pair | None, *, bulk: int = 0, leaf: bool = False) -> Pair:
    """A certificate for *name* by *issuer*, or by itself, with *bulk* bytes that mean nothing."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(issuer[0].subject if issuer else own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_NOW - _DAY)
        .not_valid_after(_NOW + 30 * _DAY)
        .add_extension(x509.BasicConstraints(ca=not leaf, path_length=None), critical=True)
    )
    if leaf:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
    if bulk:
        nothing = x509.UnrecognizedExtension(
            x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), bytes(bulk)
        )
        builder = builder.add_extension(nothing, critical=False)
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256()), key


def _leaf(bulk: int) -> Pair:
    return _signed(HOST, None, bulk=bulk, leaf=True)


def _chain(length: int) -> list[Pair]:
    """The leaf first, then its issuer, and so on up to a root that nobody knows."""
    chain = [_signed("Root", None)]
    for number in range(length - 2):
        chain.insert(0, _signed(f"Intermediate {number}", chain[0]))
    chain.insert(0, _signed(HOST, chain[0], leaf=True))
    return chain


def _made(chain: list[Pair]) -> ssl.SSLContext:
    text = chain[0][1].private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + b"".join(one.public_bytes(serialization.Encoding.PEM) for one, _ in chain)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with trustme.Blob(text).tempfile() as path:
        made.load_cert_chain(path)
    return made
