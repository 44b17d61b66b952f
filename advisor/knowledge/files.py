"""Where the files of knowledge stand, and which of them are of what kind.

Every kind is a folder (or a file) of its own; rules are what is left.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from advisor.errors import InputError

FOLDERS = (
    "ports", "terms", "providers", "clients", "stacks", "hellos", "errors", "readers", "slips",
    "instructions", "languages",
)  # fmt: skip
FILES = ("order", "guesses", "causes", "grades", "helpdesk")
KINDS = ("rules", *FOLDERS, *FILES)

# What a helpdesk may lay beside its rules: pages of its own, and its logo.
TEMPLATES = "templates"
PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}

# The kinds that an overlay can take entries away from, and the entry that stands for that.
RETIRABLE = ("rules", "terms", "providers")
RETIRED = {"retired": True}


def bundled() -> Path:
    """The folder of the bundled rules: inside the wheel, or beside the package in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def is_folder(path: Path) -> bool:
    """Is *path* a folder? A name that no file can have is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


class Root(NamedTuple):
    """One folder of knowledge; *origin* is "bundled" or "overlay"."""

    path: Path
    origin: str

    def files(self, kind: str) -> list[Path]:
        """The YAML files of *kind*, sorted by their path."""
        try:
            return sorted(self._files(kind))
        except OSError as error:
            raise InputError(f"{self.path} cannot be read: {error.strerror}") from None

    def _files(self, kind: str) -> Iterator[Path]:
        if kind in FILES:
            single = self.path / f"{kind}.yaml"
            if single.exists():
                yield single
        elif kind in FOLDERS:
            folder = self.path / kind
            if folder.is_dir():
                yield from folder.glob("*.yaml")
        else:
            yield from (path for path in self.path.glob("*.yaml") if path.stem not in FILES)
            for folder in self.path.iterdir():
                if folder.is_dir() and folder.name not in FOLDERS:
                    yield from folder.glob("*.yaml")

    def stamp(self, kind: str) -> str:
        """Name, size and time of change of every file of *kind*: what tells that one was changed.

        A fraction of the time that it takes to read them.
        """
        if kind in FILES:
            entries = [one for one in _entries(self.path) if one.name == f"{kind}.yaml"]
        elif kind in FOLDERS:
            entries = _entries(self.path / kind)
        else:
            entries = [one for one in _entries(self.path) if one.name[:-5] not in FILES]
            for folder in [one for one in entries if one.is_dir() and one.name not in FOLDERS]:
                entries += _entries(Path(folder.path))
        return "\n".join(
            f"{one.path} {status.st_size} {status.st_mtime_ns} {status.st_ino}"
            for one in sorted(entries, key=lambda one: one.path)
            if one.name.endswith(".yaml") and (status := one.stat())
        )

    def strangers(self) -> list[Path]:
        """The files in places of knowledge that are of no kind; notes and hidden ones are fine."""
        known = {path for kind in KINDS for path in self.files(kind)}
        near = (path for depth in ("*", "*/*") for path in self.path.glob(depth))
        return sorted(
            path
            for path in (*near, *self.path.glob("*/*/*.y*ml"))
            if path not in known
            and path.suffix != ".md"
            and not self._is_helpdesks(path)
            and not any(part.startswith(".") for part in path.relative_to(self.path).parts)
            and path.is_file()
        )

    def _is_helpdesks(self, path: Path) -> bool:
        """Is *path* a template, or a picture beside ``helpdesk.yaml``?"""
        if path.parent == self.path / TEMPLATES:
            return True
        return path.parent == self.path and path.suffix.lower() in PICTURES


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def read_contents(root: Root, kind: str) -> list[tuple[Path, bytes]]:
    """The files of *kind* below *root* and their bytes."""
    try:
        return [(path, path.read_bytes()) for path in root.files(kind)]
    except OSError as error:
        raise InputError(f"{error.filename} cannot be read: {error.strerror}") from None
