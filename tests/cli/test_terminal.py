"""What a person at a terminal sees: colours, and a display while it works."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.fakes.terminal import Screen, Shown, advisor

KNOWN = ["recommend", "jane@gmail.com", "--offline"]
# A title of the display, and the sign before what has not answered yet.
TITLE = "the domain’s own settings, over HTTPS"
ESCAPE = "\x1b"


@pytest.fixture
def waiting() -> Iterator[list[str]]:
    """A command that waits for a name server which never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        yield ["recommend", "a@example.org", "--nameserver", f"127.0.0.1:{port}"]


def briefly(words: list[str], **environment: str) -> Shown:
    """Such a command with little patience; it must have found nothing."""
    ran = advisor(*words, "--timeout", "0.3", **environment)
    assert ran.code in (3, 4)
    assert "a@example.org" in ran.out.lines[0]
    return ran


def test_a_page_has_emphasis() -> None:
    """Bold and dim on a terminal; the words are the same as without."""
    ran = advisor(*KNOWN)
    assert ran.code == 0
    assert f"{ESCAPE}[1m" in ran.out.written
    assert f"{ESCAPE}[2m" in ran.out.written
    assert ran.out.lines == advisor(*KNOWN, "--no-color").out.lines


def test_what_needs_no_network_shows_no_display() -> None:
    """There is nothing to wait for."""
    assert advisor(*KNOWN).err.written == ""


@pytest.mark.parametrize(
    ("more", "environment"),
    [
        (["--no-color"], {}),
        ([], {"NO_COLOR": "1"}),
        ([], {"NO_COLOR": "please"}),
        ([], {"NO_COLOR": "0"}),
        ([], {"TERM": "dumb"}),
    ],
    ids=["option", "variable", "any-value", "zero", "dumb"],
)
def test_colours_can_be_switched_off(more: list[str], environment: dict[str, str]) -> None:
    """no-color.org: the variable counts when it is present and not empty, whatever it holds."""
    ran = advisor(*KNOWN, *more, **environment)
    assert ran.code == 0
    assert ESCAPE not in ran.out.written


def test_an_empty_variable_switches_nothing_off() -> None:
    """no-color.org: only a value that is not empty counts."""
    assert ESCAPE in advisor(*KNOWN, NO_COLOR="").out.written


def test_a_display_shows_what_is_waited_for(waiting: list[str]) -> None:
    """On stderr: one line for each source."""
    ran = briefly(waiting)
    assert TITLE in ran.err.written
    assert "…" in ran.err.written
    assert TITLE not in ran.out.written


def test_the_display_leaves_nothing_behind(waiting: list[str]) -> None:
    """Every line is taken away again, and the cursor is back."""
    ran = briefly(waiting)
    assert len(ran.err.written) > 100
    assert ran.err.lines == []
    assert ran.err.cursor_shown


@pytest.mark.parametrize(
    ("more", "environment"),
    [(["--no-color"], {}), ([], {"NO_COLOR": "1"}), (["--quiet"], {})],
    ids=["option", "variable", "quiet"],
)
def test_the_display_can_be_switched_off(
    waiting: list[str], more: list[str], environment: dict[str, str]
) -> None:
    """Nothing at all on stderr then."""
    assert briefly([*waiting, *more], **environment).err.written == ""


def test_a_trace_takes_the_place_of_the_display(waiting: list[str]) -> None:
    """With --verbose: lines that stay."""
    ran = briefly([*waiting, "--verbose"])
    assert any(line.startswith("ask   autoconfig-https") for line in ran.err.lines)
    assert ESCAPE not in ran.err.written


def test_an_interrupt_leaves_one_line(waiting: list[str]) -> None:
    """Ctrl-C in the middle of the display: it goes, and one line says why."""
    ran = advisor(*waiting, interrupted_at=TITLE)
    assert ran.code == 130
    assert ran.err.lines == ["advisor: interrupted"]
    assert ran.err.cursor_shown
    assert ran.out.written == ""


def test_the_screen_of_these_tests_forgets_what_is_erased() -> None:
    """A display that is taken away again leaves an empty screen."""
    assert Screen("one\r\ntwo\r\x1b[2K\x1b[1A\x1b[2K").lines == []
    assert Screen("one\r\ntwo\r\x1b[1Athree").lines == ["three", "two"]
