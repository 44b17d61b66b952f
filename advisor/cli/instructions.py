"""``advisor instructions``: steps in a client's words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli import _network as network
from advisor.cli._answering import ask, exit_code
from advisor.cli._client import ClientOption, named
from advisor.cli._output import Format, check_writable, deliver, emit
from advisor.cli._page_format import PageFormat
from advisor.cli._session import Exit, Session
from advisor.errors import ExportError, InputError

if TYPE_CHECKING:
    from advisor.model.instructions import Instructions
    from advisor.model.language import Language


def command(
    ctx: typer.Context,
    address: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="An e-mail address, or its domain.")
    ],
    client: ClientOption = None,
    all_clients: Annotated[
        bool,
        typer.Option(
            "--all-clients", help="One page a client and an index, into the folder --output."
        ),
    ] = False,
    language: Annotated[
        str,
        typer.Option("--language", metavar="TAG", help="The language of the steps: en, de."),
    ] = "en",
    nameserver: network.Nameserver = None,
    ca_file: network.CaFile = None,
    ispdb: network.Ispdb = network.DEFAULT_ISPDB,
    timeout: network.Timeout = network.DEFAULT_TIMEOUT,
    probe: network.Probe = True,
    ipv4: network.IPv4 = False,
    ipv6: network.IPv6 = False,
    private_addresses: network.Private = True,
    trust_resolver: network.TrustResolver = None,
    trust_anchor: network.TrustAnchor = None,
    form: Annotated[
        PageFormat | None,
        typer.Option(
            "--format",
            envvar="ADVISOR_FORMAT",
            help="How to write the steps; text, and html for all clients.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="FILE", help="Write to FILE, or with --all-clients into a folder."
        ),
    ] = None,
) -> None:
    """advisor instructions alice@example.org --client thunderbird

    Steps to set up the account, in the words on that client's screen.
    """
    session: Session = ctx.obj
    if all_clients and client is not None:
        raise InputError("give --client for one mail client or --all-clients, not both")
    if client is None and not all_clients:
        raise InputError("instructions are for a mail client: say which with --client NAME")
    from advisor.knowledge.languages import language as spoken

    tongue = spoken(session.library, language)
    options = network.options(
        session, nameserver=nameserver, ca_file=ca_file, ispdb=ispdb, timeout=timeout,
        probe=probe, ipv4=ipv4, ipv6=ipv6, private_addresses=private_addresses, client=client,
        trust_resolver=trust_resolver, trust_anchor=trust_anchor,
    )  # fmt: skip
    if all_clients:
        from advisor.cli._instructions_folder import write_all

        write_all(session, address, options, tongue, form or PageFormat.HTML, output)
        return
    check_writable(output)
    named(session, client)
    report = ask(session, address, options)
    from advisor.instructions import instructions

    try:
        found = instructions(report, session.library, tongue.id)
    except ExportError as error:
        session.note(str(error))
        raise typer.Exit(exit_code(report) or Exit.UNSAFE) from None
    hand_out(session, found, tongue, form or PageFormat.TEXT, output)
    raise typer.Exit(exit_code(report))


def hand_out(
    session: Session,
    found: Instructions,
    language: Language,
    form: PageFormat,
    output: Path | None,
) -> None:
    """Write *found* in the format asked for, to *output* or stdout."""
    from advisor.cli import _instructions_page as shown

    if form is PageFormat.HTML:
        emit(shown.html_page(session, found, language), output)
        return

    deliver(
        session, found, Format(form.value), output,
        text=lambda paint: shown.text(found, language, paint),
        markdown=lambda: shown.markdown(found, language),
    )  # fmt: skip
