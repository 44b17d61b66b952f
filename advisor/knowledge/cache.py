"""The compact form of checked knowledge, kept on disk under a key made from its content.

The cache only ever saves work: one that is missing, damaged, somebody else's or from another
version is ignored, and one that cannot be written is not.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import platformdirs


def folder() -> Path:
    """Where the cache lives: the platform's cache folder, or ``ADVISOR_CACHE_DIR``."""
    named = os.environ.get("ADVISOR_CACHE_DIR")
    return Path(named) if named else Path(platformdirs.user_cache_dir("mail-advisor", False))


def load(name: str, key: str) -> Any:
    """What was stored as *name* under *key*, or None."""
    path = folder() / f"{name}-{key}.json"
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if hasattr(os, "geteuid") and (status.st_uid != os.geteuid() or status.st_mode & 0o022):
                return None
            checksum, _, payload = file.read().partition(b"\n")
        if checksum.decode("ascii", "replace") != _checksum(payload):
            return None
        return json.loads(payload)
    except (OSError, ValueError, RecursionError):
        return None


def store(name: str, key: str, data: Any) -> None:
    """Keep *data* as *name* under *key*, in place of what *name* had before."""
    payload = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    with contextlib.suppress(OSError):
        home = folder()
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=home, prefix=f".{name}-")
        with os.fdopen(handle, "wb") as file:
            file.write(_checksum(payload).encode() + b"\n" + payload)
        Path(draft).replace(home / f"{name}-{key}.json")
        for old in home.glob(f"{name}-*.json"):
            if old.name != f"{name}-{key}.json":
                old.unlink(missing_ok=True)


def _checksum(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()
