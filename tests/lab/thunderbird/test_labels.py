"""The catalogue's labels and ports are those of the window to set an account up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from advisor.knowledge.clients import read as client
from advisor.knowledge.library import Library
from advisor.model.client import Client

from .program import Thunderbird, version
from .window import Window

# The window's own, which is no setting.
AUTODETECT = "Autodetect"
# What the window says of what it has found, and what only the settings of an account offer.
ELSEWHERE = {"No Encryption", "Password, transmitted insecurely", "TLS Certificate"}
SECURITY, SIGN_IN = "Connection security", "Authentication method"


@pytest.fixture(scope="module")
def known() -> Client:
    """The catalogue's entry for the version that is installed."""
    entry = Library().entries("clients")["thunderbird"]
    return client("thunderbird", entry, version().partition(".")[0])


@pytest.fixture
def window(thunderbird: Thunderbird) -> Iterator[Window]:
    """The set-up window, where the servers are entered by hand."""
    opened = Window(thunderbird.control)
    opened.open_menu()
    opened.press("Add Account")
    opened.press("Email")
    opened.fill("Full name", "Alice")
    opened.fill("Email address", "alice@implicit.test")
    opened.press("Manual configuration")
    yield opened
    opened.close_set_up()


def are_known(window: Window, known: Client, protocol: str) -> None:
    """The lists offer what the catalogue says, for a server that no OAuth2 is built in for."""
    security = {one.label for one in known.labels if protocol in one.protocols}
    sign_in = {
        one.label for one in known.sign_in if protocol in one.protocols and one.does != "oauth2"
    }
    assert set(window.choices(SECURITY)) == {AUTODETECT} | security - ELSEWHERE
    offered = {label.casefold() for label in window.choices(SIGN_IN)}
    wanted = {AUTODETECT} | sign_in - ELSEWHERE
    assert offered == {label.casefold() for label in wanted}


def fills_in(window: Window, known: Client, protocol: str, *modes: str) -> None:
    """Whoever chooses a security gets the catalogue's port for it."""
    labels = {one.does: one.label for one in known.labels if one.label not in ELSEWHERE}
    for mode in modes:
        window.fill(SECURITY, labels[mode])
        assert window.value("Port") == str(known.ports[f"{protocol}:{mode}"]), (protocol, mode)


def test_labels_and_ports_are_the_catalogues(window: Window, known: Client) -> None:
    """For both ways to read mail, and for sending."""
    for protocol in ("imap", "pop3"):
        window.fill("Protocol", protocol.upper())
        window.fill("Hostname", "imap.implicit.test")
        are_known(window, known, protocol)
        fills_in(window, known, protocol, "implicit", "starttls", "none", "implicit")
    window.fill("Username", "alice")
    window.press("Continue")
    window.fill("Hostname", "smtp.implicit.test")
    are_known(window, known, "smtp")
    fills_in(window, known, "smtp", "implicit", "starttls", "implicit")
    window.fill("Hostname", "smtp.gmail.com")
    assert "OAuth2" in window.choices(SIGN_IN)
