"""Follows printed instructions to the letter: where to click, what belongs into which box."""

from __future__ import annotations

import json
import re
from functools import cache
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
SOMEBODY = "some-body"

Steps = list[dict[str, Any]]


def instructions(lab: Lab, address: str) -> Steps:
    """The steps for *address* in the Thunderbird that is installed."""
    local_part, _, domain = address.partition("@")
    steps: Steps = json.loads(printed(lab, domain).replace(SOMEBODY, local_part))["steps"]
    return steps


def meaning(lab: Lab, domain: str, shown: str) -> str:
    """What the instructions say that *shown* means, where it appears on the way."""
    told = json.loads(printed(lab, domain))["warnings"]
    [found] = [one["means"] for one in told if one["shows"] == shown]
    return str(found)


@cache
def printed(lab: Lab, domain: str) -> str:
    """The same as the command prints it, for somebody at *domain*."""
    client = f"thunderbird@{version().partition('.')[0]}"
    asked = ("instructions", f"{SOMEBODY}@{domain}", "--client", client, "--format", "json")
    ran = advisor(*asked, *lab.cli_options)
    assert ran.code == 0, ran.err
    return ran.out


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
