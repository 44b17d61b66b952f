"""The server's flight in TLS 1.2, held against the real library and against any bytes."""

from __future__ import annotations

import os
import ssl
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formats.tls import Hello, server_answer
from advisor.formats.tls_flight import Flight, read_flight
from advisor.formats.tls_hello import client_hello, post_quantum_hello
from advisor.model.tls_names import group_name, keeps_secrets, suite_name
from tests.fakes import pki

HOST = "mail.example.org"


def said(context: ssl.SSLContext, hello: bytes) -> bytes:
    """What a real server says to *hello*."""
    received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(received, sent, server_side=True)
    received.write(hello)
    with suppress(ssl.SSLError):
        tls.do_handshake()
    return sent.read()


def hello_of(data: bytes) -> Hello:
    """The server's hello, which must be there."""
    told = server_answer(data)
    assert isinstance(told, Hello)
    return told


@pytest.fixture
def chain() -> tuple[pki.Issued, pki.Issued]:
    """A server's certificate with an RSA key, and the authority above it."""
    root = pki.issue("Test Root", authority=True)
    return pki.issue(HOST, root, key=pki.rsa_key(2048)), root


@pytest.mark.parametrize(
    ("suites", "exchange"),
    [
        ("ECDHE-RSA-AES128-GCM-SHA256", "x25519"),
        ("AES256-GCM-SHA384", "rsa"),
    ],
)
def test_the_key_exchange_and_the_chain_are_read(
    suites: str, exchange: str, chain: tuple[pki.Issued, pki.Issued], tmp_path: Path
) -> None:
    """Byte by byte nothing else is told than whole, and it is complete at its end only."""
    context = pki.context(tmp_path, *chain)
    context.set_ciphers(suites)
    data = said(context, client_hello("TLSv1.2", HOST, os.urandom(64)))
    hello = hello_of(data)
    assert (hello.version, suite_name(hello.cipher)) == ("TLSv1.2", suites)
    ders = tuple(one.der for one in chain)
    assert read_flight(data, hello.cipher) == Flight(True, ders, exchange, stapled=False)
    assert not any(read_flight(data[:end], hello.cipher).complete for end in range(len(data)))
    assert read_flight(data + b"more", hello.cipher).complete


def test_a_finite_field_is_told_with_its_size(
    chain: tuple[pki.Issued, pki.Issued], tmp_path: Path
) -> None:
    """DHE: the bits of the prime."""
    context = pki.context(tmp_path, *chain)
    context.set_ciphers("DHE-RSA-AES128-GCM-SHA256")
    parameters = tmp_path / "dh.pem"
    parameters.write_text(FFDHE2048)
    context.load_dh_params(str(parameters))
    data = said(context, client_hello("TLSv1.2", HOST, os.urandom(64)))
    assert read_flight(data, hello_of(data).cipher).key_exchange == "dh 2048"


def test_a_group_that_is_asked_for_anew_is_told(
    chain: tuple[pki.Issued, pki.Issued], tmp_path: Path
) -> None:
    """TLS 1.3: the server wants another group than the key that came (HelloRetryRequest)."""
    context = pki.context(tmp_path, *chain)
    context.set_ecdh_curve("secp384r1")
    hello = hello_of(said(context, client_hello("TLSv1.3", HOST, os.urandom(64))))
    assert hello.group is not None
    assert (hello.version, group_name(hello.group)) == ("TLSv1.3", "secp384r1")


def test_a_protocol_is_named_and_answered(
    chain: tuple[pki.Issued, pki.Issued], tmp_path: Path
) -> None:
    """ALPN, in the clear up to TLS 1.2."""
    context = pki.context(tmp_path, *chain)
    context.set_alpn_protocols(["imap"])
    asked = client_hello("TLSv1.2", HOST, os.urandom(64), alpn="imap")
    assert hello_of(said(context, asked)).alpn == "imap"
    plain = client_hello("TLSv1.2", HOST, os.urandom(64))
    assert hello_of(said(context, plain)).alpn is None


def test_a_post_quantum_hello_leaves_no_other_choice(
    chain: tuple[pki.Issued, pki.Issued], tmp_path: Path
) -> None:
    """A real library without such groups refuses; one with them asks for the key."""
    told = server_answer(said(pki.context(tmp_path, *chain), post_quantum_hello(HOST, bytes(64))))
    if isinstance(told, Hello):
        assert told.group is not None
        assert "MLKEM" in group_name(told.group)


@pytest.mark.parametrize(
    ("suite", "keeps"),
    [
        ("TLS_AES_128_GCM_SHA256", True),
        ("ECDHE-RSA-AES128-SHA", True),
        ("DHE-DSS-AES128-SHA", True),
        ("AES128-SHA", False),
        ("RC4-MD5", False),
        ("0x1234", None),
        ("unknown", None),
    ],
)
def test_forward_secrecy_is_in_the_name(suite: str, keeps: bool | None) -> None:
    """An unknown suite is not judged."""
    assert keeps_secrets(suite) is keeps


RECORD = st.builds(
    lambda body: b"\x16\x03\x03" + len(body).to_bytes(2) + body,
    st.builds(
        lambda kind, body: bytes([kind]) + len(body).to_bytes(3) + body,
        st.sampled_from([2, 11, 12, 14, 22]),
        st.binary(max_size=40),
    ),
)


@given(
    data=st.binary(max_size=300) | st.lists(RECORD, max_size=6).map(b"".join),
    cipher=st.sampled_from([0xC02F, 0x009E, 0x002F, 0x1301, 0xFFFF]),
)
def test_any_bytes_are_read_without_trouble(data: bytes, cipher: int) -> None:
    """Whatever a stranger sends."""
    found = read_flight(data, cipher)
    assert sum(map(len, found.certificates)) <= len(data)
    server_answer(data)


# RFC 7919 §A.1.
FFDHE2048 = """-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
"""
