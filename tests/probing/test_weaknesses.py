"""What servers take that nobody should offer, over real connections."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from pathlib import Path
from typing import Any

import pytest

from advisor.model.handshake import TlsDetails
from advisor.model.observation import TlsObservation
from tests.fakes import pki
from tests.fakes.loopback import listening

from .test_thorough import HOST, Authorities, authorities, details, looked

__all__ = ["authorities"]

# RFC 2409 §6.2, the second Oakley group: 1024 bits, known to be within reach of the mighty.
OAKLEY_2 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
    "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
    "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
    16,
)
# OpenSSL's ssl.h: SSL_OP_NO_EXTENDED_MASTER_SECRET.
NO_EXTENDED_MASTER_SECRET = 1


@pytest.fixture(scope="module")
def own(authorities: Authorities) -> pki.Issued:
    """A server's certificate with an RSA key."""
    return pki.issue(HOST, authorities.root, key=pki.rsa_key(2048))


def context(folder: Path, own: pki.Issued, ciphers: str) -> ssl.SSLContext:
    """A server of TLS 1.2 with these *ciphers*."""
    found = pki.context(folder, own)
    found.maximum_version = ssl.TLSVersion.TLSv1_2
    found.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    return found


async def test_a_usual_server_takes_nothing_broken(
    authorities: Authorities, own: pki.Issued, tmp_path: Path
) -> None:
    """And has all that was invented against attacks."""
    found = details(await looked(authorities, context(tmp_path, own, "DEFAULT")))
    assert found.broken == {}
    assert (found.secure_renegotiation, found.extended_master_secret) == (True, True)
    assert found.compression is False
    assert found.dh_bits is None or found.dh_bits >= 2048


async def test_every_kind_of_broken_suite_is_found(
    authorities: Authorities, own: pki.Issued, tmp_path: Path
) -> None:
    """One connection for each, as a server chooses one at a time."""
    tls = context(tmp_path, own, "ECDHE-RSA-AES128-GCM-SHA256:eNULL:aNULL")
    tls.set_ecdh_curve("prime256v1")
    found = details(await looked(authorities, tls))
    assert list(found.broken) == ["null", "anonymous"]
    assert "NULL" in found.broken["null"]
    assert found.broken["anonymous"].startswith(("AECDH-", "ADH-"))
    # What is agreed on in the usual way does not change for it.
    assert found.agreements["TLSv1.2"].cipher == "ECDHE-RSA-AES128-GCM-SHA256"


async def test_a_short_prime_is_found_behind_elliptic_curves(
    authorities: Authorities, own: pki.Issued, tmp_path: Path
) -> None:
    """A usual program never sees it; ``Server Temp Key`` of s_client says the same."""
    # PKCS #3: a sequence of the prime and the generator 2.
    der = b"\x30\x81\x87\x02\x81\x81\x00" + OAKLEY_2.to_bytes(128) + b"\x02\x01\x02"
    text = base64.encodebytes(der).decode()
    parameters = f"-----BEGIN DH PARAMETERS-----\n{text}-----END DH PARAMETERS-----\n"
    (tmp_path / "dh.pem").write_text(parameters)
    tls = context(tmp_path, own, "ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES128-GCM-SHA256")
    tls.load_dh_params(str(tmp_path / "dh.pem"))
    found = details(await looked(authorities, tls))
    assert found.agreements["TLSv1.2"].key_exchange == "x25519"
    assert found.dh_bits == 1024


async def test_a_missing_extended_master_secret_is_told(
    authorities: Authorities, own: pki.Issued, tmp_path: Path
) -> None:
    """OpenSSL can be told to leave it out."""
    tls = context(tmp_path, own, "DEFAULT")
    tls.options |= ssl.Options(NO_EXTENDED_MASTER_SECRET)
    found = details(await looked(authorities, tls))
    assert (found.secure_renegotiation, found.extended_master_secret) == (True, False)


async def test_tls_1_3_alone_says_nothing_of_older_matters(
    authorities: Authorities, own: pki.Issued, tmp_path: Path
) -> None:
    """There is no renegotiation and no compression in it."""
    tls = pki.context(tmp_path, own)
    tls.minimum_version = ssl.TLSVersion.TLSv1_3
    found = details(await looked(authorities, tls))
    assert found.broken == {}
    assert (found.secure_renegotiation, found.extended_master_secret) == (None, None)
    assert found.compression is None


def _wraps(tls: ssl.SSLContext, answer: Any) -> Any:
    """A server that treats the first bytes of each connection itself, as *answer* wishes."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello = await reader.read(4096)
        said = answer(hello)
        if said is None:
            received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
            session = tls.wrap_bio(received, sent, server_side=True)
            received.write(hello)
            with contextlib.suppress(ssl.SSLError):
                session.do_handshake()
            said = sent.read()
        writer.write(said)
        await reader.read()

    return handle


async def observed(own: pki.Issued, folder: Path, answer: Any) -> TlsObservation:
    """What a closer look makes of a server that answers so, with no look before it."""
    from advisor.model.endpoint import Endpoint, Protocol, Security
    from advisor.net.stream import TcpConnector, Timeouts
    from advisor.probing.prober import dialogues
    from advisor.probing.thorough import examined
    from advisor.probing.weaknesses import tempted
    from tests.fakes.stream import FixedAddresses

    async with listening(_wraps(context(folder, own, "DEFAULT"), answer)) as port:
        at = Endpoint(Protocol.IMAP, HOST, port, Security.TLS)
        connector = TcpConnector(FixedAddresses(), Timeouts(1, 0.2, 3))
        made = TlsObservation(
            "TLSv1.2", "unknown", chain_ok=True, name_ok=True, chain_error=None, certificate=None
        )
        dialogue = dialogues()[Protocol.IMAP]
        made = await examined(at, dialogue, connector, None, made, None)
        return await tempted(at, dialogue, connector, made)


async def test_ssl_2_is_found(own: pki.Issued, tmp_path: Path) -> None:
    """No library speaks it any more; its SERVER-HELLO begins with the type 4."""

    def ancient(hello: bytes) -> bytes | None:
        return b"\x80\x0b\x04\x00\x01\x00\x02" + bytes(6) if hello[0] & 0x80 else None

    assert (await observed(own, tmp_path, ancient)).versions["SSLv2"] == "accepted"
    assert (await observed(own, tmp_path, lambda _: None)).versions["SSLv2"] == "refused"


async def test_compression_is_found(own: pki.Issued, tmp_path: Path) -> None:
    """The server's choice stands behind the suite; libraries are built without it today."""

    def squeezing(hello: bytes) -> bytes | None:
        if hello[:3] != b"\x16\x03\x01" or b"\x02\x01\x00" not in hello:
            return None
        body = b"\x03\x03" + bytes(32) + b"\x00" + b"\xc0\x2f" + b"\x01"
        message = b"\x02" + len(body).to_bytes(3) + body
        return b"\x16\x03\x03" + len(message).to_bytes(2) + message

    found = (await observed(own, tmp_path, squeezing)).details
    assert isinstance(found, TlsDetails)
    assert found.compression is True
    assert (found.secure_renegotiation, found.extended_master_secret) == (False, False)
