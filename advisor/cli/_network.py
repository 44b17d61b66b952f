"""The options that all commands share which may touch the network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from advisor import folders
from advisor.cli._session import Session
from advisor.errors import InputError
from advisor.model.text import printable
from advisor.options import ISPDB, Options

Nameserver = Annotated[
    list[str] | None,
    typer.Option(
        "--nameserver",
        metavar="ADDR[:PORT]",
        envvar="ADVISOR_NAMESERVER",
        help="Ask this name server; may be repeated. Default: the system's.",
    ),
]
CaFile = Annotated[
    Path | None,
    typer.Option(
        "--ca-file",
        metavar="PEM",
        envvar="ADVISOR_CA_FILE",
        help="Trust these certificates too.",
    ),
]
Ispdb = Annotated[
    str | None,
    typer.Option(
        "--ispdb",
        metavar="URL|none",
        envvar="ADVISOR_ISPDB",
        help="The provider database to ask; it learns the domain, never the address. "
        f"Default: the imported one, where there is one, else {ISPDB}",
    ),
]
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        envvar="ADVISOR_TIMEOUT",
        help="For the whole command.",
    ),
]
Probe = Annotated[
    bool,
    typer.Option("--probe/--no-probe", envvar="ADVISOR_PROBE", help="Look at the servers live?"),
]
IPv4 = Annotated[bool, typer.Option("--ipv4", envvar="ADVISOR_IPV4", help="Only IPv4.")]
IPv6 = Annotated[bool, typer.Option("--ipv6", envvar="ADVISOR_IPV6", help="Only IPv6.")]
Private = Annotated[
    bool,
    typer.Option(
        "--private-addresses/--no-private-addresses",
        envvar="ADVISOR_PRIVATE_ADDRESSES",
        help="May private and loopback addresses be contacted?",
    ),
]

TrustResolver = Annotated[
    bool | None,
    typer.Option(
        "--trust-resolver/--no-trust-resolver",
        envvar="ADVISOR_TRUST_RESOLVER",
        help="Believe what the name servers say of DNSSEC? Default: those on this machine.",
    ),
]
TrustAnchor = Annotated[
    Path | None,
    typer.Option(
        "--trust-anchor",
        metavar="FILE",
        envvar="ADVISOR_TRUST_ANCHOR",
        help="Check DNSSEC from these DS or DNSKEY records, not from the root's.",
    ),
]

DEFAULT_ISPDB = None
DEFAULT_TIMEOUT = 15.0


def options(
    session: Session,
    *,
    nameserver: list[str] | None,
    ca_file: Path | None,
    ispdb: str | None,
    timeout: float,
    probe: bool,
    ipv4: bool,
    ipv6: bool,
    private_addresses: bool,
    client: str | None = None,
    trust_resolver: bool | None = None,
    trust_anchor: Path | None = None,
) -> Options:
    """The choices of one command, checked.

    Raises:
        InputError: one of them cannot be used; the message names the option.
    """
    if not 0 < timeout <= 3600:
        raise InputError(f"--timeout {timeout:g} is out of range: give seconds, 0 to 3600")
    if ca_file is not None and not _is_file(ca_file):
        raise InputError(f"--ca-file {printable(str(ca_file), 80)} is not a file")
    if trust_anchor is not None and not _is_file(trust_anchor):
        raise InputError(f"--trust-anchor {printable(str(trust_anchor), 80)} is not a file")
    return Options(
        offline=session.offline,
        probe=probe,
        nameservers=tuple(nameserver or ()),
        ca_file=ca_file,
        ispdb=_database(ispdb),
        local=_folder(folders.own_settings()),
        timeout=timeout,
        ipv4=ipv4 or not ipv6,
        ipv6=ipv6 or not ipv4,
        private_addresses=private_addresses,
        client=client,
        trust_resolver=trust_resolver,
        trust_anchor=trust_anchor,
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Is *path* a folder? No where it cannot even be asked."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _folder(path: Path) -> Path | None:
    return path if is_folder(path) else None


def _database(text: str | None) -> str | Path | None:
    if text is None:
        return _folder(folders.database()) or ISPDB
    if text == "none":
        return None
    if not text.startswith(("https://", "http://")) or any(sign.isspace() for sign in text):
        raise InputError(f"--ispdb {text[:80]} is neither a URL nor “none”")
    return text if text.endswith("/") else f"{text}/"
