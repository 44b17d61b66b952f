"""The lab's private certificate authority, and the certificates that are right or wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .scenarios import Certificate

STRANGER = "mail.elsewhere.test"

# When each certificate begins and ends, in days from now.
VALIDITY = {
    Certificate.GOOD: (-1, 200),
    Certificate.EXPIRED: (-100, -10),
    Certificate.EXPIRING: (-85, 5),
    Certificate.WRONG_NAME: (-1, 200),
    Certificate.SELF_SIGNED: (-1, 200),
}


class Pem(NamedTuple):
    """Where a certificate chain, its key, and both in one file (key first) are."""

    chain: Path
    key: Path
    both: Path


class Authority:
    """Issues certificates as PEM files in one folder; the same question gives the same files."""

    def __init__(self, directory: Path) -> None:
        """A new authority, with its own certificate in `ca.pem`."""
        directory.mkdir()
        self._directory = directory
        self._ca = trustme.CA(organization_name="advisor test lab")
        self._now = datetime.now(UTC).replace(microsecond=0)
        self.ca_file = directory / "ca.pem"
        self._ca.cert_pem.write_to_path(self.ca_file)

    def issue(self, name: str, kind: Certificate = Certificate.GOOD) -> Pem:
        """A certificate of this kind for the host *name* (which may begin with "*.")."""
        stem = f"{name.replace('*', 'any')}-{kind.name.lower()}"
        pem = Pem(*(self._directory / f"{stem}.{part}.pem" for part in ("chain", "key", "both")))
        if not pem.both.exists():
            make = self._self_signed if kind is Certificate.SELF_SIGNED else self._signed
            chain, key = make(name, kind)
            pem.chain.write_bytes(chain)
            pem.key.write_bytes(key)
            pem.both.write_bytes(key + chain)
            pem.key.chmod(0o600)
            pem.both.chmod(0o600)
        return pem

    def _validity(self, kind: Certificate) -> tuple[datetime, datetime]:
        first, last = VALIDITY[kind]
        return self._now + timedelta(days=first), self._now + timedelta(days=last)

    def _signed(self, name: str, kind: Certificate) -> tuple[bytes, bytes]:
        not_before, not_after = self._validity(kind)
        host = STRANGER if kind is Certificate.WRONG_NAME else name
        leaf = self._ca.issue_cert(
            host,
            common_name=host,  # fetchmail and OfflineIMAP want one
            not_before=not_before,
            not_after=not_after,
        )
        chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
        return chain, leaf.private_key_pem.bytes()

    def _self_signed(self, name: str, kind: Certificate) -> tuple[bytes, bytes]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        not_before, not_after = self._validity(kind)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(not_before)
            .not_valid_after(not_after)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        return (
            certificate.public_bytes(serialization.Encoding.PEM),
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            ),
        )
