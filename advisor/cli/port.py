"""``advisor port``: which port?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from advisor.cli._client import ClientOption, named
from advisor.cli._markdown import cited, escaped
from advisor.cli._output import Format, FormatOption, OutputOption, Paint, check_writable, deliver
from advisor.cli._session import Session
from advisor.cli._wrap import wrapped
from advisor.model.text import printable

if TYPE_CHECKING:
    from advisor.model.client import Client

Answer = Mapping[str, Any]


def command(
    ctx: typer.Context,
    question: Annotated[
        list[str] | None,
        typer.Argument(metavar="[QUESTION]...", help="imap, pop3, smtp, a port, two ports, words."),
    ] = None,
    client: ClientOption = None,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
) -> None:
    """advisor port 465 587

    Which port, and why. Offline and instant: port imap, port 587, port 465 587 (the trade-off).
    """
    check_writable(output)
    answer = _answer(ctx.obj, question or [], named(ctx.obj, client))
    deliver(
        ctx.obj, answer, form, output,
        text=lambda paint: _text(answer, paint, quiet=ctx.obj.quiet),
        markdown=lambda: _markdown(answer),
    )  # fmt: skip


def _answer(session: Session, question: list[str], client: Client | None) -> Answer:
    """The answer in plain data; one that was given before is remembered, not worked out again."""

    def work_out() -> Answer:
        from advisor.cli._output import as_plain
        from advisor.ports import which_port

        found: Answer = as_plain(which_port(question, session.library, client))
        return found

    asked = " ".join(question).lower()
    if client is not None or len(asked) > _REMEMBERED:
        return work_out()
    found: Answer = session.library.remember(f"port {asked}", ("rules", "order", "ports"), work_out)
    return found


# Longer questions are hardly ever asked twice.
_REMEMBERED = 20

_WORDS = {"tls": "SSL/TLS", "starttls": "STARTTLS", "none": "no encryption"}


def _text(answer: Answer, paint: Paint, *, quiet: bool) -> str:
    lines = [paint.bold(answer["answer"])]
    if quiet:
        return lines[0]
    if len(answer["settings"]) > 1:
        lines.append("")
        lines += [
            f"  {one['protocol'].upper():5} {one['port']:>5}  {_choice(one):13}  {one['verdict']}"
            for one in answer["settings"]
        ]
    lines += ["", *wrapped(answer["because"])]
    for one in answer["findings"]:
        lines += ["", *wrapped(f"{printable(one['message'])}  [{one['code']}]", "! ", "  ")]
    if answer["references"]:
        lines.append("")
    for ref in answer["references"]:
        lines += map(paint.dim, wrapped(f"{_cited(ref)}: {ref['says']}", "  ", "      "))
    return "\n".join(lines)


def _choice(one: Mapping[str, Any]) -> str:
    """What to choose: the client's own word, or the usual one."""
    return str(one["label"] or _WORDS[one["security"]])


def _cited(ref: Mapping[str, str]) -> str:
    return f"{ref['id']} §{ref['section']}" if ref["section"] else ref["id"]


def _markdown(answer: Answer) -> str:
    lines = [f"**{escaped(answer['answer'])}**", ""]
    lines += ["| protocol | port | security | verdict |", "|---|---|---|---|"]
    lines += [
        f"| {s['protocol'].upper()} | {s['port']} | {_WORDS[s['security']]} | {s['verdict']} |"
        for s in answer["settings"]
    ]
    lines += ["", escaped(answer["because"]), ""]
    lines += [f"- {cited(_cited(ref))}: {escaped(ref['says'])}" for ref in answer["references"]]
    return "\n".join(lines)
