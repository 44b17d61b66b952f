"""Odd certificates: what can be read is read, and nothing in one raises."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.identity import matches
from advisor.model.observation import Certificate, Live, ProbeResult
from advisor.model.text import printable
from advisor.net._certificate import from_der, from_facts
from advisor.net.stream import TcpConnector
from advisor.probing.prober import Prober
from tests.fakes import loopback
from tests.fakes.loopback import DAY, NOW, listening
from tests.fakes.stream import FixedAddresses

HOST = "mail.example.org"
KEY = ec.generate_private_key(ec.SECP256R1())
SAN = x509.ObjectIdentifier("2.5.29.17")
GREETING = loopback.saying(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n")


def named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def der_of(
    *,
    begins: datetime = NOW - DAY,
    ends: datetime = NOW + DAY,
    subject: x509.Name | None = None,
    alternatives: bytes | None = None,
) -> bytes:
    """A certificate that signed itself; *alternatives* is the value of its SAN, or nonsense."""
    own = named(HOST) if subject is None else subject
    builder = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(own)
        .public_key(KEY.public_key())
        .serial_number(7)
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
    if alternatives is not None:
        builder = builder.add_extension(x509.UnrecognizedExtension(SAN, alternatives), False)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def dns_name(text: bytes) -> bytes:
    """The DER of a SAN with one dNSName."""
    one = b"\x82" + bytes([len(text)]) + text
    return b"\x30" + bytes([len(one)]) + one


PLAIN = der_of()
ODD = {
    "no alternative names": PLAIN,
    "no subject": der_of(subject=x509.Name([])),
    "a name with controls": der_of(subject=named("a\x1b[2J\u202e,=+")),
    "many parts in its name": der_of(
        subject=x509.Name([*named("x" * 64)] * 400),
    ),
    "a broken text in its name": PLAIN.replace(HOST.encode(), b"\xff" * len(HOST)),
    "a negative serial": PLAIN.replace(b"\x02\x01\x07", b"\x02\x01\x87"),
    "no version we know": PLAIN.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x09"),
    "broken alternatives": der_of(alternatives=b"\x30\x05\x82\x7f"),
    "an address of three bytes": der_of(alternatives=b"\x30\x05\x87\x03\x01\x02\x03"),
    "a name that is no text": der_of(alternatives=dns_name(b"\xff\xfe\x00")),
    "an empty list": der_of(alternatives=b"\x30\x00"),
    "in the year 1950": der_of(begins=datetime(1950, 1, 1)),  # noqa: DTZ001
    "until 9999": der_of(ends=datetime(9999, 12, 31, 23, 59, 59)),  # noqa: DTZ001
}


def sound(found: Certificate | None) -> None:
    """Everything in *found* is safe to show and to compare."""
    if found is None:
        return
    texts = (found.subject, found.issuer, *found.names)
    assert [printable(text, 4000) for text in texts] == list(texts)
    for moment in (found.not_before, found.not_after):
        assert not moment or datetime.fromisoformat(moment).tzinfo is not None
    matches(HOST, found.names)


@pytest.mark.parametrize("der", ODD.values(), ids=ODD)
def test_an_odd_certificate_is_read_as_far_as_it_goes(der: bytes) -> None:
    """A part that cannot be read is empty."""
    sound(from_der(der))


def test_one_bad_part_does_not_spoil_the_rest() -> None:
    """The dates of a certificate with broken names are told."""
    found = from_der(ODD["broken alternatives"])
    assert found is not None
    assert (found.names, found.subject) == ((), f"CN={HOST}")
    assert found.not_after[:10] == f"{NOW + DAY:%Y-%m-%d}"


@given(place=st.integers(0, len(PLAIN) - 1), byte=st.integers(0, 255))
def test_any_changed_byte_is_survived(place: int, byte: int) -> None:
    """Somebody else's encoder, or a byte lost on the way."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sound(from_der(PLAIN[:place] + bytes([byte]) + PLAIN[place + 1 :]))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Jan  1 00:00:00 0050 GMT", "0050-01-01T00:00:00Z"),
        ("Jan  1 00:00:00 0001 GMT", "0001-01-01T00:00:00Z"),
        ("Dec 31 23:59:59 9999 GMT", "9999-12-31T23:59:59Z"),
        ("Jan  1 00:00:00 0000 GMT", ""),
        ("Bad time value", ""),
        ("", ""),
    ],
)
def test_years_have_four_digits_or_are_not_known(written: str, read: str) -> None:
    """The year 50 is 0050, and what is no date is nothing."""
    found = from_facts({"notBefore": written, "notAfter": written}, b"")
    assert (found.not_before, found.not_after) == (read, read)
    sound(found)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "subject": st.just(((("commonName", "a\x00b,\u202e"),),)),
            "issuer": st.just(()),
            "notBefore": st.text(max_size=30),
            "notAfter": st.text(max_size=30),
            "subjectAltName": st.lists(
                st.tuples(
                    st.sampled_from(["DNS", "IP Address", "email", "DirName"]), st.text(max_size=40)
                )
            ),
        },
    )
)
def test_whatever_ssl_says_of_one_is_survived(known: dict[str, Any]) -> None:
    """Also what it leaves out."""
    sound(from_facts(known, b""))


def trusted_with(alternatives: bytes, folder: Path) -> ssl.SSLContext:
    """A server whose certificate the tests' authority signed, with such a SAN."""
    authority = loopback.authority()
    signed = (
        x509.CertificateBuilder()
        .subject_name(named(HOST))
        .issuer_name(x509.load_pem_x509_certificate(authority.cert_pem.bytes()).subject)
        .public_key(KEY.public_key())
        .serial_number(7)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.UnrecognizedExtension(SAN, alternatives), critical=False)
        .sign(
            serialization.load_pem_private_key(authority.private_key_pem.bytes(), None),  # type: ignore[arg-type]
            hashes.SHA256(),
        )
    )
    path = folder / "odd.pem"
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + KEY.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.mark.parametrize(
    "alternatives",
    [dns_name(b"\xff\xfe\xfd.example"), dns_name(b"a\x00b.example.org"), b"\x30\x00"],
)
async def test_an_odd_certificate_ends_in_a_result(alternatives: bytes, tmp_path: Path) -> None:
    """Even one that a known authority signed: the prober never raises for it."""
    tls = trusted_with(alternatives, tmp_path)
    async with listening(GREETING, tls) as port, asyncio.timeout(10):
        connector = TcpConnector(FixedAddresses(), ca_file=loopback.authority_file(tmp_path))
        at = Endpoint(Protocol.IMAP, HOST, port, Security.TLS)
        result: ProbeResult = await Prober(connector).probe(at)
    assert result.live is Live.FAILED
    assert result.observation.tls is not None
    sound(result.observation.tls.certificate)
