"""Exported configurations in the hands of the real programs, against servers that listen."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from advisor._plugins import collect
from advisor.errors import ExportError
from advisor.exporters._exporter import Exporter, Wish
from advisor.model.address import subject
from advisor.model.auth import UsernameForm
from tests.exporters.listener import Listener
from tests.exporters.programs import RECEIVERS, SENDERS, Job
from tests.make import report, setting

PASSWORD = "Secret-4711"
EXPORTERS: dict[str, Exporter] = {
    one.id: one for one in collect("advisor.exporters", "EXPORTER").values()
}
# What each receiver is asked to do; aerc, mbsync and OfflineIMAP know no POP3, getmail no STARTTLS.
RECEIVING = [
    *((name, "imap", "tls") for name in RECEIVERS),
    *((name, "imap", "starttls") for name in RECEIVERS if name not in ("getmail", "offlineimap")),
    *((name, "pop3", "tls") for name in ("fetchmail", "getmail", "mutt", "neomutt")),
    *((name, "pop3", "starttls") for name in ("fetchmail", "mutt", "neomutt")),
]
SENDING = [(name, "smtp", way) for name in SENDERS for way in ("tls", "starttls")]
# Everything that means something to some of these programs, or to a shell.
HOSTILE = r"""a"b'c\d`id`$HOME;rm -rf #%(x)s%s ü<x>&|]"""


class World:
    """An authority that programs are told to trust, and one that they are not."""

    def __init__(self, folder: Path) -> None:
        known, unknown = trustme.CA(), trustme.CA()
        self.ca_file = folder / "ca.pem"
        known.cert_pem.write_to_path(self.ca_file)
        self.good = self._context(known, "localhost")
        self.stranger = self._context(unknown, "localhost")
        self.other_name = self._context(known, "elsewhere.test")

    @staticmethod
    def _context(authority: trustme.CA, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name, common_name=name).configure_cert(context)
        return context


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The certificates."""
    return World(tmp_path_factory.mktemp("authority"))


def exported(world: World, name: str, server: Listener, way: str, username: str) -> str:
    """The configuration of the program *name* that leads to *server*."""
    user = {
        "username": username,
        "username_form": UsernameForm.OTHER,
        "username_template": username,
    }
    here = setting(f"{server.protocol}://localhost:{server.port}", way, **user)
    other = setting("imap://localhost:1" if server.protocol == "smtp" else "smtp://localhost:1")
    wish = Wish(person=subject("alice@example.org"), name="Alice", ca_file=str(world.ca_file))
    return EXPORTERS[name].render(report(here, other), wish).document.decode()


def test_getmail_refuses_what_it_cannot_sign_in_with(world: World) -> None:
    """It sends a user name as it is, which IMAP takes for something else."""
    with (
        Listener("imap", world.good, implicit=True, upgrades=False) as server,
        pytest.raises(ExportError, match="user name such as"),
    ):
        exported(world, "getmail", server, "tls", HOSTILE)


def attempt(
    world: World, case: tuple[str, str, str], server: Listener, home: Path, username: str
) -> str:
    """Let the program of *case* try to sign in at *server*; what it printed."""
    name, protocol, way = case
    environment = {"SSL_CERT_FILE": str(world.ca_file), "SSL_CERT_DIR": "/nowhere"}
    job = Job(exported(world, name, server, way, username), home, PASSWORD, environment)
    if protocol == "smtp":
        return SENDERS[name](job).text

    def done() -> bool:
        """A password came (POP3 sends the user name before it), or the conversation is over."""
        return server.finished.is_set() or any(password for _, password in server.logins)

    return RECEIVERS[name](job, done).text


def case_id(case: tuple[str, str, str]) -> str:
    """Such as ``mutt-imap-tls``."""
    return "-".join(case)


@pytest.mark.parametrize("username", ["alice@example.org", HOSTILE], ids=["usual", "hostile"])
@pytest.mark.parametrize("case", [*RECEIVING, *SENDING], ids=case_id)
def test_the_program_signs_in(
    world: World, case: tuple[str, str, str], username: str, tmp_path: Path
) -> None:
    """With the user name to the letter, whatever its letters mean to the program."""
    name, protocol, way = case
    if (name, protocol, username) == ("getmail", "imap", HOSTILE):
        pytest.skip("getmail cannot say that, and says so")
    implicit = way == "tls"
    with Listener(protocol, world.good, implicit=implicit, upgrades=not implicit) as server:
        told = attempt(world, case, server, tmp_path, username)
        assert (username, PASSWORD) in server.logins, (told, server.heard)


def bad(world: World, case: tuple[str, str, str]) -> Iterator[Listener]:
    """Servers that no password should be given to."""
    _, protocol, way = case
    implicit = way == "tls"
    for context in (world.stranger, world.other_name):
        yield Listener(protocol, context, implicit=implicit, upgrades=not implicit)
    if not implicit:
        yield Listener(protocol, None, implicit=False, upgrades=False)


@pytest.mark.parametrize("case", [*RECEIVING, *SENDING], ids=case_id)
def test_no_password_is_given_away(
    world: World, case: tuple[str, str, str], tmp_path: Path
) -> None:
    """Not to a stranger's certificate, not to another host's, not where STARTTLS is stripped."""
    for at, server in enumerate(bad(world, case)):
        home = tmp_path / str(at)
        home.mkdir()
        with server:
            told = attempt(world, case, server, home, "alice@example.org")
            assert not server.logins, told
            assert PASSWORD.encode() not in b"".join(server.heard)
