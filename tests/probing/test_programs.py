"""Programs' own hellos before real servers, and ``openssl s_client`` with the same offers."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
import warnings
from pathlib import Path

import pytest

from advisor.engine.reach import reach
from advisor.formats.tls import VERSIONS
from advisor.knowledge.clients import Clients
from advisor.knowledge.library import Library
from advisor.knowledge.stacks import offered, offers
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.observation import ProbeResult
from advisor.model.reach import ClientReach, ProgramHello
from advisor.net.stream import TcpConnector, Timeouts
from advisor.probing.prober import CONNECTIONS_PER_SERVER, Prober
from advisor.probing.programs import MOST, chosen
from tests.fakes import loopback, pki
from tests.fakes.loopback import Handler, listening
from tests.fakes.stream import FixedAddresses
from tests.make import tls as observed

HOST = "mail.example.org"
GREETING = loopback.saying(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n")
LIBRARY = Library()
HELLOS = {one.id: one for one in offered(LIBRARY.entries("hellos"))}
SOME = (
    "windows-7-updated", "windows-8-1", "android-7", "apple-mail-16", "go-1-22", "gecko-31",
    "gecko-137", "openssl-3",
)  # fmt: skip
# What OpenSSL calls them.
SHA1 = {"rsa_pkcs1_sha1": "RSA+SHA1", "ecdsa_sha1": "ECDSA+SHA1"}
SWITCHES = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With an authority, a certificate with an RSA key, and one with an elliptic curve."""
    found = tmp_path_factory.mktemp("programs")
    root = pki.issue("Test Root", authority=True)
    (found / "root.pem").write_bytes(root.pem)
    for name, key in (("rsa", pki.rsa_key(2048)), ("short", pki.rsa_key(1024)), ("ec", None)):
        own = pki.issue(HOST, root, key=key)
        (found / f"{name}.pem").write_bytes(own.private_pem + own.pem)
    return found


def server(folder: Path, key: str, lowest: str, highest: str, ciphers: str, curve: str = "") \
        -> ssl.SSLContext:  # fmt: skip
    """A server's context."""
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    found.load_cert_chain(folder / f"{key}.pem")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found.minimum_version, found.maximum_version = SWITCHES[lowest], SWITCHES[highest]
    if curve:
        found.set_ecdh_curve(curve)
    return found


SERVERS = {
    "modern": ("rsa", "TLSv1.2", "TLSv1.3", "ECDHE+AESGCM"),
    "ecdsa": ("ec", "TLSv1.2", "TLSv1.3", "ECDHE+AESGCM:ECDHE+AES"),
    "cbc": ("rsa", "TLSv1", "TLSv1.2", "AES128-SHA"),
    "one curve": ("rsa", "TLSv1.2", "TLSv1.2", "ECDHE+AES", "secp521r1"),
    "old": ("rsa", "TLSv1", "TLSv1", "AES256-SHA:ECDHE-RSA-AES128-SHA"),
    "new": ("ec", "TLSv1.3", "TLSv1.3", "ALL"),
}


async def looked(folder: Path, tls: ssl.SSLContext, handler: Handler = GREETING) -> ProbeResult:
    """What a probe with every hello makes of an IMAP server with *tls*."""
    async with listening(handler, tls) as port:
        return await probed(folder, port)


async def probed(folder: Path, port: int) -> ProbeResult:
    """The same where it listens already."""
    limits = Timeouts(1, 2, 10)
    connector = TcpConnector(FixedAddresses(), limits, ca_file=str(folder / "root.pem"))
    prober = Prober(connector, limits, thorough=True, hellos=tuple(HELLOS.values()))
    return await prober.probe(Endpoint(Protocol.IMAP, HOST, port, Security.TLS))


def told(result: ProbeResult, client: str) -> dict[str, ClientReach]:
    """What becomes of *client*, by system or range."""
    stacks, hellos = LIBRARY.entries("stacks"), LIBRARY.entries("hellos")
    every = Clients(LIBRARY.entries("clients")).every()
    rows = reach(result, [(one, offers(one, stacks, hellos)) for one in every])
    return {
        place: one
        for one in rows
        if one.client == client
        for place in (one.systems or one.ranges or ("all",))
    }


