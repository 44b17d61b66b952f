"""A closer look at TLS, over real connections."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from hashlib import sha256, sha512
from pathlib import Path

import pytest
from cryptography import x509

from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Dnssec, Problem
from advisor.model.handshake import ChainState, TlsDetails
from advisor.model.observation import ProbeResult
from advisor.net._seams import Resolver
from advisor.net.stream import TcpConnector, Timeouts
from advisor.probing.prober import Prober
from tests.fakes import loopback, pki
from tests.fakes.dns import FakeResolver, Zone
from tests.fakes.loopback import Handler, listening
from tests.fakes.stream import FixedAddresses

HOST = "mail.example.org"
GREETING = loopback.saying(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n")
OVER = pki.NOW - 2 * pki.DAY


@dataclass(frozen=True)
class Authorities:
    """A root that is trusted, one that is not, and an authority below each; *file* is the first."""

    file: Path
    root: pki.Issued
    below: pki.Issued
    strange_root: pki.Issued
    strange_below: pki.Issued


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    """Made once."""
    root = pki.issue("Test Root", authority=True)
    strange = pki.issue("Strange Root", authority=True)
    file = tmp_path_factory.mktemp("pki") / "root.pem"
    file.write_bytes(root.pem)
    return Authorities(
        file,
        root,
        pki.issue("Test Below", root, authority=True),
        strange,
        pki.issue("Strange Below", strange, authority=True),
    )


async def looked(
    authorities: Authorities,
    tls: ssl.SSLContext | None,
    *,
    handler: Handler = GREETING,
    resolver: Resolver | None = None,
    thorough: bool = True,
) -> ProbeResult:
    """What a probe makes of an IMAP server with *tls*."""
    async with listening(handler, tls) as port:
        connector = TcpConnector(FixedAddresses(), Timeouts(1, 2, 5), ca_file=str(authorities.file))
        prober = Prober(connector, Timeouts(1, 2, 5), resolver=resolver, thorough=thorough)
        return await prober.probe(Endpoint(Protocol.IMAP, HOST, port, Security.TLS))


def details(result: ProbeResult) -> TlsDetails:
    """The details, which must be there."""
    assert result.observation.tls is not None
    assert result.observation.tls.details is not None
    return result.observation.tls.details


async def test_what_is_agreed_on_is_told_for_each_version(
    authorities: Authorities, tmp_path: Path
) -> None:
    """Suite and group, as the server chose them."""
    own = pki.issue(HOST, authorities.below)
    found = details(await looked(authorities, pki.context(tmp_path, own, authorities.below)))
    agreed = found.agreements
    assert set(agreed) == {"TLSv1.2", "TLSv1.3"}
    assert agreed["TLSv1.2"].cipher.startswith("ECDHE-ECDSA-")
    assert agreed["TLSv1.3"].cipher.startswith("TLS_")
    assert {one.key_exchange for one in agreed.values()} == {"x25519"}
    assert found.post_quantum in ("refused", "X25519MLKEM768")
    assert (found.stapled, found.must_staple) == (False, False)


async def test_a_key_without_forward_secrecy_is_told(
    authorities: Authorities, tmp_path: Path
) -> None:
    """Static RSA: the server sends no key of its own."""
    own = pki.issue(HOST, authorities.root, key=pki.rsa_key(2048))
    tls = pki.context(tmp_path, own)
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    tls.set_ciphers("AES256-GCM-SHA384")
    found = details(await looked(authorities, tls))
    assert found.agreements["TLSv1.2"].key_exchange == "rsa"
    assert found.agreements["TLSv1.2"].cipher == "AES256-GCM-SHA384"
    assert found.post_quantum == "refused"


async def test_chains_are_told_apart(authorities: Authorities, tmp_path: Path) -> None:
    """Whole, self-signed, with a gap, private, expired, expired above: each is mended otherwise."""
    a = authorities
    old_below = pki.issue("Old Below", a.root, authority=True, ends=OVER)
    from_public = pki.issue(HOST, a.below, extensions=(pki.public_policy(),))
    for chain, state, missing in (
        ((pki.issue(HOST, a.below), a.below), ChainState.COMPLETE, None),
        ((pki.issue(HOST, a.below), a.below, a.root), ChainState.COMPLETE, None),
        ((pki.issue(HOST),), ChainState.SELF_SIGNED, None),
        ((from_public,), ChainState.INCOMPLETE, "CN=Test Below"),
        ((pki.issue(HOST, a.below),), ChainState.UNKNOWN_ISSUER, "CN=Test Below"),
        ((pki.issue(HOST, a.strange_root),), ChainState.UNKNOWN_ISSUER, "CN=Strange Root"),
        (
            (pki.issue(HOST, a.strange_below), a.strange_below, a.strange_root),
            ChainState.PRIVATE,
            None,
        ),
        ((pki.issue(HOST, a.below, ends=OVER), a.below), ChainState.EXPIRED, None),
        ((pki.issue(HOST, old_below), old_below), ChainState.EXPIRED_ABOVE, None),
    ):
        found = details(await looked(a, pki.context(tmp_path, *chain)))
        assert (found.chain_state, found.missing, found.sent) == (state, missing, len(chain))
        assert [one.sha256 for one in found.chain] == [sha256(c.der).hexdigest() for c in chain]
        assert found.outdated == ("CN=Old Below" if state is ChainState.EXPIRED_ABOVE else None)


async def test_a_wrong_name_says_nothing_against_the_chain(
    authorities: Authorities, tmp_path: Path
) -> None:
    """The two are told apart."""
    tls = pki.context(tmp_path, pki.issue("other.example", authorities.root))
    result = await looked(authorities, tls)
    assert result.observation.problem is Problem.CERT_WRONG_NAME
    assert details(result).chain_state is ChainState.COMPLETE


async def test_weak_keys_and_signatures_are_told(authorities: Authorities, tmp_path: Path) -> None:
    """Of every certificate that was sent."""
    weak = pki.issue("Weak", authorities.root, authority=True, key=pki.rsa_key(1024))
    own = pki.signed_anew(tmp_path, pki.issue(HOST), weak, "sha1")
    found = details(await looked(authorities, pki.context(tmp_path, own, weak)))
    assert [(one.key, one.bits, one.signature) for one in found.chain] == [
        ("EC", 256, "sha1"),
        ("RSA", 1024, "sha256"),
    ]
    # What this computer refuses for it is not taken for a gap.
    assert found.chain_state is ChainState.WEAK
    assert found.missing is None


async def test_who_needs_the_servers_name_is_told(authorities: Authorities, tmp_path: Path) -> None:
    """A server with a default certificate for somebody else, and one with the same for all."""
    named = pki.context(tmp_path, pki.issue(HOST, authorities.root))
    default = pki.context(tmp_path, pki.issue("default.example", authorities.root))

    def choose(tls: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name == HOST:
            tls.context = named

    default.sni_callback = choose
    names = details(await looked(authorities, default)).names
    assert names is not None
    assert names.needed is True
    assert names.none == names.wrong != names.own
    plain = pki.context(tmp_path, pki.issue(HOST, authorities.root))
    names = details(await looked(authorities, plain)).names
    assert names is not None
    assert names.needed is False
    assert names.none == names.wrong == names.own


async def test_a_server_that_refuses_other_names_is_told(
    authorities: Authorities, tmp_path: Path
) -> None:
    """No handshake comes of a wrong name there."""
    tls = pki.context(tmp_path, pki.issue(HOST, authorities.root))

    def choose(_tls: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> int | None:
        return None if name == HOST else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    tls.sni_callback = choose
    names = details(await looked(authorities, tls)).names
    assert names is not None
    assert (names.needed, names.none, names.wrong) == (True, None, None)


async def test_a_promise_of_an_ocsp_answer_is_told(
    authorities: Authorities, tmp_path: Path
) -> None:
    """It stands in the certificate, and nothing comes."""
    feature = x509.TLSFeature([x509.TLSFeatureType.status_request])
    own = pki.issue(HOST, authorities.root, extensions=(feature,))
    found = details(await looked(authorities, pki.context(tmp_path, own)))
    assert (found.must_staple, found.stapled) == (True, False)


async def test_without_thoroughness_nothing_more_is_asked(
    authorities: Authorities, tmp_path: Path
) -> None:
    """One connection, as advice needs it."""
    connections = 0

    async def counting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await GREETING(reader, writer)

    tls = pki.context(tmp_path, pki.issue(HOST, authorities.root))
    result = await looked(authorities, tls, handler=counting, thorough=False)
    assert result.observation.tls is not None
    assert result.observation.tls.details is None
    assert connections == 1


def tlsa(port: int, *records: str) -> Zone:
    """A zone with an address and TLSA *records* for the port."""
    return {(HOST, "A"): ("127.0.0.1",), (f"_{port}._tcp.{HOST}", "TLSA"): records}


@pytest.mark.parametrize(
    ("record", "state"),
    [
        ("3 1 1 {own_key}", "matches"),
        ("3 0 2 {own_512}", "matches"),
        ("3 0 0 {own}", "matches"),
        ("2 0 1 {above}", "matches"),
        ("1 1 1 {own_key}", "matches"),
        ("0 0 1 {above}", "matches"),
        ("3 0 1 {above}", "differs"),
        ("2 1 1 {own_key}", "differs"),
        ("3 1 1 00", "differs"),
        ("9 1 1 {own_key}", "unusable"),
        ("what is this", "unusable"),
    ],
)
async def test_signed_tlsa_records_are_held_against_the_certificates(
    record: str, state: str, authorities: Authorities, tmp_path: Path
) -> None:
    """Every usage, selector and way to match."""
    own = pki.issue(HOST, authorities.below)
    tls = pki.context(tmp_path, own, authorities.below)
    text = record.format(
        own=own.der.hex(),
        own_512=sha512(own.der).hexdigest(),
        own_key=sha256(own.spki).hexdigest(),
        above=sha256(authorities.below.der).hexdigest(),
    )
    async with listening(GREETING, tls) as port:
        resolver = FakeResolver(tlsa(port, text), signed=True)
        connector = TcpConnector(FixedAddresses(), ca_file=str(authorities.file))
        prober = Prober(connector, resolver=resolver, thorough=True)
        found = await prober.probe(Endpoint(Protocol.IMAP, HOST, port, Security.TLS))
    seen = details(found).dane
    assert seen is not None
    assert seen.state == state
    assert [one[:40] for one in seen.records] == [text[:40]]


async def test_public_usages_need_a_trusted_chain(authorities: Authorities, tmp_path: Path) -> None:
    """Usage 1 with a private authority is no match; usage 3 is one."""
    own = pki.issue(HOST, authorities.strange_root)
    tls = pki.context(tmp_path, own, authorities.strange_root)
    for usage, state in ((1, "differs"), (3, "matches")):
        async with listening(GREETING, tls) as port:
            record = f"{usage} 1 1 {sha256(own.spki).hexdigest()}"
            resolver = FakeResolver(tlsa(port, record), signed=True)
            connector = TcpConnector(FixedAddresses(), ca_file=str(authorities.file))
            prober = Prober(connector, resolver=resolver, thorough=True)
            found = await prober.probe(Endpoint(Protocol.IMAP, HOST, port, Security.TLS))
        seen = details(found).dane
        assert seen is not None
        assert (seen.state, seen.usages) == (state, (usage,))


async def test_an_unsigned_zone_is_not_asked_for_tlsa(
    authorities: Authorities, tmp_path: Path
) -> None:
    """Its records would prove nothing; nor do unsigned records below a signed name."""
    tls = pki.context(tmp_path, pki.issue(HOST, authorities.root))
    resolver = FakeResolver({(HOST, "A"): ("127.0.0.1",)})
    assert details(await looked(authorities, tls, resolver=resolver)).dane is None
    assert "TLSA" not in {kind for _, kind in resolver.asked}
    resolver = FakeResolver(wildcard=())
    async with listening(GREETING, tls) as port:
        resolver.zone = tlsa(port, "3 1 1 00")
        resolver.checked[HOST, "A"] = Dnssec.SECURE
        connector = TcpConnector(FixedAddresses(), ca_file=str(authorities.file))
        prober = Prober(connector, resolver=resolver, thorough=True)
        found = await prober.probe(Endpoint(Protocol.IMAP, HOST, port, Security.TLS))
    assert details(found).dane is None
    assert (f"_{port}._tcp.{HOST}", "TLSA") in resolver.asked
