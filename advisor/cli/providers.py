"""``advisor providers``: the bundled catalogue, and a copy of the provider database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from advisor.cli import _network as network
from advisor.cli._markdown import escaped
from advisor.cli._output import Format, FormatOption, Paint, deliver
from advisor.cli._words import PROTOCOLS, SECURITY
from advisor.cli._wrap import wrapped
from advisor.errors import InputError
from advisor.knowledge.providers import Catalogue
from advisor.model.text import printable

if TYPE_CHECKING:
    from advisor.mirror.importing import Imported

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="advisor providers show fastmail\n\nThe providers known without asking anybody.",
)


@app.command("list")
def list_providers(ctx: typer.Context, form: FormatOption = Format.TEXT) -> None:
    """advisor providers list: every provider in the catalogue."""
    entries = ctx.obj.library.entries("providers")
    rows = [
        {
            "id": key,
            "name": entries[key]["name"],
            "domains": len(entries[key]["domains"]),
            "verified": entries[key]["verified"],
            "origin": entries[key]["origin"],
        }
        for key in sorted(entries)
    ]

    def text(paint: Paint) -> str:
        width = max(map(len, entries), default=0)
        return "\n".join(
            f"{paint.bold(r['id'].ljust(width))}  {r['name']}"
            f"{'  (yours)' if r['origin'] == 'overlay' else ''}"
            for r in rows
        )

    def markdown() -> str:
        head = ["| provider | name | domains | verified |", "|---|---|---|---|"]
        return "\n".join(
            head
            + [
                f"| `{r['id']}` | {escaped(r['name'])} | {r['domains']} | {r['verified']} |"
                for r in rows
            ]
        )

    deliver(ctx.obj, rows, form, None, text=text, markdown=markdown)


@app.command("show")
def show(
    ctx: typer.Context,
    provider: Annotated[str, typer.Argument(metavar="ID|DOMAIN", help="An id, or a mail domain.")],
    form: FormatOption = Format.TEXT,
) -> None:
    """advisor providers show gmail.com: one provider, by id or by a domain of its."""
    entries = ctx.obj.library.entries("providers")
    wanted = provider.strip().lower()
    entry = entries.get(wanted) or Catalogue(entries).entry_of(wanted)
    if entry is None:
        from difflib import get_close_matches

        close = get_close_matches(wanted, entries, n=3)
        hint = f"; near it: {', '.join(close)}" if close else ""
        raise InputError(
            f"there is no provider “{provider[:60]}”{hint}. See advisor providers list"
        )
    deliver(
        ctx.obj, entry, form, None,
        text=lambda paint: "\n".join(_lines(entry, paint)),
        markdown=lambda: "\n".join(_markdown(entry)),
    )  # fmt: skip


@app.command("import")
def import_database(
    ctx: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="DIR|URL",
            help="A folder of XML files, or the https address of a .tar.gz or .zip.",
        ),
    ],
    nameserver: network.Nameserver = None,
    ca_file: network.CaFile = None,
    timeout: network.Timeout = 60.0,
    ipv4: network.IPv4 = False,
    ipv6: network.IPv6 = False,
    private_addresses: network.Private = True,
    form: FormatOption = Format.TEXT,
) -> None:
    """advisor providers import https://github.com/thunderbird/autoconfig/archive/HEAD.tar.gz

    Keeps a copy of a provider database (ISPDB) on this machine, which is then asked in place of
    the public one. It replaces the copy that was there; delete its folder to be without one.
    """
    session = ctx.obj
    from advisor import folders
    from advisor.mirror import importing

    into = folders.database()
    if "://" in source:
        if session.offline:
            raise InputError("--offline and a web address do not go together: give a folder")
        from advisor.loop import run

        options = network.options(
            session, nameserver=nameserver, ca_file=ca_file, ispdb="none", timeout=timeout,
            probe=False, ipv4=ipv4, ipv6=ipv6, private_addresses=private_addresses,
        )  # fmt: skip
        made = importing.from_pack(run(importing.fetched(source, options)), into)
    else:
        folder = Path(source)
        if not network.is_folder(folder):
            raise InputError(
                f"{printable(source, 80)} is no folder: give one with the XML files of a provider "
                "database, or the https address of a .tar.gz or .zip"
            )
        made = importing.from_folder(folder, into)
    deliver(
        session, made, form, None,
        text=lambda paint: "\n".join(_import_lines(made, paint)),
        markdown=lambda: "\n".join(
            ["| file | passed over because |", "|---|---|"]
            + [f"| {escaped(name)} | {escaped(why)} |" for name, why in made.passed_over]
        ),
    )  # fmt: skip


def _import_lines(made: Imported, paint: Paint) -> list[str]:
    lines = [f"{made.documents} documents for {made.domains} domains, kept in {made.folder}"]
    for name, why in made.passed_over:
        lines += map(paint.dim, wrapped(f"{name}: {why}", "  - ", "    "))
    return lines


def _shown(server: Mapping[str, Any]) -> tuple[str, ...]:
    """A server in cells: protocol, host, port, how TLS begins, user name."""
    return (
        PROTOCOLS[server["protocol"]],
        server["host"],
        str(server["port"]),
        SECURITY[server["security"]],
        server["username"],
    )


_SIGN_IN = {
    "account_password": "account password",
    "app_password": "app password",
    "oauth2": "OAuth2",
}


def _lines(entry: Mapping[str, Any], paint: Paint) -> list[str]:
    lines = [paint.bold(f"{entry['name']} ({entry['id']})"), ""]
    lines += [
        f"  {protocol:5} {host:32} {port:>5}  {security:8}  user name: {username}"
        for protocol, host, port, security, username in map(_shown, entry["servers"])
    ]
    sign_in = ", ".join(f"{_SIGN_IN[key]}: {value}" for key, value in entry["sign_in"].items())
    lines += ["", f"  {sign_in}", f"  access: {entry['access']}"]
    for note in entry["notes"]:
        lines += wrapped(note, "  - ", "    ")
    lines += ["", *wrapped(f"Domains: {', '.join(entry['domains']) or 'customers’ own'}")]
    if entry["documentation"]:
        lines.append(f"Help page: {entry['documentation']}")
    lines += map(
        paint.dim,
        wrapped(f"From {', '.join(s['name'] for s in entry['sources'])}; {entry['verified']}."),
    )
    return lines


def _markdown(entry: Mapping[str, Any]) -> list[str]:
    lines = [
        f"## {escaped(entry['name'])}",
        "",
        "| protocol | host | port | security | user name |",
    ]
    lines += ["|---|---|---|---|---|"]
    lines += ["| " + " | ".join(map(escaped, _shown(server))) + " |" for server in entry["servers"]]
    return [*lines, "", *(f"- {escaped(note)}" for note in entry["notes"])]
