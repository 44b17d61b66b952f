"""A clean environment for every test: nobody's cache, configuration or variables.

Where tests run in several processes, what there is only one of is for one of them.
"""

from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

# One lab a machine, and one wheel that is built.
TOGETHER = ("tests/lab/", "tests/test_wheel.py")


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # it ships no types
    """Every test goes to whichever process is free, except those that belong together."""

    def _split_scope(self, nodeid: str) -> str:
        """The name of the group that *nodeid* is in."""
        return next((group for group in TOGETHER if nodeid.startswith(group)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling:
    """How ``pytest -n`` hands out tests."""
    return Scheduling(config, log)


@pytest.fixture(autouse=True)
def clean_environment(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No ``ADVISOR_*`` from outside, an empty configuration, and a cache of our own."""
    import os

    for name in [name for name in os.environ if name.startswith("ADVISOR_")]:
        if name != "ADVISOR_SCHEMAS":
            monkeypatch.delenv(name)
    home: Path = tmp_path_factory.getbasetemp() / "home"
    monkeypatch.setenv("ADVISOR_CACHE_DIR", str(home / "cache"))
    monkeypatch.setenv("ADVISOR_CONFIG_DIR", str(home / "config"))
    monkeypatch.delenv("NO_COLOR", raising=False)
