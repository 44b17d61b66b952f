"""The bytes of each mechanism, by the examples of its RFC."""

from __future__ import annotations

import pytest

from advisor.dialogues._sasl import MECHANISMS, Exchange, Identity
from advisor.errors import RemoteProtocolError
from advisor.model.secret import Secret


def exchange(mechanism: str, user: str, password: str, nonce: str = "") -> Exchange:
    who = Identity(user, Secret(password.encode()), nonce, "server.example.com", 587)
    return Exchange(mechanism, who)


def test_plain() -> None:
    """RFC 4616 §4."""
    assert exchange("PLAIN", "tim", "tanstaaftanstaaf").initial == b"\0tim\0tanstaaftanstaaf"


def test_cram_md5() -> None:
    """RFC 2195 §2."""
    talk = exchange("CRAM-MD5", "tim", "tanstaaftanstaaf")
    assert talk.initial is None
    answer = talk.respond(b"<1896.697170952@postoffice.reston.mci.net>")
    assert answer == b"tim b913a602c7eda7a495b4e6e7334d3890"
    talk.finish()


@pytest.mark.parametrize(
    ("mechanism", "nonce", "first", "final", "proof"),
    [
        (
            "SCRAM-SHA-1",
            "fyko+d2lbbFgONRv9qkxdawL",
            b"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
            b"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
            b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
        ),
        (
            "SCRAM-SHA-256",
            "rOprNGfwEbeRWgbNEkqO",
            b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            (
                b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                b"p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
            ),
            b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        ),
    ],
)
def test_scram(mechanism: str, nonce: str, first: bytes, final: bytes, proof: bytes) -> None:
    """RFC 5802 §5, RFC 7677 §3; the server's signature comes as a challenge or with its yes."""
    for told_with_yes in (False, True):
        talk = exchange(mechanism, "user", "pencil", nonce)
        assert talk.initial == b"n,,n=user,r=" + nonce.encode()
        assert talk.respond(first) == final
        if told_with_yes:
            talk.finish(proof)
        else:
            assert talk.respond(proof) == b""
            talk.finish()


def test_scram_escapes_and_prepares() -> None:
    """RFC 5802 §5.1 for the name, RFC 4013 for what is not ASCII: "Ⅸ" is "IX" there."""
    assert exchange("SCRAM-SHA-1", "a=b,c", "x", "n").initial == b"n,,n=a=3Db=2Cc,r=n"
    assert exchange("SCRAM-SHA-1", "\u2168\u00ad", "x", "n").initial == b"n,,n=IX,r=n"
    first = b"r=nm,s=QSXCR+Q6sek8bf92,i=1"
    answers = {
        exchange("SCRAM-SHA-1", "u", word, "n").respond(first) for word in ("IX", "\u2168\u00ad")
    }
    assert len(answers) == 1


def test_oauthbearer() -> None:
    """RFC 7628 §4.1."""
    talk = exchange("OAUTHBEARER", "user@example.com", "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==")
    assert talk.initial == (
        b"n,a=user@example.com,\x01host=server.example.com\x01port=587\x01"
        b"auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01"
    )
    assert talk.respond(b'{"status":"invalid_token"}') == b"\x01"


def test_xoauth2() -> None:
    """As Google and Microsoft describe it."""
    talk = exchange("XOAUTH2", "me@example.com", "ya29.token")
    assert talk.initial == b"user=me@example.com\x01auth=Bearer ya29.token\x01\x01"
    talk.finish()


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_nothing_endless(mechanism: str) -> None:
    """Whatever is asked for, a mechanism comes to its end."""
    talk = exchange(mechanism, "user", "pencil", "nonce")
    with pytest.raises(RemoteProtocolError):
        [talk.respond(b"x") for _ in range(5)]
