"""The tree of errors: as drawn, and as caught."""

from __future__ import annotations

import inspect
import re

import pytest

from advisor import errors
from advisor.errors import (
    AdvisorError,
    ConnectFailed,
    DnsFailed,
    ProbeTimeout,
    RemoteProtocolError,
    RuleError,
)
from advisor.model.evidence import Problem

CLASSES = {
    name: kind
    for name, kind in vars(errors).items()
    if inspect.isclass(kind) and issubclass(kind, Exception)
}
# The branch of a line in the picture, four signs a level, and the name behind it.
LINE = re.compile(r"^((?:[│ ] {3})*(?:[├└]── )?)([A-Z]\w+)(?: {2,}(.*))?$")


def drawn() -> dict[str, tuple[str, str]]:
    """Each class in the picture: its parent there, and the remark beside it."""
    found: dict[str, tuple[str, str]] = {}
    path: list[str] = []
    for line in filter(None, map(LINE.match, (errors.__doc__ or "").splitlines())):
        depth = len(line[1]) // 4
        path[depth:] = [line[2]]
        found[line[2]] = (path[depth - 1] if depth else "AdvisorError", line[3] or "")
    return found


def test_the_picture_holds_every_class() -> None:
    """And no other."""
    assert list(drawn()) == list(CLASSES)


@pytest.mark.parametrize("name", [name for name in CLASSES if name != "AdvisorError"])
def test_a_class_hangs_where_it_is_drawn(name: str) -> None:
    """Its first base is the branch it hangs on; another base is named beside it."""
    parent, remark = drawn()[name]
    first, *others = CLASSES[name].__bases__
    assert first is CLASSES[parent]
    assert set(re.findall(r"also an? (\w+)", remark)) == {other.__name__ for other in others}


@pytest.mark.parametrize("kind", CLASSES.values(), ids=lambda kind: kind.__name__)
def test_every_error_says_what_it_is_for(kind: type[Exception]) -> None:
    """In a docstring of its own."""
    assert kind.__doc__


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (DnsFailed(Problem.DNS_TIMEOUT, "no answer"), "no answer"),
        (ConnectFailed(Problem.REFUSED, "a:1 refused"), "a:1 refused"),
        (ProbeTimeout(Problem.TIMEOUT, "a:1 said nothing"), "a:1 said nothing"),
        (RemoteProtocolError(Problem.LIMIT, "too long", "x"), "too long"),
    ],
)
def test_the_message_is_the_sentence(error: AdvisorError, text: str) -> None:
    """The kind stands beside it, for rules and programs."""
    assert str(error) == text
    assert isinstance(error.problem, Problem)  # type: ignore[attr-defined]


def test_a_broken_protocol_keeps_the_line() -> None:
    """As evidence."""
    assert RemoteProtocolError(Problem.LIMIT, "too long", "* BAD").line == "* BAD"


def test_wrong_rules_are_told_all_at_once() -> None:
    """One line each."""
    error = RuleError(["a.yaml:1:1 one", "b.yaml:2:2 two"])
    assert str(error) == "a.yaml:1:1 one\nb.yaml:2:2 two"
    assert error.mistakes == ("a.yaml:1:1 one", "b.yaml:2:2 two")
