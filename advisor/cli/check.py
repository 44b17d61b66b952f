"""``advisor check``: settings that somebody already has."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from advisor.cli import _login
from advisor.cli import _network as network
from advisor.cli._client import ClientOption, named
from advisor.cli._output import Format, FormatOption, OutputOption, check_writable, deliver
from advisor.cli._session import Exit
from advisor.errors import InputError
from advisor.model.address import server_name
from advisor.model.endpoint import INCOMING, OUTGOING, Protocol
from advisor.model.observation import Live
from advisor.model.report import Severity
from advisor.model.text import printable

_PROTOCOLS = {
    **{one.value: one for one in (*INCOMING, *OUTGOING)},
    "pop": Protocol.POP3,
}


def command(
    ctx: typer.Context,
    protocol: Annotated[
        str, typer.Option("--protocol", metavar="imap|pop3|smtp", help="What it speaks.")
    ],
    port: Annotated[int, typer.Option("--port", help="The port entered.")],
    security: Annotated[
        str,
        typer.Option("--security", metavar="LABEL", help="The security label, as on the screen."),
    ],
    host: Annotated[str | None, typer.Option("--host", help="The server entered.")] = None,
    client: ClientOption = None,
    sign_in: Annotated[
        str | None,
        typer.Option("--sign-in", metavar="LABEL", help="The sign-in label, as on the screen."),
    ] = None,
    username: Annotated[
        str | None, typer.Option("--username", help="The user name entered.")
    ] = None,
    no_login: Annotated[
        bool,
        typer.Option("--no-login", help="“My server requires authentication” is off."),
    ] = False,
    login: Annotated[
        bool,
        typer.Option("--login", help="Sign in as --username; asks for the password."),
    ] = False,
    password_fd: _login.PasswordFd = None,
    keyring: _login.Keyring = False,
    token_command: _login.TokenCommand = None,
    mechanism: _login.Mechanism = None,
    both_usernames: _login.BothUsernames = False,
    nameserver: network.Nameserver = None,
    ca_file: network.CaFile = None,
    timeout: network.Timeout = network.DEFAULT_TIMEOUT,
    probe: network.Probe = True,
    ipv4: network.IPv4 = False,
    ipv6: network.IPv6 = False,
    private_addresses: network.Private = True,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
) -> None:
    """advisor check --protocol imap --host mail.example.org --port 143 --security TLS --client tb@2

    What settings really do, whether they are right, and what to change. Live unless --offline.
    """
    session = ctx.obj
    check_writable(output)
    asked = _login.Asked(
        login, username or "", password_fd, token_command, mechanism,
        keyring=keyring, both=both_usernames,
    )  # fmt: skip
    asked.check(live=probe and not session.offline and host is not None)
    options = network.options(
        session, nameserver=nameserver, ca_file=ca_file, ispdb="none", timeout=timeout,
        probe=probe, ipv4=ipv4, ipv6=ipv6, private_addresses=private_addresses,
    )  # fmt: skip
    from advisor.checking import check
    from advisor.cli import _check_page
    from advisor.engine.settings import Entered
    from advisor.loop import run

    entered = Entered(
        _protocol(protocol), _host(host), _port(port), _label(security), named(session, client),
        sign_in or None, username or None, not no_login,
    )  # fmt: skip
    with _login.credentials(asked) as given:
        report = run(
            check(entered, options, library=session.library, login=given, trace=session.trace)
        )
    deliver(
        session, report, form, output,
        text=lambda paint: _check_page.text(
            report, paint, quiet=session.quiet, verbose=session.verbose
        ),
        markdown=lambda: _check_page.markdown(report),
    )  # fmt: skip
    if report.verdict == "wrong" or any(f.severity is Severity.ERROR for f in report.findings):
        raise typer.Exit(Exit.UNSAFE)
    if report.verdict == "cannot-tell" and report.live is Live.FAILED:
        raise typer.Exit(Exit.NETWORK)


def _protocol(text: str) -> Protocol:
    found = _PROTOCOLS.get(text.strip().lower())
    if found is None:
        raise InputError(f"--protocol {printable(text, 40)} is none of imap, pop3 and smtp")
    return found


def _host(text: str | None) -> str | None:
    if text is None:
        return None
    if not text.strip():
        raise InputError("--host is empty: give the server's name, or leave --host out")
    name = server_name(text.strip())
    if name is None:
        raise InputError(f"--host {printable(text, 60)} is no host name: {_instead(text.strip())}")
    return name


def _instead(text: str) -> str:
    """What to enter in place of *text*, which is no name of a server."""
    web = re.fullmatch(r"(?:\w+://)?\[?([^/\s@\]]+?)\]?(?::(\d{1,5}))?(?:/.*)?", text)
    name = server_name(web[1]) if web else None
    if web and name:
        port = f", and the port to --port ({web[2]})" if web[2] else ""
        return f"give the name alone, {name}{port}"
    if "@" in text:
        return "this is an e-mail address; give the server's name, such as imap.example.org"
    return "give it in full, such as imap.example.org, or leave --host out"


def _port(port: int) -> int:
    if not 1 <= port <= 65535:
        raise InputError(f"--port {port} is no port: ports are 1 to 65535")
    return port


def _label(text: str) -> str:
    if not text.strip():
        raise InputError("--security is empty: give the words that stand on the screen")
    return text.strip()
