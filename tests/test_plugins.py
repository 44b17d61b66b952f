"""Plugins are found by their place."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from advisor import _plugins, dialogues


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with two plugins, a helper, and a module that is neither."""
    home = tmp_path / "plugged_in"
    home.mkdir()
    for name, text in {
        "__init__": "",
        "zebra": "PLUGIN = 1",
        "apple": "PLUGIN = 2",
        "_helper": "raise RuntimeError",
        "neither": "",
    }.items():
        (home / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.startswith("plugged_in")]:
        monkeypatch.delitem(sys.modules, name)
    return "plugged_in"


def test_public_modules_come_sorted_by_name(package: str) -> None:
    """Helpers are not even imported."""
    found = _plugins.collect(package, "PLUGIN", required=False)
    assert list(found.items()) == [("apple", 2), ("zebra", 1)]


def test_a_module_without_the_attribute_is_named(package: str) -> None:
    """The message says which module lacks what."""
    with pytest.raises(ImportError, match=r"plugged_in\.neither has no PLUGIN"):
        _plugins.collect(package, "PLUGIN")


def test_a_module_is_no_package() -> None:
    """Asking inside a single file is a mistake of ours, and said."""
    with pytest.raises(ImportError, match="not a package"):
        _plugins.collect(_plugins, "PLUGIN")


def test_every_dialogue_is_found() -> None:
    """The folder is the list."""
    assert list(_plugins.collect(dialogues, "DIALOGUE")) == ["imap", "managesieve", "pop3", "smtp"]
