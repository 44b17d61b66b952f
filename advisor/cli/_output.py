"""Handing out a result: its format, its colours, and where it goes."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from advisor.cli._session import Session
from advisor.errors import InputError
from advisor.model.text import printable, visible


class Format(StrEnum):
    """How a result is written."""

    TEXT = "text"
    JSON = "json"
    YAML = "yaml"
    MARKDOWN = "markdown"


FormatOption = Annotated[
    Format, typer.Option("--format", envvar="ADVISOR_FORMAT", help="How to write the result.")
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="Write to FILE, whole or not at all."),
]


class Paint:
    """Emphasis for a terminal; off everywhere else."""

    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, text: str, *codes: int) -> str:
        """*text* with the SGR *codes*, where painting is on."""
        return f"\x1b[{';'.join(map(str, codes))}m{text}\x1b[0m" if self.on and codes else text

    def bold(self, text: str) -> str:
        """The answer, and headings."""
        return self(text, 1)

    def dim(self, text: str) -> str:
        """References and side remarks."""
        return self(text, 2)

    def warn(self, text: str) -> str:
        """Beware."""
        return self(text, 33)

    def alarm(self, text: str) -> str:
        """Unusable or unsafe."""
        return self(text, 1, 31)


def check_writable(path: Path | None) -> None:
    """Refuse an output file that cannot be written before any work is done.

    Raises:
        InputError
    """
    if path is None:
        return
    shown = printable(str(path), 80)
    try:
        target = path.resolve()
        if target.is_dir():
            raise InputError(f"{shown} is a folder: give --output a file name")
        if target.exists() and not target.is_file():
            raise InputError(f"{shown} is no regular file: --output replaces files only")
        if not target.parent.is_dir():
            raise InputError(f"{shown} cannot be written: there is no such folder")
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: links in a circle
        raise InputError(f"{shown} cannot be written: {_said(error)}") from None


def check_new_folder(path: Path) -> None:
    """Refuse a folder that is there already, or that cannot be made, before any work is done.

    Raises:
        InputError
    """
    shown = printable(str(path), 80)
    try:
        target = path.resolve()
        if target.exists():
            raise InputError(f"{shown} is there already: give --output the name of a new folder")
        if not target.parent.is_dir():
            raise InputError(f"{shown} cannot be made: there is no folder to make it in")
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: links in a circle
        raise InputError(f"{shown} cannot be made: {_said(error)}") from None


def _said(error: Exception) -> str:
    return printable(getattr(error, "strerror", None) or str(error), 200)


def deliver(
    session: Session,
    document: Any,
    form: Format,
    output: Path | None,
    *,
    text: Callable[[Paint], str],
    markdown: Callable[[], str],
) -> None:
    """Write *document* in the format asked for, to *output* or stdout."""
    paint = Paint(session.paints and output is None)
    match form:
        case Format.JSON:
            from advisor.formats.written import as_json

            content = as_json(document)
        case Format.YAML:
            from advisor.formats.written import as_yaml

            content = as_yaml(document)
        case Format.MARKDOWN:
            content = visible(markdown())
        case _:
            content = text(paint) if paint.on else visible(text(paint))
    emit(content if content.endswith("\n") else content + "\n", output)


def emit(content: str | bytes, output: Path | None, *, is_private: bool = False) -> None:
    """*content* to stdout, or into *output* whole or not at all.

    What *is_private* goes into a file that only its owner can read.

    Raises:
        InputError: the file cannot be written, or a picture would be written on a terminal.
    """
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    if output is None:
        if b"\0" in data and sys.stdout.isatty():
            raise InputError("this is no text for a terminal: name a file with --output")
        sys.stdout.flush()
        _write_all(sys.stdout.fileno(), data)
        return
    _replace(output.resolve(), data, is_private)


def emit_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """*files* by their names into the new *folder*, all of them or none.

    Raises:
        InputError: the folder cannot be written.
    """
    import shutil
    import tempfile

    target = folder.resolve()
    draft = None
    try:
        draft = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:60]}."))
        for name, data in files.items():
            (draft / name).write_bytes(data)
        draft.chmod(0o777 & ~_umask())
        draft.rename(target)
    except OSError as error:
        if draft:
            shutil.rmtree(draft, ignore_errors=True)
        raise InputError(
            f"{printable(str(folder), 80)} cannot be written: {error.strerror}"
        ) from None


def _write_all(descriptor: int, data: bytes) -> None:
    """Write every byte, also where the other side has made the pipe one that does not wait."""
    import os
    import select

    left = memoryview(data)
    while left:
        try:
            left = left[os.write(descriptor, left) :]
        except BlockingIOError:
            select.select([], [descriptor], [])


def _replace(path: Path, data: bytes, is_private: bool) -> None:
    """Put *data* in the place of *path* with the rights it had, whole or not at all."""
    import os
    import tempfile

    draft = None
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:60]}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), _rights(path, is_private))
        Path(draft).replace(path)
    except OSError as error:
        if draft:
            with contextlib.suppress(OSError):
                Path(draft).unlink()
        raise InputError(
            f"{printable(str(path), 80)} cannot be written: {error.strerror}"
        ) from None


def _rights(path: Path, is_private: bool) -> int:

    if is_private:
        return 0o600
    if path.exists():
        return path.stat().st_mode & 0o777
    return 0o666 & ~_umask()


def _umask() -> int:
    import os

    umask = os.umask(0)
    os.umask(umask)
    return umask
