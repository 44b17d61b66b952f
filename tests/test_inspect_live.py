"""Reports on what really listens, on loopback."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.errors import InputError
from advisor.inspect import probe, targets
from advisor.knowledge.library import Library
from advisor.model.endpoint import Protocol, Security
from advisor.model.login import Credentials
from advisor.model.observation import Live
from advisor.model.report import ProbeReport
from advisor.model.secret import Secret
from advisor.net._seams import Net
from advisor.net.stream import Timeouts
from tests import converse
from tests.converse import TRANSCRIPTS
from tests.fakes import loopback
from tests.fakes.http import FakeFetcher
from tests.fakes.loopback import listening, server_context, speaking
from tests.fakes.stream import FixedAddresses
from tests.fakes.webserver import Page, page, redirect, web_server
from tests.probing.web import QUICK, Routed
from tests.services.web import HOME, LOGIN

HOST, OTHER = "dav.example.org", "dav.example.net"
CALDAV = "/.well-known/caldav"


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    """A file with the authority that the test servers' certificates come from."""
    return loopback.authority_file(tmp_path)


async def reported(
    ports: dict[tuple[str, int], int],
    ca_file: Path,
    where: str,
    protocol: Protocol | None = None,
    security: Security | None = None,
    timeouts: Timeouts = QUICK,
) -> ProbeReport:
    """The report on *where*, which stands on one of *ports*."""
    net = Net(FixedAddresses(), FakeFetcher(), Routed(ports, ca_file, timeouts))
    return await probe(targets(where, protocol, security), library=Library(), net=net)


def codes(report: ProbeReport) -> set[str]:
    """The codes of the findings."""
    return {one.code for one in report.findings}


async def test_a_service_that_leads_on_has_two_rows(ca_file: Path) -> None:
    """One for the usual place and one for where it lives, with its own certificate."""
    first: dict[str, Page] = {CALDAV: redirect(f"https://{OTHER}/dav/")}
    async with (
        web_server(first, server_context(HOST)) as one,
        web_server({"/dav/": LOGIN}, server_context(OTHER)) as other,
    ):
        ports = {(HOST, 443): one.port, (OTHER, 443): other.port}
        report = await reported(ports, ca_file, HOST, Protocol.CALDAV)
    assert [one.url for one in report.endpoints] == [
        f"https://{HOST}{CALDAV}", f"https://{OTHER}/dav/",
    ]  # fmt: skip
    assert [one.live for one in report.endpoints] == [Live.CONFIRMED] * 2
    assert "service-leads-elsewhere" in codes(report)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (HOME, "web-page-no-service"),
        (page(b"", "404 Not Found"), "not-a-service"),
        (page(b"", "503 Busy"), "server-refuses"),
        (redirect(CALDAV), "service-redirect-broken"),
        (redirect("http://x.example/"), "service-redirect-broken"),
        (page(b"", "401 Unauthorized"), "login-impossible"),
    ],
)
async def test_what_a_service_does_wrong_is_a_finding(
    answer: bytes, code: str, ca_file: Path
) -> None:
    """Of its own kind, about its address."""
    async with web_server({CALDAV: answer}, server_context(HOST)) as server:
        report = await reported({(HOST, 443): server.port}, ca_file, HOST, Protocol.CALDAV)
    told = next(one for one in report.findings if one.code == code)
    assert told.about == (f"caldav://{HOST}:443{CALDAV}",)
    assert "not-a-mail-server" not in codes(report)


async def test_both_address_families_of_a_service_are_told(ca_file: Path) -> None:
    """As those of a mail server: here nobody listens on the IPv6 address."""
    async with web_server({CALDAV: LOGIN}, server_context(HOST)) as server:
        ports = {(name, 443): server.port for name in (HOST, "127.0.0.1")}
        dns = FixedAddresses({HOST: ("::1", "127.0.0.1")})
        net = Net(dns, FakeFetcher(), Routed(ports, ca_file))
        report = await probe(targets(HOST, Protocol.CALDAV), library=Library(), net=net)
    (one,) = report.endpoints
    assert one.observation.addresses == {"::1": "refused", "127.0.0.1": "open"}
    assert "one-family-broken" in codes(report)


async def test_nobody_signs_in_to_a_service() -> None:
    """Whoever wants that is told at once."""
    with pytest.raises(InputError, match="signs in to mail servers only"):
        await probe(
            targets(HOST, Protocol.CALDAV), library=Library(),
            net=Net(FixedAddresses(), FakeFetcher(), Routed({})),
            login=Credentials("alice", Secret(b"x")),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("security", "code"),
    [(None, "expects-tls"), (Security.TLS, "sieve-implicit-tls")],
)
async def test_manage_sieve_behind_tls_is_a_trap(
    security: Security | None, code: str, ca_file: Path
) -> None:
    """RFC 5804 §1.8: a program that begins as it should waits for ever; told either way."""
    handler = speaking(converse.read(TRANSCRIPTS / "managesieve/implicit.txt"))
    quick = Timeouts(connect=1, step=0.7, total=5)
    async with listening(handler, server_context(HOST)) as port:
        ports = {(HOST, 4190): port}
        report = await reported(ports, ca_file, f"{HOST}:4190", None, security, quick)
    assert code in codes(report)
    assert "crossed-port" not in codes(report)
