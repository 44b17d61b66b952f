"""Probes over real TCP and TLS, and over wires that carry anything."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Problem
from advisor.model.observation import Live, ProbeResult, Reached
from advisor.model.text import printable
from advisor.net._tls import Contexts
from advisor.net._wire import Wire
from advisor.net.stream import TcpConnector, TcpStream, Timeouts
from advisor.probing.prober import Prober
from tests import converse
from tests.converse import TRANSCRIPTS
from tests.fakes import loopback
from tests.fakes.loopback import Handler, listening, server_context, speaking
from tests.fakes.stream import FixedAddresses

HOST = "mail.example.org"
QUICK = Timeouts(connect=0.2, step=0.1, total=0.25)
CONTEXTS = Contexts()


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    """A file with the authority that the test servers' certificates come from."""
    return loopback.authority_file(tmp_path)


async def probed(
    protocol: Protocol,
    security: Security,
    handler: Handler,
    *,
    ca_file: Path | None = None,
    tls: ssl.SSLContext | None = None,
    timeouts: Timeouts | None = None,
) -> ProbeResult:
    async with listening(handler, tls) as port:
        connector = TcpConnector(FixedAddresses(), timeouts, ca_file=ca_file)
        prober = Prober(connector, timeouts)
        return await prober.probe(Endpoint(protocol, HOST, port, security))


@pytest.mark.parametrize(
    "name", ["imap/dovecot-143", "imap/cyrus-143", "pop3/dovecot-110", "pop3/no-capa"]
)
async def test_an_upgrade_on_the_wire_is_confirmed(name: str, ca_file: Path) -> None:
    """STARTTLS for real: the list after TLS is another one than before."""
    transcript = converse.read(TRANSCRIPTS / f"{name}.txt")
    handler = speaking(transcript, server_context(HOST))
    protocol = Protocol(name.partition("/")[0])
    result = await probed(protocol, Security.STARTTLS, handler, ca_file=ca_file)
    seen = result.observation
    assert (result.live, seen.error, seen.reached) == (Live.CONFIRMED, None, Reached.DONE)
    assert " ".join(seen.mechanisms_after) == transcript.expected["mechanisms-after"]
    assert {"connect", "greeting", "capabilities", "starttls", "tls"} <= set(seen.seconds)


async def test_submission_over_both_ways_is_confirmed(ca_file: Path) -> None:
    """465 and 587, each with its transcript; we introduce ourselves by our address."""
    for name, security in (("postfix-587", Security.STARTTLS), ("gmail-465", Security.TLS)):
        transcript = converse.read(TRANSCRIPTS / f"smtp/{name}.txt")
        inside = server_context(HOST)
        implicit = inside if security is Security.TLS else None
        handler = speaking(transcript, inside)
        result = await probed(Protocol.SMTP, security, handler, ca_file=ca_file, tls=implicit)
        assert (result.live, result.observation.error) == (Live.CONFIRMED, None)
        assert "PLAIN" in result.observation.mechanisms


