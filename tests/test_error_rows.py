"""Every row of the error catalogue finds its own entry first."""

from functools import cache
from pathlib import Path

import pytest

from advisor.diagnosing import diagnose
from advisor.knowledge.library import Library

ROWS = [
    tuple(line.split(" | ", 2))
    for line in (Path(__file__).parent / "data/errors/rows.txt").read_text().splitlines()
    if not line.startswith("#")
]

# How many rows each section of the catalogue has.
SECTIONS = {"T": 50, "C": 30, "O": 34, "A": 10, "G": 7, "K": 16, "X": 21, "S": 53, "I": 25,
            "P": 14, "N": 7}  # fmt: skip


@cache
def library() -> Library:
    """The bundled knowledge, read once."""
    return Library()


@pytest.mark.parametrize(("row", "entry", "text"), ROWS, ids=[f"{r[0]}-{r[2][:40]}" for r in ROWS])
def test_a_row_finds_its_own_entry_first(row: str, entry: str, text: str) -> None:
    """With a message as the program or the server prints it."""
    found = diagnose(text, library())
    assert found.matches, row
    assert found.matches[0].id == entry


def test_no_row_is_missing() -> None:
    """All rows of sections 2 to 7, from the first to the last number."""
    expected = {f"{key}{n:02}" for key, most in SECTIONS.items() for n in range(1, most + 1)}
    assert {row for row, _, _ in ROWS} == expected
