"""``advisor clients``: the mail clients and their words."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.cli._client import named
from advisor.cli._output import Format, FormatOption, Paint, deliver
from advisor.cli._wrap import wrapped
from advisor.model.client import Client

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="advisor clients show thunderbird@2\n\nThe mail clients, and what their labels really do.",
)

_DOES = {
    "implicit": "TLS from the first byte",
    "starttls": "STARTTLS, required",
    "opportunistic": "STARTTLS if offered, else clear text",
    "none": "no encryption",
    "auto": "decides by itself",
}


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

    def text(paint: Paint) -> str:
        width = max(map(len, entries), default=0)
        return "\n".join(
            f"{paint.bold(row['id'].ljust(width))}  {row['name']}  ({', '.join(row['versions'])})"
            f"{'  (yours)' if row['origin'] == 'overlay' else ''}"
            for row in rows
        )

    def markdown() -> str:
        head = ["| client | name | kind | versions |", "|---|---|---|---|"]
        return "\n".join(
            head
            + [
                f"| `{row['id']}` | {row['name']} | {row['kind']} | {', '.join(row['versions'])} |"
                for row in rows
            ]
        )

    deliver(ctx.obj, rows, form, None, text=text, markdown=markdown)


@app.command("show")
def show(
    ctx: typer.Context,
    name: Annotated[list[str], typer.Argument(metavar="NAME[@VERSION]")],
    form: FormatOption = Format.TEXT,
) -> None:
    """advisor clients show "Outlook 2016": its labels, ports, menus and limits."""
    client = named(ctx.obj, " ".join(name))
    assert client is not None  # noqa: S101 - a name was given
    deliver(
        ctx.obj, client, form, None,
        text=lambda paint: "\n".join(_lines(client, paint)),
        markdown=lambda: "\n".join(_markdown(client)),
    )  # fmt: skip


def _lines(client: Client, paint: Paint) -> list[str]:
    lines = [paint.bold(f"{client.shown} ({client.id}, versions {client.range})"), ""]
    for one in client.labels:
        lines += _row(one.label, one.protocols, _DOES[one.does], one.confidence)
        lines += wrapped(one.note, "      ") if one.note else []
    lines += ["", paint.bold("Sign-in")] if client.sign_in else []
    for way in client.sign_in:
        lines += _row(way.label, way.protocols, way.does, way.confidence)
        lines += wrapped(way.note, "      ") if way.note else []
    if client.ports:
        ports = ", ".join(f"{key.replace(':', ' ')} {port}" for key, port in client.ports.items())
        lines += ["", *wrapped(f"Fills in: {ports}; the port follows: {client.ports_follow}.")]
    for place, path in client.paths.items():
        lines += wrapped(f"{place.capitalize()}: {path}")
    for limit in client.limits:
        lines += wrapped(f"{limit.says}{_doubt(limit.confidence)}", "  - ", "    ")
    return lines


def _row(label: str, protocols: tuple[str, ...], does: str, confidence: str) -> list[str]:
    return wrapped(
        f"“{label}” for {', '.join(protocols)}: {does}{_doubt(confidence)}", "  ", "      "
    )


def _doubt(confidence: str) -> str:
    return " (may read differently in your version)" if confidence == "unverified" else ""


def _markdown(client: Client) -> list[str]:
    lines = [f"## {client.shown}", "", "| label | protocols | does | |", "|---|---|---|---|"]
    lines += [
        f"| {one.label} | {', '.join(one.protocols)} | {_DOES[one.does]} | {one.note or ''} |"
        for one in client.labels
    ]
    return [*lines, "", *(f"- {limit.says}" for limit in client.limits)]
