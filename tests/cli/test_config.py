"""config.toml reaches every command that has such an option."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
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


DOCUMENT = Path(__file__).parents[1] / "data" / "lint" / "autoconfig-good.xml"
WORDS = {
    "recommend": "recommend jane@gmail.com --offline",
    "port": "port imap",
    "explain": "explain STARTTLS",
    "check": "check --protocol imap --host 127.0.0.1 --port 993 --security SSL",
    "diagnose": "diagnose authentication failed --host imap.gone.example",
    "instructions": "instructions jane@gmail.com --client mutt --offline",
    "probe": "probe 127.0.0.1:1 --protocol imap",
    "doctor": "doctor 127.0.0.1",
    "audit": "audit gone.example",
    "lint": f"lint {DOCUMENT}",
    "clients": "clients list",
    "rules": "rules list",
    "providers": "providers show posteo",
}


@pytest.mark.parametrize("name", WORDS)
def test_what_it_says_is_done(
    name: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The format, the time and the name server of the file; nobody there is an answer, too."""
    (tmp_path / "config.toml").write_text(
        'format = "json"\ntimeout = 1.5\nnameserver = "127.0.0.1:1"\nispdb = "none"\n'
    )
    monkeypatch.setenv("ADVISOR_CONFIG_DIR", str(tmp_path))
    _main.run(WORDS[name].split(" "))
    out, err = capfd.readouterr()
    assert json.loads(out), err
    if name in ("doctor", "audit"):
        found = json.loads(out)
        servers = found["names"]["servers"] if name == "doctor" else found["network"]["resolver"]
        assert "127.0.0.1:1" in servers


@pytest.mark.parametrize("name", ["check", "diagnose", "audit", "doctor", "probe"])
def test_what_it_forbids_is_not_done(
    name: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A wrong value of the file is told for every command that has the option."""
    (tmp_path / "config.toml").write_text('ca-file = "/nowhere/ca.pem"\n')
    monkeypatch.setenv("ADVISOR_CONFIG_DIR", str(tmp_path))
    assert _main.run(WORDS[name].split(" ")) == 2
    assert "--ca-file /nowhere/ca.pem is not a file" in capfd.readouterr().err


def test_the_command_line_has_the_last_word(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over the file; a variable stands between the two."""
    (tmp_path / "config.toml").write_text('format = "json"\n')
    monkeypatch.setenv("ADVISOR_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("ADVISOR_FORMAT", "markdown")
    _main.run(["lint", str(DOCUMENT)])
    assert capfd.readouterr().out.startswith("# ")
    _main.run(["lint", str(DOCUMENT), "--format", "yaml"])
    assert capfd.readouterr().out.startswith("schema: advisor.lint/1")
