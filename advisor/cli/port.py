"""``advisor port``: which port?"""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.cli._output import Format, FormatOption, OutputOption, Paint, check_writable, deliver
from advisor.cli._wrap import wrapped
from advisor.model.answers import PortAnswer
from advisor.ports import which_port


def command(
    ctx: typer.Context,
    question: Annotated[
        list[str] | None,
        typer.Argument(metavar="[QUESTION]...", help="imap, pop3, smtp, a port, two ports, words."),
    ] = None,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
) -> None:
    """advisor port 465 587

    Which port, and why. Offline and instant: port imap, port 587, port 465 587 (the trade-off).
    """
    check_writable(output)
    answer = which_port(question or [], ctx.obj.library)
    deliver(
        ctx.obj, answer, form, output,
        text=lambda paint: _text(answer, paint, quiet=ctx.obj.quiet),
        markdown=lambda: _markdown(answer),
    )  # fmt: skip


_WORDS = {"tls": "SSL/TLS", "starttls": "STARTTLS", "none": "no encryption"}


def _text(answer: PortAnswer, paint: Paint, *, quiet: bool) -> str:
    lines = [paint.bold(answer.answer)]
    if quiet:
        return lines[0]
    if len(answer.settings) > 1:
        lines.append("")
        lines += [
            f"  {s.protocol.upper():5} {s.port:>5}  {_WORDS[s.security]:13}  {s.verdict}"
            for s in answer.settings
        ]
    lines += ["", *wrapped(answer.because)]
    if answer.references:
        lines.append("")
        for ref in answer.references:
            lines += map(paint.dim, wrapped(f"{ref}: {ref.says}", "  ", "      "))
    return "\n".join(lines)


def _markdown(answer: PortAnswer) -> str:
    lines = [
        f"**{answer.answer}**",
        "",
        "| protocol | port | security | verdict |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {s.protocol.upper()} | {s.port} | {_WORDS[s.security]} | {s.verdict} |"
        for s in answer.settings
    ]
    lines += ["", answer.because, "", *(f"- {ref}: {ref.says}" for ref in answer.references)]
    return "\n".join(lines)
