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
        from advisor.formats.written import as_plain
        from advisor.ports import which_port

        found: Answer = as_plain(which_port(question, session.library, client))
        return found

    words = " ".join(question).lower().split()
    if client is not None or not all(word in _QUICK or word.isdigit() for word in words):
        return work_out()
    kinds = ("rules", "order", "ports")
    found: Answer = session.library.remember(f"port {' '.join(words)}", kinds, work_out)
    return found


# Words that no client's name can be made of, so that the answer depends on no client.
_QUICK = frozenset({"imap", "incoming", "outgoing", "pop", "pop3", "sieve", "smtp"})

_WORDS = {"tls": "SSL/TLS", "starttls": "STARTTLS", "none": "no encryption"}


def _text(answer: Answer, paint: Paint, *, quiet: bool) -> str:
    lines = [paint.bold(answer["answer"])]
    if quiet:
        return lines[0]
    if len(answer["settings"]) > 1:
        width = max(13, *(len(_choice(one)) for one in answer["settings"]))
        lines.append("")
        lines += [
            f"  {one['protocol'].upper():5} {one['port']:>5}  {_choice(one):{width}}  "
            f"{one['verdict']}"
            for one in answer["settings"]
        ]
    lines += ["", *wrapped(answer["because"])]
    for one in answer["findings"]:
        lines += ["", *wrapped(_finding(one), _MARKS[one["severity"]], "  ")]
    if answer["references"]:
        lines.append("")
    for ref in answer["references"]:
        lines += map(paint.dim, wrapped(f"{_cited(ref)}: {ref['says']}", "  ", "      "))
    return "\n".join(lines)


_MARKS = {"error": "x ", "warning": "! ", "note": "- "}


def _finding(one: Mapping[str, Any]) -> str:
    own = " (your rule)" if one["origin"] == "overlay" else ""
    return f"{printable(one['message'])}{own}  [{one['code']}]"


def _choice(one: Mapping[str, Any]) -> str:
    """What to choose: the client's own word, or the usual one."""
    return str(one["label"] or _WORDS[one["security"]])


def _cited(ref: Mapping[str, str]) -> str:
    return f"{ref['id']} §{ref['section']}" if ref["section"] else ref["id"]


def _markdown(answer: Answer) -> str:
    lines = [f"**{escaped(answer['answer'])}**", ""]
    lines += ["| protocol | port | security | verdict |", "|---|---|---|---|"]
    lines += [
        f"| {s['protocol'].upper()} | {s['port']} | {escaped(_choice(s))} | {s['verdict']} |"
        for s in answer["settings"]
    ]
    lines += ["", escaped(answer["because"]), ""]
    lines += [f"- **{one['severity']}**: {escaped(_finding(one))}" for one in answer["findings"]]
    lines += [f"- {cited(_cited(ref))}: {escaped(ref['says'])}" for ref in answer["references"]]
    return "\n".join(lines)
