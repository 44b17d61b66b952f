"""``advisor instructions``: steps in a client's words."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.cli import _network as network
from advisor.cli._answering import ask, exit_code
from advisor.cli._client import ClientOption, named
from advisor.cli._output import Format, FormatOption, OutputOption, Paint, check_writable, deliver
from advisor.cli._session import Exit
from advisor.cli._wrap import wrapped
from advisor.errors import ExportError, InputError
from advisor.model.instructions import Instructions
from advisor.model.text import printable


def command(
    ctx: typer.Context,
    address: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="An e-mail address, or its domain.")
    ],
    client: ClientOption = None,
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
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
) -> None:
    """advisor instructions alice@example.org --client thunderbird

    Steps to set up the account, in the words on that client's screen.
    """
    session = ctx.obj
    check_writable(output)
    if client is None:
        raise InputError("instructions are for a mail client: say which with --client NAME")
    named(session, client)
    options = network.options(
        session, nameserver=nameserver, ca_file=ca_file, ispdb=ispdb, timeout=timeout,
        probe=probe, ipv4=ipv4, ipv6=ipv6, private_addresses=private_addresses, client=client,
        trust_resolver=trust_resolver, trust_anchor=trust_anchor,
    )  # fmt: skip
    report = ask(session, address, options)
    from advisor.instructions import instructions

    try:
        found = instructions(report)
    except ExportError as error:
        session.note(str(error))
        raise typer.Exit(exit_code(report) or Exit.UNSAFE) from None
    deliver(
        session, found, form, output,
        text=lambda paint: _text(found, paint), markdown=lambda: _markdown(found),
    )  # fmt: skip
    raise typer.Exit(exit_code(report))


def _title(found: Instructions) -> str:
    client = found.client
    name = f"{client.name} {client.version}" if client.version else client.name
    return printable(f"{found.address or found.domain} in {name}")


def _text(found: Instructions, paint: Paint) -> str:
    lines = [paint.bold(_title(found))]
    for number, step in enumerate(found.steps, 1):
        lines += ["", *wrapped(step.text, f"{number}. ", "   ")]
        if step.where:
            lines += map(paint.dim, wrapped(step.where, "   "))
        width = max((len(entry.field) for entry in step.entries), default=0)
        lines += [
            f"     {entry.field.ljust(width)}   {paint.bold(printable(entry.value))}"
            for entry in step.entries
        ]
    if found.beware:
        lines += ["", paint.bold("Beware")]
    for one in found.beware:
        lines += wrapped(printable(one), "  - ", "    ")
    return "\n".join(lines)


def _markdown(found: Instructions) -> str:
    from advisor.cli._markdown import escaped

    lines = [f"# {escaped(_title(found))}", ""]
    for number, step in enumerate(found.steps, 1):
        where = f" ({escaped(step.where)})" if step.where else ""
        lines.append(f"{number}. {escaped(step.text)}{where}")
        lines += [f"    - {escaped(e.field)}: **{escaped(e.value)}**" for e in step.entries]
    if found.beware:
        lines += ["", "## Beware", "", *(f"- {escaped(one)}" for one in found.beware)]
    return "\n".join(lines)
