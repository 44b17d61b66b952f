"""The first flight of TLS by hand, held against the real library."""

from __future__ import annotations

import os
import ssl
import warnings
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formats.tls import (
    VERSIONS,
    Alert,
    Hello,
    Stranger,
    server_answer,
)
from advisor.formats.tls_hello import client_hello
from tests.fakes import loopback

RANDOM = bytes(range(64))
HOST = "mail.example.org"
NUMBERS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}


def answer(version: str, *, lowest: str = "TLSv1", highest: str = "TLSv1.3") -> bytes:
    """What a real server with these versions says to a hello for *version*."""
    context = loopback.server_context(HOST)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = NUMBERS[lowest], NUMBERS[highest]
    context.set_ciphers("ALL:@SECLEVEL=0")
    received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(received, sent, server_side=True)
    received.write(client_hello(version, HOST, os.urandom(64)))
    with suppress(ssl.SSLError):
        tls.do_handshake()
    return sent.read()


@pytest.mark.parametrize("version", NUMBERS)
def test_a_server_of_all_versions_takes_each(version: str) -> None:
    """The real library reads the hello and answers with that version."""
    told = server_answer(answer(version))
    assert isinstance(told, Hello)
    assert told.version == version
    assert told.cipher


@pytest.mark.parametrize("version", ["SSLv3", "TLSv1", "TLSv1.1"])
def test_a_modern_server_refuses_the_old_ones(version: str) -> None:
    """With an alert."""
    assert isinstance(server_answer(answer(version, lowest="TLSv1.2")), Alert)


def test_an_older_version_is_told_as_what_it_is() -> None:
    """Offered 1.2, the server takes 1.1."""
    told = server_answer(answer("TLSv1.2", highest="TLSv1.1"))
    assert isinstance(told, Hello)
    assert told.version == "TLSv1.1"


def test_a_server_of_tls_1_2_refuses_1_3() -> None:
    """Asked for 1.3 alone, it must not fall back."""
    assert isinstance(server_answer(answer("TLSv1.3", highest="TLSv1.2")), Alert)


@pytest.mark.parametrize("version", NUMBERS)
def test_an_answer_is_read_byte_by_byte(version: str) -> None:
    """None until enough is there, then the same as whole, and trailing bytes change nothing."""
    whole = answer(version)
    told = server_answer(whole)
    seen = [server_answer(whole[:end]) for end in range(len(whole) + 1)]
    first = next(place for place, one in enumerate(seen) if one is not None)
    assert seen[:first] == [None] * first
    assert set(map(repr, seen[first:])) == {repr(told)}
    assert server_answer(whole + b"more") == told


@pytest.mark.parametrize(
    "data",
    [b"* OK hello\r\n", b"220 hi\r\n", b"HTTP/1.1 400 Bad\r\n", b"\x80\x2e\x01", b"\x16\x02"],
)
def test_what_is_no_tls_is_a_stranger(data: bytes) -> None:
    """Clear text, and the records of SSL 2.0."""
    assert server_answer(data) == Stranger()


@given(st.binary(max_size=200))
def test_any_bytes_end_in_an_answer(data: bytes) -> None:
    """A server can say anything."""
    assert isinstance(server_answer(data), Hello | Alert | Stranger | None)


@given(st.binary(max_size=200))
def test_any_body_of_a_hello_ends_in_an_answer(body: bytes) -> None:
    """Also inside a well-made record."""
    message = b"\x02" + len(body).to_bytes(3) + body
    record = b"\x16\x03\x03" + len(message).to_bytes(2) + message
    assert isinstance(server_answer(record), Hello | Stranger)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("host", ["", "192.0.2.1", "2001:db8::1"])
def test_an_address_is_not_sent_as_a_name(version: str, host: str) -> None:
    """RFC 6066 §3."""
    assert client_hello(version, host, RANDOM) == client_hello(version, "", RANDOM)


def test_ssl_3_has_no_extensions() -> None:
    """Old servers do not read past where the hello used to end."""
    assert HOST.encode() not in client_hello("SSLv3", HOST, RANDOM)
    assert HOST.encode() in client_hello("TLSv1", HOST, RANDOM)
