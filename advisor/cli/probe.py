"""``advisor probe``: what a server really offers."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.cli import _login
from advisor.cli import _network as network
from advisor.cli._output import Format, FormatOption, OutputOption, check_writable, deliver
from advisor.cli._session import Exit
from advisor.errors import InputError
from advisor.model.endpoint import Protocol, Security
from advisor.model.report import Severity


def command(
    ctx: typer.Context,
    host: Annotated[
        str,
        typer.Argument(
            metavar="HOST[:PORT]",
            help="A mail server; without a port, all. Or the https:// address of a service.",
        ),
    ],
    protocol: Annotated[
        Protocol | None,
        typer.Option(
            "--protocol",
            metavar="imap|pop3|smtp|managesieve|jmap|caldav|carddav",
            help="What to speak.",
        ),
    ] = None,
    security: Annotated[
        Security | None,
        typer.Option("--security", help="How TLS begins (tls: implicit TLS; none: no TLS at all)."),
    ] = None,
    clients: Annotated[
        bool, typer.Option("--clients", help="Which mail programs could connect, and why not.")
    ] = False,
    login: Annotated[
        str | None,
        typer.Option("--login", metavar="USER", help="Sign in as USER; asks for the password."),
    ] = None,
    password_fd: _login.PasswordFd = None,
    keyring: _login.Keyring = False,
    token_command: _login.TokenCommand = None,
    mechanism: _login.Mechanism = None,
    both_usernames: _login.BothUsernames = False,
    nameserver: network.Nameserver = None,
    ca_file: network.CaFile = None,
    timeout: network.Timeout = network.DEFAULT_TIMEOUT,
    ipv4: network.IPv4 = False,
    ipv6: network.IPv6 = False,
    private_addresses: network.Private = True,
    trust_resolver: network.TrustResolver = None,
    trust_anchor: network.TrustAnchor = None,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
) -> None:
    """advisor probe imap.example.org:993

    What a server really offers, port by port: encryption, certificate, sign-in. JMAP, CalDAV and
    CardDAV are looked at over HTTPS, where --protocol or a web address names them. Never a login
    unless you ask for one with --login USER: once, and only inside verified TLS.
    """
    session = ctx.obj
    check_writable(output)
    asked = _login.Asked(
        login is not None, login or "", password_fd, token_command, mechanism,
        keyring=keyring, both=both_usernames,
    )  # fmt: skip
    if session.offline:
        raise InputError("probe needs the network: leave out --offline")
    options = network.options(
        session, nameserver=nameserver, ca_file=ca_file, ispdb="none", timeout=timeout,
        probe=True, ipv4=ipv4, ipv6=ipv6, private_addresses=private_addresses,
        trust_resolver=trust_resolver, trust_anchor=trust_anchor,
    )  # fmt: skip
    from advisor.cli import _probe_page
    from advisor.inspect import probe, targets
    from advisor.loop import run

    ends = targets(host, protocol, security)
    with _login.credentials(asked) as given:
        report = run(
            probe(
                ends, options, library=session.library, clients=clients, login=given,
                trace=session.trace,
            )
        )  # fmt: skip
    deliver(
        session, report, form, output,
        text=lambda paint: _probe_page.text(report, paint, verbose=session.verbose),
        markdown=lambda: _probe_page.markdown(report),
    )  # fmt: skip
    if not _probe_page.answered(report):
        raise typer.Exit(Exit.NETWORK)
    if any(one.severity is Severity.ERROR for one in report.findings):
        raise typer.Exit(Exit.UNSAFE)
