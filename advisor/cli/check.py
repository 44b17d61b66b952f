"""``advisor check``: settings that somebody already has."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.cli import _network as network
from advisor.cli._client import ClientOption, named
from advisor.cli._output import (
    Format,
    FormatOption,
    OutputOption,
    Paint,
    check_writable,
    deliver,
)
from advisor.cli._session import Exit
from advisor.cli._wrap import wrapped
from advisor.errors import InputError
from advisor.model.address import host_name
from advisor.model.diagnosis import CheckReport
from advisor.model.endpoint import INCOMING, OUTGOING, Protocol
from advisor.model.report import Severity
from advisor.model.text import printable

_MARKS = {Severity.ERROR: "x", Severity.WARNING: "!", Severity.NOTE: "-"}
_VERDICTS = {
    "right": "These settings are right.",
    "risky": "These settings work, at a risk.",
    "wrong": "These settings are wrong.",
    "cannot-tell": "Nobody can tell from this alone.",
}


def command(
    ctx: typer.Context,
    protocol: Annotated[
        Protocol, typer.Option("--protocol", metavar="imap|pop3|smtp", help="What it speaks.")
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
    login: Annotated[
        bool,
        typer.Option("--login/--no-login", help="Is “my server requires authentication” on?"),
    ] = True,
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
    options = network.options(
        session, nameserver=nameserver, ca_file=ca_file, ispdb="none", timeout=timeout,
        probe=probe, ipv4=ipv4, ipv6=ipv6, private_addresses=private_addresses,
    )  # fmt: skip
    from advisor.check import check
    from advisor.engine.settings import Entered
    from advisor.loop import run

    entered = Entered(
        _protocol(protocol), _host(host), _port(port), security, named(session, client),
        sign_in, username, login,
    )  # fmt: skip
    report = run(check(entered, options, library=session.library))
    deliver(
        session, report, form, output,
        text=lambda paint: _text(report, paint, quiet=session.quiet),
        markdown=lambda: _markdown(report),
    )  # fmt: skip
    if report.verdict == "wrong" or any(f.severity is Severity.ERROR for f in report.findings):
        raise typer.Exit(Exit.UNSAFE)


def _protocol(protocol: Protocol) -> Protocol:
    if protocol not in (*INCOMING, *OUTGOING):
        raise InputError(f"{protocol} is none of imap, pop3 and smtp")
    return protocol


def _host(text: str | None) -> str | None:
    if text is None:
        return None
    name = host_name(text)
    if name is None:
        raise InputError(f"--host {printable(text, 60)} is no host name")
    return name


def _port(port: int) -> int:
    if not 1 <= port <= 65535:
        raise InputError(f"--port {port} is no port: ports are 1 to 65535")
    return port


def _text(report: CheckReport, paint: Paint, *, quiet: bool) -> str:
    lines = [paint.bold(_VERDICTS[report.verdict])]
    if quiet:
        return lines[0]
    client = report.client
    where = f" in {client.name} {client.version or ''}".rstrip() if client else ""
    says = f"“{printable(report.label)}”{where} means {report.means.says}."
    doubt = " It may read differently in your version."
    lines += ["", *wrapped(says + (doubt if report.means.confidence == "unverified" else ""))]
    if report.changes:
        lines += ["", paint.bold("Change")]
    for one in report.changes:
        old = f" (was: {printable(one.origin)})" if one.origin else ""
        lines.append(f"  {one.field:9} to {paint.bold(printable(one.to))}{old}")
        lines += wrapped(one.because, "             ")
    for finding in report.findings:
        mark = _MARKS[finding.severity]
        lines += ["", *wrapped(f"{printable(finding.message)}  [{finding.code}]", f"{mark} ", "  ")]
    return "\n".join(lines)


def _markdown(report: CheckReport) -> str:
    lines = [f"**{_VERDICTS[report.verdict]}**", "", report.means.says, ""]
    lines += [f"- {c.field}: `{c.origin}` → `{c.to}`: {c.because}" for c in report.changes]
    lines += [f"- **{f.severity}** ({f.code}): {f.message}" for f in report.findings]
    return "\n".join(lines)
