"""What a folder, a .tar.gz or a .zip has in it that may be a document of the provider database.

Nothing is unpacked to disk: names inside a pack are only told apart, never used as paths. Links
are not followed, and size, number and sum of the members are bounded.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from advisor.errors import InputError
from advisor.formats._xml import MAX_DOCUMENT

MAX_PACK = 8 * 1024 * 1024
MAX_UNPACKED = 32 * 1024 * 1024
MAX_MEMBERS = 20_000

SUFFIX = ".xml"
# Where the public database keeps its documents, in a checkout as well as in a pack of it.
FOLDER = "ispdb"

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_LINK = "is a link, and links are not followed"
_TOO_LARGE = "is larger than such a document can be"


@dataclass(frozen=True, slots=True)
class Member:
    """One document: its *name* without folders, and its bytes or *why* they were not read."""

    name: str
    document: bytes = b""
    why: str = ""


def in_folder(folder: Path) -> Iterator[Member]:
    """The XML files of *folder*, or of ``ispdb`` in it where that is a checkout, by name.

    Raises:
        InputError: the folder cannot be read, or holds too much.
    """
    checkout = folder / FOLDER
    try:
        home = checkout if checkout.is_dir() and not checkout.is_symlink() else folder
        paths = sorted(path for path in home.iterdir() if path.suffix == SUFFIX)
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}") from None
    _check(len(paths), 0)
    for path in paths:
        yield _file(path)


def _file(path: Path) -> Member:
    try:
        if path.is_symlink():
            return Member(path.name, why=_LINK)
        if not path.is_file():
            return Member(path.name, why="is no file")
        with path.open("rb") as file:
            document = file.read(MAX_DOCUMENT + 1)
    except OSError as error:
        return Member(path.name, why=f"cannot be read: {error.strerror}")
    return _bounded(path.name, document)


def in_pack(pack: bytes) -> Iterator[Member]:
    """The XML files in *pack*, a .tar.gz or a .zip, in their order there.

    Raises:
        InputError: it is neither, is damaged, or holds too much.
    """
    try:
        if pack.startswith(_ZIP):
            yield from _zipped(pack)
        elif pack.startswith(_GZIP):
            yield from _tarred(pack)
        else:
            raise InputError("what came is neither a .tar.gz nor a .zip: give the URL of one")
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise InputError(f"the pack is damaged: {error}") from None
    except (OSError, NotImplementedError, RuntimeError, ValueError, OverflowError) as error:
        raise InputError(f"the pack cannot be read: {error}") from None


def _tarred(pack: bytes) -> Iterator[Member]:
    with (
        _Bounded(gzip.GzipFile(fileobj=io.BytesIO(pack))) as unpacked,
        tarfile.open(fileobj=unpacked, mode="r|") as tar,
    ):
        for number, info in enumerate(tar, 1):
            _check(number, 0)
            tar.members = []  # type: ignore[attr-defined]  # else it remembers every one
            if not _is_wanted(info.name):
                continue
            name = PurePosixPath(info.name).name
            if info.issym() or info.islnk():
                yield Member(name, why=_LINK)
            elif info.isfile():
                file = tar.extractfile(info)
                yield _bounded(name, file.read(MAX_DOCUMENT + 1) if file else b"")


def _zipped(pack: bytes) -> Iterator[Member]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        wanted = [info for info in archive.infolist() if _is_wanted(info.filename)]
        total = 0
        for number, info in enumerate(wanted, 1):
            name = PurePosixPath(info.filename).name
            if _is_link(info):
                yield Member(name, why=_LINK)
                continue
            with archive.open(info) as file:
                document = file.read(MAX_DOCUMENT + 1)
            total += len(document)
            _check(number, total)
            yield _bounded(name, document)


def _is_link(info: zipfile.ZipInfo) -> bool:
    """Does the mode of a Unix file in the high half of the attributes say symbolic link?"""
    return (info.external_attr >> 16) & 0o170000 == 0o120000


def _is_wanted(path: str) -> bool:
    """A document of the database: in its own folder, or in no folder but that of the pack."""
    parts = PurePosixPath(path).parts
    in_place = len(parts) <= 2 or parts[-2] == FOLDER
    return path.endswith(SUFFIX) and in_place


def _bounded(name: str, document: bytes) -> Member:
    too_large = len(document) > MAX_DOCUMENT
    return Member(name, why=_TOO_LARGE) if too_large else Member(name, document)


def _check(members: int, size: int) -> None:
    if members > MAX_MEMBERS or size > MAX_UNPACKED:
        raise InputError(
            f"this holds more than a provider database can: at most {MAX_MEMBERS} files "
            f"and {MAX_UNPACKED >> 20} MB"
        )


class _Bounded(io.RawIOBase):
    """*file*, of which so much may be read and no more."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file
        self._size = 0

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Up to *size* bytes."""
        data = self._file.read(size)
        self._size += len(data)
        _check(0, self._size)
        return data
