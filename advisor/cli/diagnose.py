"""``advisor diagnose``: the error a user reports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from advisor.cli._paste import pasted
from advisor.cli._session import Exit, Session
from advisor.cli._words import PROTOCOLS, SECURITY
from advisor.cli._wrap import wrapped
from advisor.diagnosing import diagnose, host_in
from advisor.errors import InputError
from advisor.model.address import host_name
from advisor.model.diagnosis import Diagnosis, Seen
from advisor.model.endpoint import INCOMING, OUTGOING, Protocol
from advisor.model.observation import Live
from advisor.model.text import printable
from advisor.options import Options

if TYPE_CHECKING:
    from advisor.looking import Look

_BOXES = {"security": "security", "sign_in": "sign-in"}

# What decides where no message is known.
_ASK = (
    "Four facts decide: the protocol (IMAP, POP3 or SMTP), the server's name, the port, and the "
    "security label exactly as the screen shows it. With these, advisor check looks for itself."
)


def command(
    ctx: typer.Context,
    text: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TEXT]...", help="The message; - reads standard input."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Read the text from FILE.")
    ] = None,
    host: Annotated[
        str | None,
        typer.Option("--host", help="Look at this server, and rule out what it contradicts."),
    ] = None,
    protocol: Annotated[
        Protocol | None,
        typer.Option("--protocol", metavar="imap|pop3|smtp", help="What is spoken."),
    ] = None,
    client: ClientOption = None,
    probe: Annotated[
        bool, typer.Option("--probe", help="Look at the first mail server named in the text.")
    ] = False,
    nameserver: network.Nameserver = None,
    ca_file: network.CaFile = None,
    timeout: network.Timeout = network.DEFAULT_TIMEOUT,
    ipv4: network.IPv4 = False,
    ipv6: network.IPv6 = False,
    private_addresses: network.Private = True,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
) -> None:
    """advisor diagnose "SSL routines:ssl3_get_record:wrong version number"

    What an error message means: causes in order, and the step that mends each. Offline, unless
    --host or --probe asks for a look at the server.
    """
    check_writable(output)
    session = ctx.obj
    _spoken(protocol)
    message = pasted(text or [], file)
    looked_at = _named(host) or (host_in(message) if probe else None)
    looked = None
    if looked_at is not None:
        options = network.options(
            session, nameserver=nameserver, ca_file=ca_file, ispdb="none", timeout=timeout,
            probe=True, ipv4=ipv4, ipv6=ipv6, private_addresses=private_addresses,
        )  # fmt: skip
        looked = _look(session, looked_at, protocol, options)
    if looked and not looked.seen:
        session.note(f"{looked_at} did not answer in time: nothing could be ruled out")
    found = diagnose(
        message, session.library, looked.out if looked else frozenset(),
        seen=looked.seen if looked else (),
        client=named(session, client),
        protocol=protocol or (looked.seen[0].protocol if looked and looked.seen else None),
    )  # fmt: skip
    deliver(
        session, found, form, output,
        text=lambda paint: _text(found, paint, quiet=session.quiet),
        markdown=lambda: _markdown(found),
    )  # fmt: skip
    if not found.matches:
        raise typer.Exit(Exit.NOTHING)


def _spoken(protocol: Protocol | None) -> None:
    if protocol is not None and protocol not in (*INCOMING, *OUTGOING):
        raise InputError(f"{protocol} is none of imap, pop3 and smtp")


def _named(host: str | None) -> str | None:
    if host is None:
        return None
    name = host_name(host)
    if name is None:
        raise InputError(f"--host {printable(host, 60)} is no host name")
    return name


def _look(session: Session, host: str, protocol: Protocol | None, options: Options) -> Look:
    if session.offline:
        raise InputError("a look at the server needs the network: leave out --offline")
    from advisor.looking import look, spoken_by
    from advisor.loop import run

    spoken = protocol or spoken_by(host)
    return run(look(host, spoken, options, library=session.library))


def _text(found: Diagnosis, paint: Paint, *, quiet: bool) -> str:
    if not found.matches:
        lines = ["This message is not known.", "", *wrapped(_ASK)]
        if found.near:
            lines += ["", "Near it:", *(f"  {near}" for near in found.near)]
        return "\n".join(lines)
    best, *others = found.matches
    lines = [*map(paint.bold, wrapped(best.means))]
    if quiet:
        return "\n".join(lines)
    lines += [paint.dim(f"{best.id}: “{best.matched}” ({', '.join(best.where)})"), ""]
    lines += [
        line
        for number, fix in enumerate(best.fixes, 1)
        for line in wrapped(fix, f"  {number}. ", "     ")
    ]
    if found.choices:
        lines += ["", paint.bold(f"In {_client_name(found)}")]
    for choice in _choices(found):
        lines += wrapped(choice, "  - ", "    ")
    if best.tells_apart:
        lines += ["", *wrapped(f"What decides: {best.tells_apart}")]
    lines += ["", paint.bold("Causes, likeliest first")]
    for cause in found.explained:
        lines += wrapped(f"{cause.id}: {cause.means}", "  - ", "    ")
    if found.seen:
        lines += ["", paint.bold(f"A look at {found.seen[0].host}"), *map(_seen, found.seen)]
    if found.ruled_out:
        lines += ["", *wrapped(f"Ruled out by a look at the server: {', '.join(found.ruled_out)}.")]
    if others:
        lines += ["", paint.bold("Also in this text")]
        for one in others:
            lines += wrapped(f"“{printable(one.matched, 60)}”: {one.means}", "  - ", "    ")
    return "\n".join(lines)


def _seen(one: Seen) -> str:
    """One port of the server: works, or what is wrong there."""
    what = "works" if one.live is Live.CONFIRMED else one.problem or one.live.value
    return f"  - {PROTOCOLS[one.protocol]} {one.port} {SECURITY[one.security]}: {what}"


def _choices(found: Diagnosis) -> Iterator[str]:
    """What to choose in the client's own words, one line a protocol and label."""
    fields = found.client.fields if found.client else {}
    for one in found.choices:
        box = fields.get(one.field, _BOXES[one.field]).rstrip(":")
        port = f"port {one.port}, " if one.port else ""
        doubt = " (may read differently in your version)" if one.confidence == "unverified" else ""
        yield printable(f"{PROTOCOLS[one.protocol]}: {port}{box} “{one.label}”{doubt}")


def _client_name(found: Diagnosis) -> str:
    client = found.client
    return printable(f"{client.name} {client.version or ''}".rstrip()) if client else ""


def _markdown(found: Diagnosis) -> str:
    if not found.matches:
        return _ASK
    from advisor.cli._markdown import escaped

    lines = []
    for one in found.matches:
        lines += [f"## {one.means}", "", f"`{one.matched.replace('`', ' ')}`", ""]
        lines += [f"{number}. {fix}" for number, fix in enumerate(one.fixes, 1)]
        if one is found.matches[0] and found.choices:
            lines += ["", f"In {escaped(_client_name(found))}:", ""]
            lines += [f"- {escaped(choice)}" for choice in _choices(found)]
        lines.append("")
    return "\n".join(lines)
