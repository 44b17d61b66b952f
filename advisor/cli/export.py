"""``advisor export``: one document for machines."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.cli import _network as network
from advisor.cli._answering import ask, exit_code
from advisor.cli._output import OutputOption, check_writable, emit
from advisor.cli._session import Exit
from advisor.errors import ExportError, InputError


def command(
    ctx: typer.Context,
    export_format: Annotated[
        str, typer.Argument(metavar="FORMAT", help="autoconfig, json or srv.")
    ],
    address: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="An e-mail address, or its domain.")
    ],
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
    even_if_unsafe: Annotated[
        bool, typer.Option("--even-if-unsafe", help="Export forbidden settings too, marked so.")
    ] = False,
    output: OutputOption = None,
) -> None:
    """advisor export autoconfig example.org --output config-v1.1.xml

    The recommended settings as a document: autoconfig (clientConfig XML) or json (the report).
    """
    session = ctx.obj
    check_writable(output)
    from advisor._plugins import collect
    from advisor.exporters._exporter import Exporter

    exporters: dict[str, Exporter] = {
        one.id: one for one in collect("advisor.exporters", "EXPORTER").values()
    }
    if export_format not in exporters:
        known = ", ".join(exporters)
        raise InputError(f"there is no export format “{export_format[:40]}”; known: {known}")
    options = network.options(
        session, nameserver=nameserver, ca_file=ca_file, ispdb=ispdb, timeout=timeout,
        probe=probe, ipv4=ipv4, ipv6=ipv6, private_addresses=private_addresses,
        trust_resolver=trust_resolver, trust_anchor=trust_anchor,
    )  # fmt: skip
    report = ask(session, address, options)
    try:
        document = exporters[export_format].render(report, even_if_unsafe)
    except ExportError as error:
        session.note(str(error))
        raise typer.Exit(exit_code(report) or Exit.UNSAFE) from None
    emit(document, output)
    raise typer.Exit(exit_code(report))
