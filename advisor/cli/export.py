"""``advisor export``: one document for machines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from advisor.cli import _network as network
from advisor.cli._answering import ask, exit_code
from advisor.cli._output import (
    OutputOption,
    check_new_folder,
    check_writable,
    emit,
    emit_folder,
)
from advisor.cli._session import Exit, Session
from advisor.errors import ExportError, InputError
from advisor.exporters._exporter import Exporter, Wish
from advisor.exporting import exporter as named
from advisor.exporting import exporters, person, sender
from advisor.model.address import subject
from advisor.model.text import printable
from advisor.options import Options


def command(
    ctx: typer.Context,
    export_format: Annotated[
        str | None,
        typer.Argument(
            metavar="FORMAT",
            help="Such as autoconfig, mobileconfig, mutt. Without it: all there are.",
        ),
    ] = None,
    address: Annotated[
        str | None, typer.Argument(metavar="ADDRESS", help="An e-mail address, or its domain.")
    ] = None,
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
    user: Annotated[
        str | None,
        typer.Option(
            "--user", metavar="ADDRESS", help="For this person: no placeholders for user names."
        ),
    ] = None,
    name: Annotated[
        str, typer.Option("--name", metavar="TEXT", help="The sender's name, for that person.")
    ] = "",
    sign: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            "--sign",
            metavar="CERT KEY",
            help="Sign the profile (mobileconfig only) with these PEM files.",
        ),
    ] = None,
    even_if_untrusted: Annotated[
        bool,
        typer.Option(
            "--even-if-untrusted", help="Sign although devices will not trust the certificate."
        ),
    ] = False,
    domain_owner: Annotated[
        str | None,
        typer.Option(
            "--domain-owner",
            metavar="DOMAIN",
            help="All that DOMAIN publishes, with a guide, into the new folder --output.",
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """advisor export autoconfig example.org --output config-v1.1.xml

    The recommended settings as one document: what a domain publishes, or the configuration of a
    program for one person. None of them ever holds a password. What a format cannot say is told
    on stderr. A QR code is a picture where --output ends in .svg or .png. A file with --output is
    readable for its owner only where a configuration may get a password later.
    """
    session = ctx.obj
    options = network.options(
        session, nameserver=nameserver, ca_file=ca_file, ispdb=ispdb, timeout=timeout,
        probe=probe, ipv4=ipv4, ipv6=ipv6, private_addresses=private_addresses,
        trust_resolver=trust_resolver, trust_anchor=trust_anchor,
    )  # fmt: skip
    if domain_owner is not None:
        if export_format or user or name or sign:
            raise InputError(
                "--domain-owner makes documents for a whole domain: leave out the format, --user, "
                "--name and --sign (a profile alone is signed by advisor export mobileconfig)"
            )
        _publish(session, domain_owner, options, Wish(even_if_unsafe), output)
    if export_format is None:
        emit(_listed(), output)
        return
    check_writable(output)
    exporter = _drawn(named(export_format), output)
    if address is None:
        raise InputError(f"of whom? Give an address or a domain: advisor export {exporter.id} …")
    if sign and not exporter.is_signable:
        raise InputError(f"{exporter.id} cannot be signed: --sign goes with mobileconfig")
    wish = Wish(
        even_if_unsafe,
        person(exporter, subject(address), user),
        sender(name),
        str(ca_file.absolute()) if ca_file else "",
    )
    signed = None
    if sign:
        from advisor.signing import signer

        signed = signer(*sign, ca_file=ca_file, even_if_untrusted=even_if_untrusted)
    report = ask(session, address, options)
    try:
        made = exporter.render(report, wish)
    except ExportError as error:
        session.note(str(error))
        raise typer.Exit(exit_code(report) or Exit.UNSAFE) from None
    if made.lost:
        session.note(printable(f"{exporter.id} cannot say: {'; '.join(made.lost)}."))
    emit(
        signed(made.document) if signed else made.document, output, is_private=exporter.is_personal
    )
    raise typer.Exit(exit_code(report))


def _drawn(exporter: Exporter, output: Path | None) -> Exporter:
    """*exporter* in the form that the ending of *output* asks for, where it has one."""
    ending = output.suffix.lower().removeprefix(".") if output else ""
    return exporters().get(f"{exporter.id}@{ending}", exporter)


def _publish(
    session: Session, name: str, options: Options, wish: Wish, folder: Path | None
) -> NoReturn:
    from advisor.publishing import kit

    if folder is None:
        raise InputError("--domain-owner makes a folder: name a new one with --output")
    check_new_folder(folder)
    report = ask(session, subject(name).domain.unicode, options)
    try:
        files = kit(report, wish)
    except ExportError as error:
        session.note(str(error))
        raise typer.Exit(exit_code(report) or Exit.UNSAFE) from None
    emit_folder(files, folder)
    session.note(f"{', '.join(files)} are in {printable(str(folder), 80)}: begin with README.md")
    raise typer.Exit(exit_code(report))


def _listed() -> str:
    width = max(map(len, exporters()))
    return "".join(f"{one.id:{width}}  {one.title}\n" for one in exporters().values())
