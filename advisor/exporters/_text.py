"""What documents share: the heads of configurations, and sentences."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from advisor.exporters._account import Server
from advisor.exporters._exporter import Wish
from advisor.model.auth import AuthMethod

NOT_SENT = "how mail is sent (use another program for that, such as msmtp)"
NOT_RECEIVED = "how mail is received (use another program for that, such as mbsync)"
NO_CA_FILE = "which certificates to trust besides the system's"
CA_FILE = "/etc/ssl/certs/ca-certificates.crt"


def head(
    program: str, address: str, servers: Iterable[Server], *remarks: str, sign: str = "#"
) -> list[str]:
    """Comments for the top: whose it is, what to know, and what is unsafe in it."""
    unsafe = [f"{one.protocol}://{one.authority}" for one in servers if one.is_unsafe]
    lines = [
        f"{program} configuration for {address}, made by advisor.",
        "It holds no password. Keep it readable for yourself only.",
        *remarks,
        *(f"UNSAFE, exported on request, better not used: {one}" for one in unsafe),
    ]
    return [f"{sign} {line}" for line in lines]


def document(lines: Iterable[str]) -> bytes:
    """*lines* as UTF-8, the last one ended."""
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def encoded(text: str) -> str:
    """*text* for any part of a URL: only letters, digits and ``_.-~`` stay."""
    return quote(text, safe="")


def backslashed(text: str, signs: str = '"\\') -> str:
    """*text* with a backslash before each of *signs*."""
    return "".join(f"\\{sign}" if sign in signs else sign for sign in text)


def bearer(server: Server) -> str:
    """The mechanism that carries an OAuth2 token to *server*."""
    names = {name.upper() for name in server.mechanisms}
    return "xoauth2" if "XOAUTH2" in names and "OAUTHBEARER" not in names else "oauthbearer"


def token_remark(*servers: Server) -> tuple[str, ...]:
    """What cannot be said about where a token comes from."""
    if any(one.method is AuthMethod.OAUTH2 for one in servers):
        return ("where the OAuth2 token comes from: a command of yours has to fetch it",)
    return ()


def unnamed(wish: Wish) -> tuple[str, ...]:
    """What cannot be said of the sender, where the format has no place for a name."""
    return ("the sender's name",) if wish.name else ()
