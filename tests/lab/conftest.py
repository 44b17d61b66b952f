"""The lab for tests: one for the whole session, and the marker `lab` on every test here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from . import requirements
from .lab import Lab

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder; they come first, as they take as long as all others."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("lab")
    items.sort(key=lambda item: HERE not in item.path.parents)


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The running lab; skips where it cannot run, and says why."""
    if reason := requirements.missing():
        pytest.skip(reason)
    with Lab() as running:
        yield running
