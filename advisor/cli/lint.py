"""``advisor lint``: a document that somebody publishes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from advisor.cli._output import Format, FormatOption, OutputOption, check_writable, deliver
from advisor.cli._session import Exit
from advisor.errors import InputError
from advisor.model.report import Severity
from advisor.model.text import printable


def command(
    ctx: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The document; - reads standard input.")
    ],
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
) -> None:
    """advisor lint config-v1.1.xml

    What is wrong with a file that is published for mail programs, line by line, and what each
    known program would make of it: autoconfig XML, Autodiscover XML, configuration profiles, zone
    lines, PACC JSON. Offline.
    """
    check_writable(output)
    session = ctx.obj
    from advisor.cli._lint_page import markdown, text
    from advisor.linter import MAX_DOCUMENT, lint

    shown = "standard input" if file == "-" else printable(file, 80)
    report = lint(_read(file, shown, MAX_DOCUMENT + 1), shown, session.library)
    deliver(
        session, report, form, output,
        text=lambda paint: text(report, paint, quiet=session.quiet, verbose=session.verbose),
        markdown=lambda: markdown(report),
    )  # fmt: skip
    if any(one.severity is Severity.ERROR for one in report.findings):
        raise typer.Exit(Exit.UNSAFE)


def _read(file: str, shown: str, most: int) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(most)
    try:
        with Path(file).open("rb") as stream:
            return stream.read(most)
    except OSError as error:
        raise InputError(f"{shown} cannot be read: {error.strerror}") from None
    except ValueError:  # a NUL in the name
        raise InputError(f"{shown} cannot be read: no file has such a name") from None
