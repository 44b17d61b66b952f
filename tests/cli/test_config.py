"""config.toml reaches every command that has such an option."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from advisor.cli import _main
from advisor.cli._config import COMMANDS, GROUPS, OPTIONS


def commands() -> Iterator[tuple[str, Any]]:
    """Every command and sub-command, with its words."""
    app = typer.Typer(cls=_main.Commands)
    app.callback()(_main._globals)
    group: Any = typer.main.get_command(app)
    context = typer.Context(group, info_name="advisor")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        for below, one in getattr(command, "commands", {"": command}).items():
            yield f"{name} {below}".strip(), one


def configurable(command: Any) -> set[str]:
    """Which of its options config.toml may set."""
    written = {word for one in command.params for word in one.opts if word.startswith("--")}
    return {word.removeprefix("--") for word in written} & set(OPTIONS)


def test_no_command_with_a_configurable_option_is_left_out() -> None:
    """A name server or a database that was ruled out there is never asked."""
    listed = {*COMMANDS, *(f"{group} {one}" for group, below in GROUPS.items() for one in below)}
    assert {words for words, one in commands() if configurable(one)} == listed
