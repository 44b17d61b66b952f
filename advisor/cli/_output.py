"""Handing out a result: its format, its colours, and where it goes."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from advisor.cli._session import Session
from advisor.errors import InputError


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
    if path.is_dir():
        raise InputError(f"{path} is a folder: give --output a file name")
    if not path.absolute().parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.absolute().parent}")


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
    match form:
        case Format.JSON:
            content = as_json(document)
        case Format.YAML:
            content = as_yaml(document)
        case Format.MARKDOWN:
            content = markdown()
        case _:
            content = text(Paint(session.paints and output is None))
    emit(content if content.endswith("\n") else content + "\n", output)


def emit(content: str | bytes, output: Path | None) -> None:
    """*content* to stdout, or into *output* whole or not at all.

    Raises:
        InputError: the file cannot be written.
    """
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    import os
    import tempfile

    draft = None
    try:
        handle, draft = tempfile.mkstemp(dir=output.absolute().parent, prefix=f".{output.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(draft, 0o666 & ~umask)  # noqa: PTH101 - a name, not yet the output
        os.replace(draft, output)  # noqa: PTH105
    except OSError as error:
        if draft:
            with contextlib.suppress(OSError):
                os.unlink(draft)  # noqa: PTH108
        raise InputError(f"{output} cannot be written: {error.strerror}") from None


def as_json(document: Any) -> str:
    """*document* as indented JSON; the same document gives the same bytes."""
    import json

    return json.dumps(as_plain(document), indent=2, ensure_ascii=False)


def as_yaml(document: Any) -> str:
    """*document* as YAML."""
    import yaml

    return str(yaml.safe_dump(as_plain(document), sort_keys=False, allow_unicode=True, width=100))


def as_plain(document: Any) -> Any:
    """*document* in dicts and lists, its ``schema`` first."""
    if isinstance(document, dict | list):
        return document
    import msgspec

    plain = msgspec.to_builtins(document, str_keys=True)
    if isinstance(plain, dict) and "schema" in plain:
        return {"schema": plain.pop("schema"), **plain}
    return plain
