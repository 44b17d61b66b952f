"""One Thunderbird for all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.lab import Lab

from . import program
from .program import Thunderbird


@pytest.fixture(scope="session")
def thunderbird(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Thunderbird]:
    """The running program; skips where it cannot run, and says why."""
    if reason := program.missing():
        pytest.skip(reason)
    running = Thunderbird(lab, tmp_path_factory.mktemp("thunderbird"))
    try:
        yield running
    finally:
        running.end()
