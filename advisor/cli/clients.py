"""``advisor clients``: the mail clients and their words."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from advisor.cli import _client_page
from advisor.cli._client import named
from advisor.cli._markdown import escaped
from advisor.cli._output import Format, FormatOption, Paint, deliver
from advisor.cli._session import Session
from advisor.errors import InputError
from advisor.knowledge.clients import Clients
from advisor.knowledge.common_words import common_words

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="advisor clients show thunderbird@2\n\nThe mail clients, and what their labels really do.",
)

Row = dict[str, Any]


@app.command("list")
def list_clients(ctx: typer.Context, form: FormatOption = Format.TEXT) -> None:
    """advisor clients list: every client, with its ranges of versions."""
    entries = ctx.obj.library.entries("clients")
    rows = [
        {
            "id": key,
            "name": entries[key]["name"],
            "kind": entries[key]["kind"],
            "versions": [one["range"] for one in entries[key]["versions"]],
            "origin": entries[key]["origin"],
        }
        for key in sorted(entries)
    ]
    deliver(
        ctx.obj, rows, form, None,
        text=lambda paint: _listed(rows, paint),
        markdown=lambda: _tabled(rows),
    )  # fmt: skip


def _listed(rows: list[Row], paint: Paint) -> str:
    width = max((len(row["id"]) for row in rows), default=0)
    return "\n".join(
        f"{paint.bold(row['id'].ljust(width))}  {row['name']}{_versions(row)}"
        f"{'  (yours)' if row['origin'] == 'overlay' else ''}"
        for row in rows
    )


def _versions(row: Row) -> str:
    """Its ranges of versions, where they make a difference."""
    return "" if row["versions"] == ["*"] else f"  ({', '.join(row['versions'])})"


def _tabled(rows: list[Row]) -> str:
    head = ["| client | name | kind | versions |", "|---|---|---|---|"]
    cells = (
        (escaped(row["name"]), row["kind"], escaped(", ".join(row["versions"]))) for row in rows
    )
    return "\n".join(
        [
            *head,
            *(
                f"| `{row['id']}` | {' | '.join(rest)} |"
                for row, rest in zip(rows, cells, strict=True)
            ),
        ]
    )


@app.command("show")
def show(
    ctx: typer.Context,
    name: Annotated[list[str], typer.Argument(metavar="NAME[@VERSION]")],
    form: FormatOption = Format.TEXT,
) -> None:
    """advisor clients show "Outlook 2016": its labels, ports, menus and limits.

    With --verbose also where each of them was read. For a client that is not known, the words of
    most others.
    """
    session: Session = ctx.obj
    try:
        client = named(session, " ".join(name))
    except InputError:
        _show_common(session, form)
        raise
    assert client is not None  # noqa: S101 - a name was given
    ranges = [one["range"] for one in session.library.entries("clients")[client.id]["versions"]]
    deliver(
        session, client, form, None,
        text=lambda paint: _client_page.text(client, ranges, paint, sources=session.verbose),
        markdown=lambda: _client_page.markdown(client, ranges),
    )  # fmt: skip


def _show_common(session: Session, form: Format) -> None:
    """The words that help with any client."""
    words = common_words(Clients(session.library.entries("clients")).every())
    deliver(
        session, words, form, None,
        text=lambda paint: _client_page.common_text(words, paint),
        markdown=lambda: _client_page.common_markdown(words),
    )  # fmt: skip
