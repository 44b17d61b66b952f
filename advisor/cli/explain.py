"""``advisor explain``: what a word means."""

from __future__ import annotations

from itertools import zip_longest
from typing import Annotated

import typer

from advisor.cli._markdown import cited, escaped
from advisor.cli._output import Format, FormatOption, OutputOption, Paint, check_writable, deliver
from advisor.cli._session import Exit
from advisor.cli._wrap import wrapped
from advisor.model.answers import Term
from advisor.model.text import printable
from advisor.terms import explain, near


def command(
    ctx: typer.Context,
    term: Annotated[
        list[str],
        typer.Argument(metavar="TERM...", help="A word, a label, a port, a finding's code."),
    ],
    client: Annotated[
        str | None,
        typer.Option("--client", metavar="NAME[@VERSION]", help="As this mail client means it."),
    ] = None,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
) -> None:
    """advisor explain "TLS, if available" --client thunderbird@2

    What a word means: STARTTLS, a label on a screen, a finding's code, a rule's id. Offline.
    """
    check_writable(output)
    word = " ".join(term)
    found = explain(word, ctx.obj.library, client)
    if not found.meanings:
        close = near(word, ctx.obj.library)
        hint = f"; near it: {', '.join(close)}" if close else ""
        ctx.obj.note(f"nothing is known about “{printable(word, 80)}”{hint}")
        raise typer.Exit(Exit.NOTHING)
    deliver(
        ctx.obj, found, form, output,
        text=lambda paint: _text(found, paint, quiet=ctx.obj.quiet),
        markdown=lambda: _markdown(found),
    )  # fmt: skip


def _text(term: Term, paint: Paint, *, quiet: bool) -> str:
    lines: list[str] = []
    for meaning, after in zip_longest(term.meanings, term.meanings[1:]):
        where = f" (in {meaning.where})" if meaning.where else ""
        first, *rest = wrapped(f"{printable(term.term, 80)}{where}: {meaning.means}")
        lines += ["", paint.bold(first), *map(paint.bold, rest)]
        if not quiet:
            if after is None or after.because != meaning.because:
                lines += wrapped(meaning.because, "  ")
            for ref in meaning.references:
                lines += map(paint.dim, wrapped(f"{ref}: {ref.says}", "  ", "      "))
    return "\n".join(lines[1:])


def _markdown(term: Term) -> str:
    lines = [f"## {escaped(term.term[:80])}"]
    for meaning in term.meanings:
        where = f" *(in {escaped(meaning.where)})*" if meaning.where else ""
        lines += ["", f"{escaped(meaning.means)}{where}", "", escaped(meaning.because), ""]
        lines += [f"- {cited(str(ref))}: {escaped(ref.says)}" for ref in meaning.references]
    return "\n".join(lines)
