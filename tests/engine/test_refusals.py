"""Why a server does not suit a program, in words, from what it chose of other offers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.engine.refusals import may_fit, refused, unfit
from advisor.model.handshake import Agreement, SentCertificate, Tried
from advisor.model.reach import ProgramHello
from tests.make import details, tls

OLD = ProgramHello(
    "old", "TLSv1", "TLSv1.2", sni=True,
    suites=("AES128-SHA", "ECDHE-RSA-AES128-SHA"), groups=("secp256r1",),
    signatures=("rsa_pkcs1_sha256",),
)  # fmt: skip


def before(program: ProgramHello, cipher: str, group: str = "x25519") -> str:
    """What is told of *program* before a server that chose these in TLS 1.2."""
    seen = details(agreements={"TLSv1.2": Agreement(cipher, group)})
    return refused(program, tls(details=seen))


@pytest.mark.parametrize(
    ("program", "cipher", "group", "says"),
    [
        (OLD, "ECDHE-RSA-AES256-GCM-SHA384", "x25519",
         "offers only CBC suites, and this port wants AES-GCM"),
        (OLD, "ECDHE-ECDSA-AES128-GCM-SHA256", "x25519",
         "cannot verify ECDSA certificates, and this port has no other"),
        (replace(OLD, suites=("AES128-SHA",)), "ECDHE-RSA-AES128-SHA", "x25519",
         "agrees on keys by RSA, and this port wants ECDHE"),
        (replace(OLD, suites=("ECDHE-ECDSA-AES128-GCM-SHA256", "AES128-SHA",
                              "ECDHE-RSA-AES128-SHA")), "ECDHE-RSA-AES128-GCM-SHA256", "x25519",
         "offers no ECDHE-RSA suites with AES-GCM, and this port wants them"),
        (OLD, "ECDHE-RSA-AES256-SHA", "x25519", "has no cipher suite in common with this port"),
        (OLD, "ECDHE-RSA-AES128-SHA", "secp521r1",
         "has no group for keys in common with this port, which takes secp521r1"),
        (OLD, "ECDHE-RSA-AES128-SHA", "secp256r1", "is refused, and the server does not say why"),
        (replace(OLD, suites=("RC4-SHA", "DES-CBC3-SHA")), "AES128-SHA", "rsa",
         "offers only 3DES and RC4 suites, and this port wants CBC"),
    ],
)  # fmt: skip
def test_a_refusal_has_its_reason(
    program: ProgramHello, cipher: str, group: str, says: str
) -> None:
    """The most telling one that holds."""
    if cipher == "ECDHE-RSA-AES256-SHA":
        program = replace(program, suites=("ECDHE-RSA-AES128-SHA",))
    assert before(program, cipher, group) == says


def test_what_other_hellos_got_counts_too() -> None:
    """A server that took CBC from somebody does not want AES-GCM alone."""
    seen = details(
        agreements={"TLSv1.2": Agreement("ECDHE-RSA-AES128-GCM-SHA256", "x25519")},
        tried={"other": Tried("accepted", "TLSv1.2", "ECDHE-RSA-AES256-SHA", "x25519")},
    )
    assert "AES-GCM" not in refused(OLD, tls(details=seen))


def certificate(key: str, bits: int, signature: str) -> SentCertificate:
    """One that somebody above signed."""
    return SentCertificate(
        "CN=own", "CN=above", "2026-11-05T00:00:00Z", "2027-02-03T00:00:00Z", "00" * 32, key,
        bits, signature,
    )  # fmt: skip


STRICT = replace(OLD, refuses=("md5", "sha1"), least_rsa_bits=2048, least_dh_bits=1024,
                 most_dh_bits=2048)  # fmt: skip
RSA = Tried("accepted", "TLSv1.2", "ECDHE-RSA-AES128-SHA", "secp256r1")


@pytest.mark.parametrize(
    ("own", "came", "says"),
    [
        (certificate("RSA", 2048, "sha256"), RSA, ""),
        (certificate("RSA", 1024, "sha256"), RSA,
         "wants RSA keys of at least 2048 bits, and here one has 1024"),
        (certificate("RSA", 2048, "sha1"), RSA,
         "does not accept certificates signed with SHA-1, as here"),
        (certificate("EC", 256, "sha1"), RSA, ""),  # another one comes with an RSA suite
        (certificate("RSA", 2048, "sha256"), replace(RSA, key_exchange="dh 4096"),
         "can do Diffie-Hellman of 2048 bits at most, and this port has 4096"),
        (certificate("RSA", 2048, "sha256"), replace(RSA, key_exchange="dh 768"),
         "wants Diffie-Hellman of at least 1024 bits, and this port has 768"),
    ],
)  # fmt: skip
def test_what_comes_after_the_hello_counts(own: SentCertificate, came: Tried, says: str) -> None:
    """Keys and signatures that a program refuses, as far as it would see them."""
    assert unfit(STRICT, details(chain=(own,)), came) == says


def test_what_was_not_sent_may_fit() -> None:
    """Where a suite of it was chosen, or nothing is known of its versions."""
    seen = details(agreements={"TLSv1.2": Agreement("AES128-SHA", "rsa")})
    assert may_fit(OLD, seen)
    assert may_fit(replace(OLD, highest="TLSv1.1"), seen)
    assert not may_fit(replace(OLD, suites=("RC4-SHA",)), seen)
