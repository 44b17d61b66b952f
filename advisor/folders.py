"""Where the platform keeps a program's configuration and its cache.

A library would do, at the price of a fifth of what a quick answer may take to start.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NAME = "mail-advisor"


def config() -> Path:
    """The configuration folder, or the one that ``ADVISOR_CONFIG_DIR`` names."""
    return _folder(
        "ADVISOR_CONFIG_DIR", "APPDATA", "Application Support", "XDG_CONFIG_HOME", ".config"
    )


def database() -> Path:
    """Where an imported provider database is kept."""
    return config() / "ispdb"


def own_settings() -> Path:
    """Where autoconfig documents of one's own are looked for, as DOMAIN.xml."""
    return config() / "isp"


def cache() -> Path:
    """The cache folder, or the one that ``ADVISOR_CACHE_DIR`` names."""
    return _folder("ADVISOR_CACHE_DIR", "LOCALAPPDATA", "Caches", "XDG_CACHE_HOME", ".cache")


def _folder(own: str, windows: str, mac: str, xdg: str, home: str) -> Path:
    named = os.environ.get(own)
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get(windows) or Path.home()) / _NAME
    if sys.platform == "darwin":
        return Path.home() / "Library" / mac / _NAME
    base = os.environ.get(xdg, "")
    return (Path(base) if base.startswith("/") else Path.home() / home) / _NAME
