"""The lab for tests: one for the whole session, and the marker `lab` on every test here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from . import requirements
from .lab import Lab

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder: one process runs them all, since there is one lab.

    It begins with them, as they take as long as all others together.
    """
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("lab")
            item.add_marker(pytest.mark.xdist_group("lab"))
    items.sort(key=lambda item: HERE not in item.path.parents)


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The running lab; skips where it cannot run, and says why."""
    if reason := requirements.missing():
        pytest.skip(reason)
    with Lab() as running:
        yield running
