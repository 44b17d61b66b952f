"""Real pastes from public places: each with the entry that has to come first."""

import re
from functools import cache
from pathlib import Path

import pytest

from advisor.diagnosing import diagnose
from advisor.knowledge.library import Library

_HEAD = re.compile(r"^== ([a-z0-9-]+) == (https?://\S+)\n", re.MULTILINE)
_, *PARTS = _HEAD.split((Path(__file__).parent / "data/errors/pastes.txt").read_text())
PASTES = list(zip(PARTS[0::3], PARTS[1::3], PARTS[2::3], strict=True))


@cache
def library() -> Library:
    """The bundled knowledge, read once."""
    return Library()


@pytest.mark.parametrize(("entry", "at", "text"), PASTES, ids=[one[1] for one in PASTES])
def test_a_paste_begins_with_what_is_wrong(entry: str, at: str, text: str) -> None:
    """Whole stack traces, dialogs and screenfuls of a log, as people ask about them."""
    found = diagnose(text, library())
    assert found.matches, at
    assert found.matches[0].id == entry
    assert found.matches[0].means
    assert found.matches[0].fixes


def test_there_are_twenty_five() -> None:
    """From mail programs, servers' logs and programs in several languages."""
    assert len(PASTES) >= 25
