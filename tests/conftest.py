"""A clean environment for every test: nobody's cache, configuration or variables."""

from pathlib import Path

import pytest


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
