"""``advisor doctor``: the network between this computer and the mail servers."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.cli import _network as network
from advisor.cli._output import Format, FormatOption, OutputOption, check_writable, deliver
from advisor.cli._session import Exit
from advisor.errors import InputError
from advisor.model.report import Severity


def command(
    ctx: typer.Context,
    named: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DOMAIN|HOST…",
            help="Whom to reach: an address or domain of a known provider, or mail servers.",
        ),
    ] = None,
    nameserver: network.Nameserver = None,
    ca_file: network.CaFile = None,
    timeout: network.Timeout = network.DEFAULT_TIMEOUT,
    ipv4: network.IPv4 = False,
    ipv6: network.IPv6 = False,
    private_addresses: network.Private = True,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
) -> None:
    """advisor doctor posteo.de imap.gmail.com

    Is it your network? Which mail ports leave it, whether something on the way answers in the
    servers' place, and whether the name servers tell the truth. Only hosts that you name are
    contacted; two of different providers tell most.
    """
    session = ctx.obj
    check_writable(output)
    if session.offline:
        raise InputError("doctor needs the network: leave out --offline")
    options = network.options(
        session, nameserver=nameserver, ca_file=ca_file, ispdb="none", timeout=timeout,
        probe=True, ipv4=ipv4, ipv6=ipv6, private_addresses=private_addresses,
    )  # fmt: skip
    from advisor.cli import _doctor_page
    from advisor.doctoring import doctor
    from advisor.loop import run

    report = run(doctor(*(named or ()), options=options, library=session.library))
    deliver(
        session, report, form, output,
        text=lambda paint: _doctor_page.text(report, paint, verbose=session.verbose),
        markdown=lambda: _doctor_page.markdown(report),
    )  # fmt: skip
    if not any(path.outcome in ("open", "refused") for path in report.paths):
        raise typer.Exit(Exit.NETWORK)
    if any(one.severity is Severity.ERROR for one in report.findings):
        raise typer.Exit(Exit.UNSAFE)
