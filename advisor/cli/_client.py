"""The option that names a mail client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli._session import Session

if TYPE_CHECKING:
    from advisor.model.client import Client

ClientOption = Annotated[
    str | None,
    typer.Option(
        "--client",
        metavar="NAME[@VERSION]",
        envvar="ADVISOR_CLIENT",
        help='The mail client, as you would write it: thunderbird@2, "Outlook 2016", iPhone.',
    ),
]


def named(session: Session, text: str | None) -> Client | None:
    """The client that *text* means; says what it was taken for where that is not the same.

    Raises:
        InputError: no client is known by that name.
    """
    if text is None:
        return None
    from advisor.knowledge.versions import covers, numbers

    client = session.library.client(text)
    if client.version and not covers(client.range, numbers(client.version)):
        session.note(
            f"taken for {client.name}; nobody told us of version {client.version}, "
            f"so this is how versions {client.range} are"
        )
    elif client.shown.lower() != text.replace("@", " ").lower():
        session.note(f"taken for {client.shown} (versions {client.range})")
    return client
