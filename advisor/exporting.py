"""One document out of a report: what a domain publishes, or the configuration of a program."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from advisor import publishing
from advisor._plugins import collect
from advisor.errors import InputError
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.address import Subject, subject
from advisor.model.report import Report
from advisor.model.text import printable


@cache
def exporters() -> dict[str, Exporter]:
    """Every exporter by its id."""
    return {one.id: one for one in collect("advisor.exporters", "EXPORTER").values()}


def exporter(name: str) -> Exporter:
    """The exporter with the id *name*.

    Raises:
        InputError: there is none; the message lists all.
    """
    if name not in exporters():
        known = ", ".join(exporters())
        raise InputError(f"there is no export format “{printable(name, 40)}”; known: {known}")
    return exporters()[name]


def export(
    report: Report,
    form: str,
    *,
    user: str | None = None,
    name: str = "",
    ca_file: Path | None = None,
    even_if_unsafe: bool = False,
) -> Export:
    """What *report* recommends as a document of the format *form*; none holds a password.

    ``export(recommend_sync("jane@example.org"), "mutt").document`` are the bytes of the file, and
    ``.lost`` says what the format cannot. *user* is the person it is for, in place of the address
    that was asked about, and *name* what recipients see. Where *ca_file* must be trusted, the
    document says so if it can.

    Raises:
        InputError: there is no such format, or it is for one person and nobody was named.
        ExportError: the format cannot say it, or nothing safe is left.
    """
    found = exporter(form)
    asked = subject(report.address or report.domain)
    trusted = str(ca_file.absolute()) if ca_file else ""
    wish = Wish(even_if_unsafe, person(found, asked, user), sender(name), trusted)
    return found.render(report, wish)


def publish(report: Report, *, even_if_unsafe: bool = False) -> dict[str, bytes]:
    """Everything that the domain of *report* publishes: file names and contents, with a guide.

    Raises:
        ExportError: there is nothing that could be published.
    """
    return publishing.kit(report, Wish(even_if_unsafe))


def person(wanted: Exporter, asked: Subject, user: str | None) -> Subject | None:
    """Whom the document is for: *user*, or who *asked*; None for everybody in the domain.

    Raises:
        InputError: it needs a person and there is none, or one of another domain.
    """
    if user is None:
        if wanted.is_personal and asked.address is None:
            raise InputError(
                f"{wanted.id} is for one person: give the address, such as alice@{asked.domain}, "
                "or add --user"
            )
        return None if wanted.has_placeholders or asked.address is None else asked
    found = subject(user if "@" in user else f"{user}@{asked.domain}")
    if found.domain != asked.domain:
        raise InputError(
            f"--user {printable(user, 80)} is not in {asked.domain}: give an address in that domain"
        )
    return found


def sender(name: str) -> str:
    """*name* as it can stand before an address.

    Raises:
        InputError: it cannot.
    """
    if printable(name, 200) != name:
        raise InputError(
            "--name has control or invisible characters, or more than 200 of them: "
            "give the name on one line"
        )
    return name.strip()
