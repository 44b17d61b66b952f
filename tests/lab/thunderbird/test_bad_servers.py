"""The account of the instructions keeps its password to itself where the server has turned bad."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.exporters.listener import Listener
from tests.lab.authority import Pem
from tests.lab.lab import Lab
from tests.lab.scenarios import BY_NAME

from . import account
from .following import follow, instructions, meaning
from .program import Thunderbird
from .window import Window

DOMAIN = "starttls.test"
ADDRESS = f"careful@{DOMAIN}"
# Of this domain nobody has a good certificate.
BAD = "selfsigned.test-self_signed"
FAILED = "Mozilla Thunderbird failed to find the settings for your email account."


@pytest.fixture(scope="module")
def careful(lab: Lab, thunderbird: Thunderbird) -> Thunderbird:
    """The program with an account that was set up by the steps for STARTTLS."""
    follow(Window(thunderbird.control), instructions(lab, ADDRESS), lab.password)
    return thunderbird


def certificate(lab: Lab, host: str, name: str) -> ssl.SSLContext:
    """What a server shows that has the lab's certificate for *host* of *name*."""
    folder = lab.ca_file.parent
    pem = Pem(*(folder / f"{host}.{name}.{part}.pem" for part in ("chain", "key", "both")))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem.chain, pem.key)
    return context


@contextmanager
def servers(lab: Lab, name: str, *, upgrades: bool) -> Iterator[tuple[Listener, Listener]]:
    """An IMAP and a submission server at the addresses of the real ones."""
    with ExitStack() as stack:
        made = [
            stack.enter_context(
                Listener(
                    protocol,
                    certificate(lab, host, name),
                    implicit=False,
                    upgrades=upgrades,
                    address=BY_NAME[DOMAIN].address(host),
                )
            )
            for protocol, host in (("imap", "imap"), ("smtp", "smtp"))
        ]
        yield made[0], made[1]


def let_it_try(program: Thunderbird, imap: Listener, smtp: Listener) -> None:
    """Fetch and send, until it gives up or asks what to do."""
    account.move(program.control, ADDRESS, imap.port, smtp.port)
    account.fetch(program.control, ADDRESS)
    account.wait(lambda: imap.finished.is_set() or imap.logins)
    account.send(program.control, ADDRESS)
    account.wait(lambda: smtp.finished.is_set() or (smtp.heard and account.asks(program.control)))
    account.close_windows(program.control)


@pytest.mark.parametrize(
    ("name", "upgrades"), [(f"{DOMAIN}-good", False), (BAD, True)], ids=["stripped", "certificate"]
)
def test_a_bad_server_gets_no_password(
    lab: Lab, careful: Thunderbird, name: str, upgrades: bool
) -> None:
    """Neither where STARTTLS is not offered any more, nor behind a certificate of one's own."""
    with servers(lab, name, upgrades=upgrades) as (imap, smtp):
        let_it_try(careful, imap, smtp)
        for server in (imap, smtp):
            told = b"".join(server.heard)
            assert server.logins == []
            assert lab.password.encode() not in told
            assert base64.b64encode(lab.password.encode())[:12] not in told
            assert not upgrades or b"STARTTLS" in told


def test_a_good_server_gets_it(lab: Lab, careful: Thunderbird) -> None:
    """So that the others would have heard it."""
    with servers(lab, f"{DOMAIN}-good", upgrades=True) as (imap, smtp):
        account.move(careful.control, ADDRESS, imap.port, smtp.port)
        account.fetch(careful.control, ADDRESS)
        account.wait(lambda: imap.logins)
        account.close_windows(careful.control)
        account.send(careful.control, ADDRESS)
        account.wait(lambda: smtp.logins)
        account.close_windows(careful.control)
        assert {*imap.logins, *smtp.logins} == {(ADDRESS, lab.password)}


@pytest.mark.parametrize(
    ("told", "met"),
    [(DOMAIN, "notls.test"), ("implicit.test", "selfsigned.test")],
    ids=["stripped", "certificate"],
)
def test_on_a_bad_server_the_set_up_ends_before_the_password(
    lab: Lab, thunderbird: Thunderbird, told: str, met: str
) -> None:
    """The window's test fails, and the instructions know what it says then."""
    window = Window(thunderbird.control)
    steps = instructions(lab, f"stopped@{told}")
    for step in steps:
        for entry in step["entries"]:
            entry["value"] = entry["value"].replace(f".{told}", f".{met}")
    until = next(at for at, step in enumerate(steps) if "“Test”" in (step["then"] or ""))
    follow(window, steps[: until + 1], lab.password)
    window.wait_for(FAILED)
    assert "certificate" in meaning(lab, told, FAILED)
    assert not window.shows("Password")
    window.close_set_up()