GREETING = loopback.saying(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n")


async def test_an_expired_certificate_is_named_with_its_date(ca_file: Path) -> None:
    """The certificate and the conversation behind it are read all the same."""
    result = await probed(
        *(Protocol.IMAP, Security.TLS, GREETING), ca_file=ca_file, tls=loopback.expired(HOST)
    )
    seen = result.observation
    assert (result.live, seen.problem) == (Live.FAILED, Problem.CERT_EXPIRED)
    assert seen.tls is not None
    assert (seen.tls.chain_ok, seen.tls.name_ok) == (False, True)
    assert seen.tls.chain_error == "its certificate expired on 2 January 2026"
    assert (seen.reached, seen.mechanisms_after) == (Reached.DONE, ("PLAIN",))


async def test_trouble_with_certificates_has_its_kind(tmp_path: Path, ca_file: Path) -> None:
    """Self-signed, unknown authority, not yet valid, wrong name, too old: five kinds of advice."""
    for tls, problem in (
        (loopback.self_signed(tmp_path, HOST), Problem.CERT_SELF_SIGNED),
        (loopback.untrusted(HOST), Problem.CERT_UNTRUSTED),
        (loopback.not_yet_valid(HOST), Problem.CERT_NOT_YET_VALID),
        (server_context("other.example"), Problem.CERT_WRONG_NAME),
        (loopback.outdated(HOST), Problem.TLS_HANDSHAKE),
    ):
        result = await probed(Protocol.IMAP, Security.TLS, GREETING, ca_file=ca_file, tls=tls)
        seen = result.observation
        assert (result.live, seen.problem) == (Live.FAILED, problem)
        assert seen.tls is not None
        assert seen.tls.certificate is not None
        assert seen.reached is Reached.DONE


async def test_an_old_version_of_tls_is_said(ca_file: Path) -> None:
    """Below TLS 1.2 a setting is not confirmed (RFC 8996)."""
    tls = loopback.outdated(HOST)
    result = await probed(Protocol.IMAP, Security.TLS, GREETING, ca_file=ca_file, tls=tls)
    assert result.observation.tls is not None
    assert result.observation.tls.version == "TLSv1"
    assert "speaks nothing newer than TLSv1" in str(result.observation.error)


async def test_a_certificate_is_verified_behind_starttls_too() -> None:
    """The upgrade is looked at twice, like TLS from the start."""
    transcript = converse.read(TRANSCRIPTS / "imap/dovecot-143.txt")
    handler = speaking(transcript, loopback.untrusted(HOST))
    result = await probed(Protocol.IMAP, Security.STARTTLS, handler)
    seen = result.observation
    assert (seen.problem, seen.reached) == (Problem.CERT_UNTRUSTED, Reached.DONE)
    assert seen.mechanisms_after == ("PLAIN", "LOGIN")


@pytest.mark.parametrize(
    ("handler", "security", "problem"),
    [
        (loopback.silent, Security.STARTTLS, Problem.TIMEOUT),
        (loopback.silent, Security.TLS, Problem.TIMEOUT),
        (loopback.leaving, Security.NONE, Problem.CLOSED),
        (loopback.resetting, Security.STARTTLS, Problem.CLOSED),
        (loopback.endless, Security.NONE, Problem.LIMIT),
        (loopback.saying(b"\x1b]0;owned\x07\r\n"), Security.NONE, Problem.NOT_THIS_PROTOCOL),
        (loopback.saying(b"220 hi\r\n"), Security.TLS, Problem.NOT_TLS),
        (loopback.saying(b"* OK\r\n"), Security.STARTTLS, Problem.TIMEOUT),
    ],
)
async def test_a_bad_server_is_told_apart(
    handler: Handler, security: Security, problem: Problem
) -> None:
    """Silent, gone, endless, garbled, or in clear text: each has its kind and a sentence."""
    result = await probed(Protocol.IMAP, security, handler, timeouts=QUICK)
    assert (result.live, result.observation.problem) == (Live.FAILED, problem)
    assert str(result.observation.error).startswith(f"{HOST}:{result.port}")


async def test_a_silent_server_is_described_in_one_sentence() -> None:
    """The sentence names host, port, step and time."""
    result = await probed(Protocol.SMTP, Security.STARTTLS, loopback.silent, timeouts=QUICK)
    assert result.observation.error == (
        f"{HOST}:{result.port} accepted the connection and then said nothing for 0.1 s"
    )


class Canned(asyncio.Transport):
    """A transport to a server that has said everything already."""

    def is_closing(self) -> bool:
        return False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        pass

    def get_write_buffer_size(self) -> int:
        return 0

    def close(self) -> None:
        pass

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


class CannedConnector:
    """Streams from a server that says *pieces* and hangs up."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    async def connect(self, host: str, port: int) -> TcpStream:
        wire = Wire()
        wire.connection_made(Canned())
        for piece in self._pieces:
            wire.data_received(piece)
        wire.eof_received()
        return TcpStream(wire, host, port, Timeouts(), CONTEXTS)


@settings(deadline=None, max_examples=150)
@given(
    pieces=st.lists(
        st.binary(max_size=200)
        | st.sampled_from(
            [
                *b"* OK\n,+OK\n,220 x\n,a1 OK\n,a2 OK\n,.\n,250 STARTTLS\n".split(b","),
                *(b"* CAPABILITY STARTTLS\r\n", b"\x16\x03\x03\x00\x05hello", b"x" * 9000),
            ]
        ),
        max_size=12,
    ),
    protocol=st.sampled_from([Protocol.IMAP, Protocol.POP3, Protocol.SMTP]),
    security=st.sampled_from(Security),
)
def test_any_bytes_end_in_a_result(
    pieces: list[bytes], protocol: Protocol, security: Security
) -> None:
    """Whatever comes over the wire, the prober says what it was, in text that is safe to show."""
    prober_of = CannedConnector(pieces)

    async def run() -> ProbeResult:
        return await Prober(prober_of).probe(Endpoint(protocol, HOST, 143, security))

    result = asyncio.run(run())
    seen = result.observation
    assert (result.live is Live.CONFIRMED) == (seen.problem is None)
    assert printable(seen.error or "") == (seen.error or "")
    assert security is Security.NONE or seen.tls is None


@pytest.mark.parametrize(
    ("protocol", "transcript"),
    [(Protocol.MANAGESIEVE, "managesieve/implicit"), (Protocol.IMAP, "imap/dovecot-993")],
)
async def test_a_server_that_waits_for_tls_is_told_from_a_silent_one(
    protocol: Protocol, transcript: str, ca_file: Path
) -> None:
    """STARTTLS where TLS comes first: both sides wait, and the probe says who waits for what."""
    handler = speaking(converse.read(TRANSCRIPTS / f"{transcript}.txt"))
    found = await probed(
        protocol,
        Security.STARTTLS,
        handler,
        ca_file=ca_file,
        tls=server_context(HOST),
        timeouts=Timeouts(connect=1, step=0.3, total=3),
    )
    assert (found.live, found.observation.problem) == (Live.FAILED, Problem.EXPECTS_TLS)
    assert "waits for TLS from the first byte" in str(found.observation.error)


async def test_a_silent_server_stays_a_silent_one(ca_file: Path) -> None:
    """A look for TLS that gets no answer changes nothing."""

    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)

    found = await probed(
        Protocol.IMAP,
        Security.STARTTLS,
        silent,
        ca_file=ca_file,
        timeouts=Timeouts(connect=1, step=0.2, total=2),
    )
    assert found.observation.problem is Problem.TIMEOUT


@pytest.mark.parametrize(
    ("name", "security"),
    [("imap/dovecot-993", Security.TLS), ("imap/dovecot-143", Security.STARTTLS)],
)
async def test_every_version_of_tls_is_asked_for(
    name: str, security: Security, ca_file: Path
) -> None:
    """Whatever the local library speaks, and behind STARTTLS, too."""
    transcript = converse.read(TRANSCRIPTS / f"{name}.txt")
    context = server_context(HOST)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    implicit = security is Security.TLS
    handler = speaking(transcript) if implicit else speaking(transcript, context)
    async with listening(handler, context if implicit else None) as port:
        connector = TcpConnector(FixedAddresses(), ca_file=ca_file)
        prober = Prober(connector, thorough=True)
        found = await prober.probe(Endpoint(Protocol.IMAP, HOST, port, security))
    assert found.live is Live.CONFIRMED
    assert found.observation.tls is not None
    assert found.observation.tls.versions == {
        "SSLv2": "refused",
        "SSLv3": "refused",
        "TLSv1": "refused",
        "TLSv1.1": "accepted",
        "TLSv1.2": "accepted",
        "TLSv1.3": "accepted",
    }
