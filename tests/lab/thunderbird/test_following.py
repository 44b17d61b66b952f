"""Instructions followed on the real window lead to an account that reads and sends mail."""

from __future__ import annotations

import re

import pytest

from tests.lab.lab import Lab

from . import account
from .following import follow, instructions, values
from .program import Thunderbird
from .window import Window

DOMAINS = ("implicit.test", "starttls.test", "localpart.test")
# What the settings call the boxes that the set-up window has shorter names for.
IN_SETTINGS = {"Hostname": "Server Name", "Username": "User Name"}


def signed_in(lab: Lab, user: str) -> list[str]:
    """How *user* signed in to Dovecot so far: the mechanisms, inside TLS only."""
    log = (lab.log_directory / "dovecot-strict.log").read_text()
    return re.findall(rf"imap-login: .*Login: user=<{re.escape(user)}>, method=(\S+),.* TLS", log)


def sent(lab: Lab, user: str) -> list[str]:
    """The mails that Postfix took from *user*, by their numbers in its queue."""
    log = (lab.log_directory / "postfix.log").read_text()
    taken = re.findall(rf"(\w+): client=.*sasl_username={re.escape(user)}$", log, re.MULTILINE)
    return [number for number in taken if f"{number}: message-id=" in log]


@pytest.mark.parametrize("domain", DOMAINS)
def test_who_follows_the_steps_reads_and_sends_mail(
    lab: Lab, thunderbird: Thunderbird, domain: str
) -> None:
    """Every label is on the window, every button can be pressed; the password goes inside TLS."""
    address = f"steps@{domain}"
    steps = instructions(lab, address)
    window = Window(thunderbird.control)
    follow(window, steps, lab.password)
    incoming = values(steps, "Incoming server settings")
    user = incoming["Username"]
    assert user == ("steps" if domain == "localpart.test" else address)
    account.wait(lambda: signed_in(lab, user))
    assert set(signed_in(lab, user)) == {"PLAIN"}
    window.open_menu()
    window.press("Account Settings")
    shown = account.settings(thunderbird.control, address)
    for label, value in incoming.items():
        if label != "Protocol":
            assert shown.values[IN_SETTINGS.get(label, label)] == value
    assert shown.lists["Connection security"] == ["None", "STARTTLS", "SSL/TLS"]
    account.send(thunderbird.control, address)
    account.wait(lambda: sent(lab, user))
