"""Whatever a server does, no user name and no password leaves before verified TLS."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.dialogues._sasl import LOGIN_COMMAND, USER_COMMAND
from advisor.model.endpoint import Endpoint
from advisor.model.secret import Secret
from advisor.net.stream import TcpConnector, Timeouts
from advisor.probing import login
from advisor.probing.prober import dialogues
from tests.badservers import imap, managesieve, pop3, smtp
from tests.badservers.certificates import HOST, context
from tests.badservers.script import Case, Server, Tls
from tests.badservers.server import Record, running
from tests.badservers.test_badservers import CASES, HARMLESS
from tests.fakes.loopback import authority_file
from tests.fakes.stream import FixedAddresses

USERNAME, PASSWORD = "jane.doe@example.org", "correct horse-4711"
HASTY = Timeouts(connect=5, step=0.3, total=3)
# Each protocol's own way, beside the SASL mechanism that says everything at once.
OWN_WAY = {"imap": LOGIN_COMMAND, "pop3": USER_COMMAND, "smtp": "LOGIN", "managesieve": "LOGIN"}
# Certificates that are good for the host, whatever else is odd about the server.
GOOD = frozenset({"good", "tls-1.2"})
SERVERS = (imap.GOOD, imap.IMPLICIT, pop3.GOOD, smtp.GOOD, smtp.IMPLICIT, managesieve.GOOD)


@pytest.fixture(scope="module")
def ca_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authority of the good certificates."""
    return authority_file(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for a server that makes us wait on purpose."""
    monkeypatch.setattr(login, "PATIENCE", 1.0)


def certificates(server: Server) -> Iterator[str]:
    """The kind of each certificate that the script may show."""
    for script in server.answers.values():
        for step in script if isinstance(script, tuple) else (script,):
            if isinstance(step, Tls):
                yield step.kind


async def told(server: Server, mechanism: str, ca_file: Path) -> Record:
    """What the server is sent by somebody who wants to sign in by *mechanism*, come what may."""
    async with running(server, context) as (port, record):
        end = Endpoint(server.protocol, HOST, port, server.security)
        connector = TcpConnector(FixedAddresses(), HASTY, ca_file=ca_file)
        dialogue = dialogues()[server.protocol]
        with Secret(PASSWORD.encode()) as secret:
            await login.sign_in(end, dialogue, connector, mechanism, USERNAME, secret)
    return record


def strange_to_a_look(lines: list[bytes]) -> list[bytes]:
    """What somebody who only looks would not have said."""
    return [line for line in lines if not HARMLESS.fullmatch(line.strip())]


@pytest.mark.parametrize("one", CASES, ids=str)
async def test_credentials_are_never_offered_before_verified_tls(one: Case, ca_file: Path) -> None:
    """In the clear, nothing but a look's own words; inside TLS only under a good certificate."""
    ways = ("PLAIN", OWN_WAY[one.server.protocol])
    for record in await asyncio.gather(*(told(one.server, way, ca_file) for way in ways)):
        assert strange_to_a_look(record.lines) == []
        assert strange_to_a_look(record.strange) == []
        if not GOOD.issuperset(certificates(one.server)):
            assert strange_to_a_look(record.inside) == []


@pytest.mark.parametrize("server", SERVERS, ids=lambda one: f"{one.protocol}-{one.security}")
async def test_the_record_shows_what_is_sent(server: Server, ca_file: Path) -> None:
    """Else the test above could not fail: a good server gets the user name, inside TLS."""
    record = await told(server, OWN_WAY[server.protocol], ca_file)
    assert strange_to_a_look(record.inside)
    assert strange_to_a_look(record.lines) == []
