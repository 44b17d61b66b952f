"""Global options may stand anywhere on the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.cli._main import hoist
from tests.run import advisor


@pytest.mark.parametrize(
    ("words", "hoisted"),
    [
        ("", ""),
        ("port imap", "port imap"),
        ("port imap --quiet", "--quiet port imap"),
        ("port -q imap -v", "-q -v port imap"),
        ("--offline recommend a@b.example", "--offline recommend a@b.example"),
        (
            "recommend a@b.example --offline --no-color",
            "--offline --no-color recommend a@b.example",
        ),
        ("port imap --rules DIR", "--rules DIR port imap"),
        ("port imap --rules=DIR", "--rules=DIR port imap"),
        ("port --rules A imap --rules=B", "--rules A --rules=B port imap"),
        ("port imap --rules", "--rules port imap"),
        ("port imap --rules --quiet", "--rules --quiet port imap"),
        ("explain -- --quiet", "explain -- --quiet"),
        ("explain --quiet -- --quiet -v", "--quiet explain -- --quiet -v"),
        ("explain -- -- -q", "explain -- -- -q"),
        ("rules list", "rules list"),
        ("explain quiet", "explain quiet"),
        ("port --quietly", "port --quietly"),
        ("recommend x --format json", "recommend x --format json"),
    ],
)
def test_global_options_move_to_the_front(words: str, hoisted: str) -> None:
    """In their order, with their values; what follows ``--`` stays where it is."""
    assert hoist(words.split()) == hoisted.split()


def test_what_is_hoisted_stays() -> None:
    """Doing it twice changes nothing, and the arguments are not touched."""
    words = ["port", "imap", "--rules", "x", "-q"]
    assert hoist(hoist(words)) == hoist(words)
    assert words == ["port", "imap", "--rules", "x", "-q"]


@pytest.mark.parametrize(
    "line",
    [
        "--offline --quiet recommend jane@gmail.com",
        "recommend --offline jane@gmail.com --quiet",
        "recommend jane@gmail.com --offline -q",
    ],
)
def test_the_place_of_an_option_makes_no_difference(line: str) -> None:
    """The same answer, wherever it stands."""
    ran = advisor(*line.split())
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[-1].split()[0] == "Outgoing"


@pytest.mark.parametrize("spelled", [["--rules={}"], ["--rules", "{}"]])
@pytest.mark.parametrize("last", [True, False])
def test_rules_of_ones_own_come_either_way(
    tmp_path: Path, spelled: list[str], *, last: bool
) -> None:
    """With a space or an equals sign, before or after the command."""
    (tmp_path / "own.yaml").write_text("title: [")
    option = [word.format(tmp_path) for word in spelled]
    ran = advisor(*(["port", "imap", *option] if last else [*option, "port", "imap"]))
    assert ran.code == 2
    assert "own.yaml:2:1" in ran.err


def test_a_word_behind_two_hyphens_is_a_word() -> None:
    """Even one that looks like an option."""
    ran = advisor("explain", "--", "--quiet")
    assert ran.code == 3
    assert "--quiet" in ran.err


def test_a_value_that_is_missing_is_told() -> None:
    """One line, exit code 2."""
    ran = advisor("port", "imap", "--rules")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
