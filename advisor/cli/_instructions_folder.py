"""Instructions for every client: one page each, and an index, in a folder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from advisor.cli import _instructions_page as shown
from advisor.cli._answering import exit_code, survey
from advisor.cli._markdown import escaped
from advisor.cli._output import Paint, emit
from advisor.cli._session import Session
from advisor.errors import ExportError, InputError
from advisor.formats.written import as_json, as_yaml
from advisor.instructions import instructions
from advisor.instructions.html import frame
from advisor.instructions.html import text as html
from advisor.knowledge.languages import ENGLISH
from advisor.model.text import printable

if TYPE_CHECKING:
    from advisor.cli._page_format import PageFormat
    from advisor.model.instructions import Instructions
    from advisor.model.language import Language
    from advisor.options import Options

_ENDINGS = {"text": "txt", "markdown": "md", "html": "html", "json": "json", "yaml": "yaml"}


@dataclass(frozen=True, slots=True)
class Row:
    """One client of the index; *file* is None where nothing safe can be set up, and why not."""

    id: str
    name: str
    kind: str
    file: str | None
    why: str | None


def write_all(
    session: Session,
    address: str,
    options: Options,
    language: Language,
    form: PageFormat,
    output: Path | None,
) -> None:
    """Write the folder; the index comes last.

    Raises:
        InputError: no folder was named, or it cannot be written.
    """
    if output is None:
        raise InputError("--all-clients writes many files: name a folder with --output DIR")
    folder = _folder(output)
    found = survey(session, address, replace(options, client=None))
    rows = []
    for client in found.clients():
        file = f"{client.id}.{_ENDINGS[form.value]}"
        name = language.texts.get(client.name, client.name)
        try:
            made = instructions(found.report_for(client), session.library, language.id)
        except ExportError as error:
            why = str(error) if language.id == ENGLISH else language.say("page-nothing")
            rows.append(Row(client.id, name, client.kind, None, why))
            continue
        emit(_page(session, made, language, form), folder / file)
        rows.append(Row(client.id, name, client.kind, file, None))
    rows.sort(key=lambda row: (row.name.lower(), row.id))
    title = language.say("page-index", address=found.report.address or found.report.domain)
    emit(_index(title, rows, language, form), folder / f"index.{_ENDINGS[form.value]}")
    session.note(f"{sum(1 for row in rows if row.file)} pages written")
    raise typer.Exit(exit_code(found.report))


def _folder(path: Path) -> Path:
    try:
        path.mkdir(exist_ok=True)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"{printable(str(path), 80)} cannot be made a folder: {printable(why, 80)}"
        ) from None
    return path


def _page(session: Session, made: Instructions, language: Language, form: PageFormat) -> str:
    match form.value:
        case "json":
            return as_json(made) + "\n"
        case "yaml":
            return as_yaml(made)
        case "markdown":
            return shown.markdown(made, language) + "\n"
        case "html":
            from advisor.cli._instructions_page import html_page

            return html_page(session, made, language)
    return shown.text(made, language, Paint(on=False)) + "\n"


def _index(title: str, rows: list[Row], language: Language, form: PageFormat) -> str:
    nothing = language.say("page-nothing")
    match form.value:
        case "json" | "yaml":
            plain = [
                {"id": row.id, "name": row.name, "kind": row.kind, "file": row.file, "why": row.why}
                for row in rows
            ]
            made = {
                "schema": "advisor.instructions-index/1",
                "title": title,
                "language": language.id,
                "clients": plain,
            }
            return as_json(made) + "\n" if form.value == "json" else as_yaml(made)
        case "html":
            items = [
                f'<li><a href="{html(row.file)}">{html(row.name)}</a></li>'
                if row.file
                else f'<li>{html(row.name)}<p class="soft">{html(nothing)}</p></li>'
                for row in rows
            ]
            heading = f"<header><h1>{html(title)}</h1></header>"
            body = [heading, '<main><ul class="pages">', *items, "</ul></main>"]
            return frame(language, title, body)
        case "markdown":
            items = [
                f"- [{escaped(row.name)}]({row.file})"
                if row.file
                else f"- {escaped(row.name)}: {nothing}"
                for row in rows
            ]
            return "\n".join([f"# {escaped(title)}", "", *items, ""])
    width = max((len(row.file or "") for row in rows), default=0)
    lines = [f"  {(row.file or '-').ljust(width)}  {printable(row.name)}" for row in rows]
    return "\n".join([printable(title), "", *lines, ""])
