"""Certificates of every kind, right and wrong: an authority, those below it, and servers'."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

PUBLIC_POLICY = "2.23.140.1.2.1"
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


def ec_key() -> Any:
    """A usual key."""
    return ec.generate_private_key(ec.SECP256R1())


def rsa_key(bits: int) -> Any:
    """An RSA key of so many *bits*."""
    return rsa.generate_private_key(65537, bits)


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Any

    @property
    def pem(self) -> bytes:
        """The certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        """The certificate."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def spki(self) -> bytes:
        """Its public key."""
        public = self.certificate.public_key()
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return public.public_bytes(serialization.Encoding.DER, form)

    @property
    def private_pem(self) -> bytes:
        """Its private key."""
        return bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )


def issue(
    name: str,
    issuer: Issued | None = None,
    *,
    authority: bool = False,
    ends: datetime = NOW + 30 * DAY,
    key: Any = None,
    extensions: tuple[x509.ExtensionType, ...] = (),
) -> Issued:
    """A certificate for *name* by *issuer* or itself; for a host unless it is an *authority*."""
    key = key or ec_key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 60 * DAY)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        names = x509.SubjectAlternativeName([x509.DNSName(name)])
        builder = builder.add_extension(names, critical=False)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    signer = issuer.key if issuer else key
    return Issued(builder.sign(signer, hashes.SHA256()), key)


def signed_anew(folder: Path, one: Issued, issuer: Issued, digest: str) -> Issued:
    """The self-signed *one* as signed by *issuer* over *digest*: libraries refuse to make sha1."""
    paths = {name: folder / f"{name}.pem" for name in ("one", "issuer", "key")}
    for name, pem in (("one", one.pem), ("issuer", issuer.pem), ("key", issuer.private_pem)):
        paths[name].write_bytes(pem)
    command = ["openssl", "x509", "-in", str(paths["one"]), "-CA", str(paths["issuer"])]
    command += ["-CAkey", str(paths["key"]), f"-{digest}", "-set_serial", "77"]
    made = subprocess.run(command, check=True, capture_output=True)
    return Issued(x509.load_pem_x509_certificate(made.stdout), one.key)


def public_policy() -> x509.ExtensionType:
    """What a public authority writes into servers' certificates."""
    policy = x509.PolicyInformation(x509.ObjectIdentifier(PUBLIC_POLICY), None)
    return x509.CertificatePolicies([policy])


def context(folder: Path, own: Issued, *others: Issued) -> ssl.SSLContext:
    """A server that sends *own* and then *others*, whatever they are."""
    path = folder / f"{own.certificate.serial_number:x}.pem"
    path.write_bytes(own.private_pem + own.pem + b"".join(one.pem for one in others))
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.set_ciphers("ALL:@SECLEVEL=0")
    found.load_cert_chain(path)
    return found
