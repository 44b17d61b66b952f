"""Signed documents, verified by the openssl program; and keys that are no good."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from advisor.errors import InputError
from advisor.signing import signer
from tests.run import advisor

DOCUMENT = b"<plist>\n<string>\xc3\xbc</string>\r\n</plist>\n"


class Keys:
    """PEM files: an authority, and a certificate of it by way of another one."""

    def __init__(self, folder: Path) -> None:
        root = trustme.CA()
        self.ca_file = folder / "ca.pem"
        root.cert_pem.write_to_path(self.ca_file)
        leaf = root.create_child_ca().issue_cert("profiles.example.org")
        self.certificate, self.key = folder / "chain.pem", folder / "key.pem"
        self.certificate.write_bytes(b"".join(one.bytes() for one in leaf.cert_chain_pems))
        leaf.private_key_pem.write_to_path(self.key)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """The files."""
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.mark.skipif(which("openssl") is None, reason="openssl is not installed")
def test_openssl_verifies_what_is_signed(keys: Keys, tmp_path: Path) -> None:
    """The document comes out byte for byte, and the chain is complete."""
    signed = tmp_path / "signed.mobileconfig"
    signed.write_bytes(signer(keys.certificate, keys.key, ca_file=keys.ca_file)(DOCUMENT))
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-in", str(signed), "-binary"]
    done = subprocess.run(
        [*command, "-CAfile", str(keys.ca_file), "-purpose", "any"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == DOCUMENT


@pytest.mark.skipif(which("openssl") is None, reason="openssl is not installed")
def test_intermediate_certificates_are_in_the_signature(keys: Keys, tmp_path: Path) -> None:
    """A device has the root only; and S/MIME's older command verifies the same."""
    signed = tmp_path / "signed.mobileconfig"
    signed.write_bytes(signer(keys.certificate, keys.key, ca_file=keys.ca_file)(DOCUMENT))
    inside = _openssl("pkcs7", "-inform", "DER", "-in", str(signed), "-print_certs", "-noout")
    assert inside.decode().count("subject=") == 2
    verified = _openssl(
        *("smime", "-verify", "-inform", "DER", "-in", str(signed), "-binary"),
        *("-CAfile", str(keys.ca_file), "-purpose", "any"),
    )
    assert verified == DOCUMENT


def _openssl(*words: str) -> bytes:
    """What the openssl program prints; it must be content."""
    done = subprocess.run(["openssl", *words], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_certificate_out_of_date_is_refused(tmp_path: Path) -> None:
    """Though its authority is trusted."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    past = datetime.now(UTC) - timedelta(days=2)
    leaf = authority.issue_cert("profiles.example.org", not_before=past, not_after=past)
    leaf.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    leaf.private_key_pem.write_to_path(tmp_path / "key.pem")
    with pytest.raises(InputError, match=r"would not be trusted \(certificate has expired\)"):
        signer(tmp_path / "cert.pem", tmp_path / "key.pem", ca_file=tmp_path / "ca.pem")


def test_a_chain_without_its_intermediate_is_refused(keys: Keys, tmp_path: Path) -> None:
    """A device could not follow it to the root."""
    whole = keys.certificate.read_bytes()
    alone = tmp_path / "alone.pem"
    end = b"-----END CERTIFICATE-----"
    alone.write_bytes(whole[: whole.index(end) + len(end)] + b"\n")
    with pytest.raises(InputError, match="would not be trusted"):
        signer(alone, keys.key, ca_file=keys.ca_file)


def test_a_certificate_that_nobody_trusts_is_refused(keys: Keys) -> None:
    """Unless somebody insists."""
    with pytest.raises(InputError, match=r"would not be trusted .*--even-if-untrusted"):
        signer(keys.certificate, keys.key)
    assert signer(keys.certificate, keys.key, even_if_untrusted=True)(DOCUMENT)


def test_a_self_signed_certificate_is_refused(tmp_path: Path) -> None:
    """Also where the authority is the one that signs."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "cert.pem")
    authority.private_key_pem.write_to_path(tmp_path / "key.pem")
    with pytest.raises(InputError, match="would not be trusted"):
        signer(tmp_path / "cert.pem", tmp_path / "key.pem")


def test_another_ones_key_is_refused(keys: Keys, tmp_path: Path) -> None:
    """Whatever is insisted on."""
    other = tmp_path / "key.pem"
    trustme.CA().private_key_pem.write_to_path(other)
    with pytest.raises(InputError, match="does not belong to"):
        signer(keys.certificate, other, even_if_untrusted=True)


def test_an_encrypted_key_is_refused(keys: Keys, tmp_path: Path) -> None:
    """It is not asked for its password."""
    key = serialization.load_pem_private_key(keys.key.read_bytes(), None)
    locked = tmp_path / "locked.pem"
    locked.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"x"),
        )
    )
    with pytest.raises(InputError, match="is encrypted"):
        signer(keys.certificate, locked)


@pytest.mark.parametrize("content", [b"", b"junk", b"\xff\x00", b"-----BEGIN CERTIFICATE-----\n"])
def test_what_is_no_pem_is_told(keys: Keys, tmp_path: Path, content: bytes) -> None:
    """For either file."""
    bad = tmp_path / "bad.pem"
    bad.write_bytes(content)
    with pytest.raises(InputError, match="holds no certificate"):
        signer(bad, keys.key)
    with pytest.raises(InputError, match="holds no private key"):
        signer(keys.certificate, bad)


def test_a_missing_file_is_told(keys: Keys, tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(InputError, match=r"none\.pem cannot be read"):
        signer(keys.certificate, tmp_path / "none.pem")


def test_the_command_signs(keys: Keys, tmp_path: Path) -> None:
    """Before it asks anybody, it looks at the key."""
    words = ["export", "mobileconfig", "jane@posteo.de", "--offline"]
    pair = [str(keys.certificate), str(keys.key)]
    refused = advisor(*words, "--sign", *pair)
    assert (refused.code, refused.out) == (2, "")
    assert "--even-if-untrusted" in refused.err
    target = tmp_path / "mail.mobileconfig"
    done = advisor(*words, "--sign", *pair, "--ca-file", str(keys.ca_file), "--output", str(target))
    assert done.code == 0, done.err
    assert b"jane@posteo.de" in target.read_bytes()
    assert target.read_bytes()[0] == 0x30  # a DER sequence


def test_only_profiles_are_signed(keys: Keys) -> None:
    """Others have no use for it."""
    pair = [str(keys.certificate), str(keys.key)]
    ran = advisor("export", "mutt", "jane@posteo.de", "--offline", "--sign", *pair)
    assert ran.code == 2
    assert "--sign goes with mobileconfig" in ran.err
