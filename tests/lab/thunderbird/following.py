"""Follows printed instructions to the letter: where to click, what belongs into which box."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.lab.lab import Lab
from tests.run import advisor

from .program import version
from .window import MENU, Window

NAME = "Alice Example"
# What the instructions say in place of what only the reader knows.
OWN = {"your name, as others should see it": NAME}
PASSWORD = "the password of the account"
ACCOUNT = "(account)"

Steps = list[dict[str, Any]]


def instructions(lab: Lab, address: str) -> Steps:
    """The steps for *address* in the Thunderbird that is installed."""
    major = version().partition(".")[0]
    client = f"thunderbird@{major}"
    asked = ("instructions", address, "--client", client, "--format", "json")
    ran = advisor(*asked, *lab.cli_options)
    assert ran.code == 0, ran.err
    steps: Steps = json.loads(ran.out)["steps"]
    return steps


def values(steps: Steps, where: str) -> dict[str, str]:
    """What the step at *where* says to enter, by the names of the boxes."""
    [entries] = [one["entries"] for one in steps if one["where"] == where]
    return {one["field"]: one["value"] for one in entries}


def follow(window: Window, steps: Steps, password: str) -> None:
    """Do what *steps* say, one after the other, up to the account's own settings."""
    for step in steps:
        path = (step["where"] or "").split(" > ") if step["where"] else []
        if ACCOUNT in path:
            return
        go(window, path)
        for entry in step["entries"]:
            value = OWN.get(entry["value"], entry["value"])
            window.fill(entry["field"], password if value == PASSWORD else value)
        if step["then"]:
            [button] = re.findall("“(.+?)”", step["then"])
            window.press(button)


def go(window: Window, path: list[str]) -> None:
    """Click along *path*; what is no button is the heading of the place where one should be."""
    for place in path:
        if place == MENU:
            window.open_menu()
        elif not window.shows(place) or window.has_button(place):
            window.press(place)