def s_client(hello: ProgramHello, port: int) -> bool:
    """Does ``openssl s_client`` get through with the offer of *hello*?"""
    new = [one for one in hello.suites if one.startswith("TLS_")]
    old = [one for one in hello.suites if not one.startswith("TLS_")]
    numbers = {"SSLv3": "TLSv1"}
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", HOST]
    command += ["-min_protocol", numbers.get(hello.lowest, hello.lowest)]
    command += ["-max_protocol", hello.highest, "-cipher", f"{':'.join(old)}:@SECLEVEL=0"]
    if new:
        command += ["-ciphersuites", ":".join(new)]
    if hello.groups:
        known = [one for one in hello.groups if "MLKEM" not in one]
        command += ["-groups", ":".join(known)]
    if hello.signatures:
        command += ["-sigalgs", ":".join(SHA1.get(one, one) for one in hello.signatures)]
    ran = subprocess.run(command, input="", capture_output=True, text=True, timeout=20, check=False)
    assert "SSL_CONF_cmd" not in ran.stderr, ran.stderr
    return "Cipher is (NONE)" not in ran.stdout and "Cipher is" in ran.stdout


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
@pytest.mark.parametrize("kind", SERVERS)
async def test_a_hello_fares_as_openssl_does_with_the_same_offer(folder: Path, kind: str) -> None:
    """Suites, groups, signatures and versions; what was not sent is what is sure anyway."""
    async with listening(GREETING, server(folder, *SERVERS[kind])) as port:
        result = await probed(folder, port)
        tls = result.observation.tls
        assert tls is not None
        assert tls.details is not None
        sent = {one.id for one in chosen(HELLOS.values(), tls)}
        for name in SOME:
            came = tls.details.tried.get(name)
            ours = came is not None and came.word == "accepted"
            theirs = await asyncio.to_thread(s_client, HELLOS[name], port)
            if name in sent:
                assert ours is theirs, (name, came)
            else:
                assert theirs is _may_connect(HELLOS[name], tls.versions), name


def _may_connect(hello: ProgramHello, versions: dict[str, str]) -> bool:
    span = range(VERSIONS[hello.lowest], VERSIONS[hello.highest] + 1)
    return any(VERSIONS.get(one) in span for one, word in versions.items() if word == "accepted")


async def test_programs_without_ecdsa_or_gcm_are_told_why(folder: Path) -> None:
    """Measured, with the reason in words."""
    result = await looked(folder, server(folder, *SERVERS["modern"]))
    rows = told(result, "outlook")
    old = rows["Windows 7 with update KB3140245 and its registry values"]
    assert (old.connects, old.measured) == (False, True)
    assert old.why == "offers no ECDHE-RSA suites with AES-GCM, and this port wants them"
    assert (rows["Windows 10"].connects, rows["Windows 10"].measured) == (True, True)
    assert rows["Windows XP"].measured is False
    assert "knows TLS 1.0 at most" in rows["Windows XP"].why


async def test_a_curve_that_programs_lack_is_told(folder: Path) -> None:
    """Android 7 offered one curve only."""
    result = await looked(folder, server(folder, *SERVERS["one curve"]))
    row = told(result, "gmail-app").get("Android 7") or told(result, "samsung-email")["Android 7"]
    assert (row.connects, row.measured) == (False, True)
    assert "has no group for keys in common with this port, which takes secp521r1" in row.why


async def test_a_short_key_stops_those_who_demand_more(folder: Path) -> None:
    """Apple's systems since 2019; the handshake itself gets through."""
    result = await looked(folder, server(folder, "short", "TLSv1.2", "TLSv1.2", "ECDHE+AESGCM"))
    rows = told(result, "apple-mail")
    assert rows[">=10.15"].connects is False
    assert rows[">=10.15"].why == "wants RSA keys of at least 2048 bits, and here one has 1024"
    assert rows["10.12-10.14"].connects is True


async def test_no_more_connections_are_made_than_promised(folder: Path) -> None:
    """Distinct hellos only, so many at most, and never more at a time than a server is asked."""
    now = most = every = 0
    tls = server(folder, *SERVERS["modern"])

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal now, most, every
        now, every = now + 1, every + 1
        most = max(most, now)
        there, back = await asyncio.open_connection("127.0.0.1", port)
        try:
            await asyncio.gather(_pass(reader, back), _pass(there, writer))
        finally:
            now -= 1

    async with listening(GREETING, tls) as port, listening(relay) as front:
        result = await probed(folder, front)
    assert result.observation.tls is not None
    assert result.observation.tls.details is not None
    assert len(result.observation.tls.details.tried) == MOST
    assert most <= CONNECTIONS_PER_SERVER
    assert every <= MOST + 1 + 14


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Everything from one side to the other."""
    try:
        while data := await reader.read(65536):
            writer.write(data)
    finally:
        writer.close()


def test_hellos_are_chosen_by_what_the_server_accepts() -> None:
    """None whose versions do not fit; those in doubt first, then the oldest."""
    new = observed(versions={"TLSv1.2": "refused", "TLSv1.3": "accepted"})
    found = chosen(HELLOS.values(), new)
    assert {one.highest for one in found} == {"TLSv1.3"}
    old = observed(versions={"TLSv1": "accepted", "TLSv1.2": "refused"})
    assert "gecko-137" not in {one.id for one in chosen(HELLOS.values(), old)}
    assert chosen(HELLOS.values(), old)[0].highest == "TLSv1"
