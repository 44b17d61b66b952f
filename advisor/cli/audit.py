"""``advisor audit``: does everything that a domain publishes agree?"""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.cli import _network as network
from advisor.cli._answering import exit_code, watching
from advisor.cli._output import Format, FormatOption, OutputOption, check_writable, deliver


def command(
    ctx: typer.Context,
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="A mail domain.")],
    nameserver: network.Nameserver = None,
    ca_file: network.CaFile = None,
    ispdb: network.Ispdb = network.DEFAULT_ISPDB,
    timeout: network.Timeout = network.DEFAULT_TIMEOUT,
    probe: network.Probe = True,
    ipv4: network.IPv4 = False,
    ipv6: network.IPv6 = False,
    private_addresses: network.Private = True,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
) -> None:
    """advisor audit example.org

    For the domain's owner: does everything published agree, with itself and with the servers?
    Prints who says what, a grade with its reasons, and what to publish instead.
    """
    session = ctx.obj
    check_writable(output)
    options = network.options(
        session, nameserver=nameserver, ca_file=ca_file, ispdb=ispdb, timeout=timeout,
        probe=probe, ipv4=ipv4, ipv6=ipv6, private_addresses=private_addresses,
    )  # fmt: skip
    from advisor.auditing import audit
    from advisor.cli import _audit_page as page
    from advisor.loop import run

    with watching(session) as watch:
        report = run(audit(domain, options, library=session.library, watch=watch))
    deliver(
        session, report, form, output,
        text=lambda paint: page.text(report, paint, quiet=session.quiet),
        markdown=lambda: page.markdown(report),
    )  # fmt: skip
    raise typer.Exit(exit_code(report))
