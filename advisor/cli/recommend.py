"""``advisor recommend``: the main job."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.cli import _login
from advisor.cli import _network as network
from advisor.cli._answering import ask, exit_code
from advisor.cli._client import ClientOption, named
from advisor.cli._output import Format, FormatOption, OutputOption, check_writable, deliver


def command(
    ctx: typer.Context,
    address: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="An e-mail address, or its domain.")
    ],
    client: ClientOption = None,
    login: Annotated[
        bool,
        typer.Option("--login", help="Sign in to the servers found; asks for the password."),
    ] = False,
    password_fd: _login.PasswordFd = None,
    keyring: _login.Keyring = False,
    token_command: _login.TokenCommand = None,
    mechanism: _login.Mechanism = None,
    both_usernames: _login.BothUsernames = False,
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
    """advisor recommend alice@example.org

    The settings for an address: what is published, whether the servers keep it, and why these.
    """
    session = ctx.obj
    check_writable(output)
    asked = _login.Asked(
        login, address, password_fd, token_command, mechanism, keyring=keyring, both=both_usernames,
        named_by_settings=True,
    )  # fmt: skip
    asked.check(live=probe and not session.offline)
    options = network.options(
        session, nameserver=nameserver, ca_file=ca_file, ispdb=ispdb, timeout=timeout,
        probe=probe, ipv4=ipv4, ipv6=ipv6, private_addresses=private_addresses, client=client,
        trust_resolver=trust_resolver, trust_anchor=trust_anchor,
    )  # fmt: skip
    named(session, client)
    with _login.credentials(asked) as given:
        report = ask(session, address, options, given)
    from advisor.cli import _page

    deliver(
        session, report, form, output,
        text=lambda paint: _page.text(report, paint, quiet=session.quiet, verbose=session.verbose),
        markdown=lambda: _page.markdown(report),
    )  # fmt: skip
    raise typer.Exit(exit_code(report))
