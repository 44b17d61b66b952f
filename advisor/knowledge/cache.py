"""The compact form of checked knowledge, kept on disk under a key made from its content.

The cache only ever saves work: one that is missing, damaged, somebody else's or from another
version is ignored, and one that cannot be written is not.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from advisor import folders

try:
    # hashlib links OpenSSL, which costs a quick answer a third of what it may take to start.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b


def load(name: str, key: str) -> Any:
    """What was stored as *name* under *key*, or None."""
    path = folders.cache() / f"{name}-{key}.json"
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
    import tempfile

    payload = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    with contextlib.suppress(OSError):
        home = folders.cache()
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=home, prefix=f".{name}-")
        with os.fdopen(handle, "wb") as file:
            file.write(_checksum(payload).encode() + b"\n" + payload)
        Path(draft).replace(home / f"{name}-{key}.json")
        for old in home.glob(f"{name}-*.json"):
            if old.name != f"{name}-{key}.json":
                old.unlink(missing_ok=True)


def fingerprint(content: bytes = b"") -> Any:
    """A hash object over *content*: BLAKE2b of 12 bytes, read as 24 hex digits."""
    return blake2b(content, digest_size=12)


def _checksum(payload: bytes) -> str:
    return str(fingerprint(payload).hexdigest())
