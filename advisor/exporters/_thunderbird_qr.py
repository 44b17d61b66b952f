"""The text of the QR code by which Thunderbird for Android imports an account, version 1.

JSON arrays without names, as short as can be. What is not ASCII is escaped, since a code does not
say in what encoding it is. One account is one code: the format cannot spread it over several. The
app refuses Kerberos and NTLM, and knows OAuth2 for its built-in providers only.

See: thunderbird-android, feature/migration/qrcode/qr-code-format.md, and QrCodePayloadValidator.kt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

from advisor.errors import ExportError
from advisor.exporters import _account as account
from advisor.exporters._exporter import Export, Wish
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security
from advisor.model.report import Report

_PROTOCOLS = {Protocol.IMAP: 0, Protocol.POP3: 1, Protocol.SMTP: 0}
_SECURITY = {Security.NONE: 0, Security.STARTTLS: 2, Security.TLS: 3}
_METHODS = {
    AuthMethod.NONE: 0,
    AuthMethod.PASSWORD: 1,
    AuthMethod.CHALLENGE: 2,
    AuthMethod.EXTERNAL: 5,
    AuthMethod.OAUTH2: 6,
}
# TbOAuthConfigurationFactory.kt
_TOKEN_HOSTS = frozenset(
    {
        *("imap.aol.com", "smtp.aol.com"),
        *("imap.fastmail.com", "smtp.fastmail.com"),
        *("imap.gmail.com", "imap.googlemail.com", "smtp.gmail.com", "smtp.googlemail.com"),
        *("outlook.office365.com", "smtp.office365.com", "smtp-mail.outlook.com"),
        *("imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
        *("mail.tb.pro", "mail.thundermail.com"),
    }
)
_PROGRAM = account.Program(
    "Thunderbird for Android",
    dict.fromkeys(_PROTOCOLS, tuple(_SECURITY)),
    tuple(_METHODS),
    token_hosts=_TOKEN_HOSTS,
)
VERSION = 1
# The app that scans it, in rules/clients.
CLIENT = "thunderbird-android"
# EmailAddressParser.kt with LIMITED, and HostNameUtils.kt.
_LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]+", re.ASCII)
_HOST = re.compile(r"[a-z0-9.:-]+", re.ASCII)


def export(report: Report, wish: Wish) -> Export:
    """The account of one person, without its password: the app asks.

    Raises:
        ExportError: no server that the app can be told, nobody is named, or the address is one
            that the app refuses.
    """
    receive, lost = account.incoming(report, wish, _PROGRAM)
    send, lost_too = account.outgoing(report, wish, _PROGRAM)
    identity = [_address(report, wish), account.sender(wish)]
    payload = [VERSION, [1, 1], _server(receive), [[_server(send), identity]]]
    unsafe = [one for one in (receive, send) if one.is_unsafe]
    return Export(
        json.dumps(payload, separators=(",", ":")).encode("ascii") + b"\n",
        (
            *lost,
            *lost_too,
            *(f"that {one.protocol}://{one.authority} is UNSAFE" for one in unsafe),
            *(f"{one.endpoint} (mail only)" for one in report.services if one.is_usable),
        ),
    )


def drawn(report: Report, wish: Wish, *, draw: Callable[[str], bytes]) -> Export:
    """The same as a picture, made by *draw*.

    Raises:
        ExportError: as ``export`` does.
        InputError: no code can be drawn: segno is not installed, or the text is too long.
    """
    made = export(report, wish)
    return replace(made, document=draw(made.document.decode("ascii").rstrip()))


def _address(report: Report, wish: Wish) -> str:
    address = account.address(report, wish, _PROGRAM)
    if not _LOCAL_PART.fullmatch(address.rpartition("@")[0]):
        raise ExportError(
            f"{_PROGRAM.name} takes no address with quotes or letters beyond ASCII before the @, "
            f"such as {address}"
        )
    return address


def _server(server: account.Server) -> list[int | str]:
    if not _HOST.fullmatch(server.host):
        raise ExportError(f"{_PROGRAM.name} takes no host name such as {server.host}")
    return [
        _PROTOCOLS[server.protocol],
        server.host,
        server.port,
        _SECURITY[server.security],
        _METHODS[server.method],
        server.username,
    ]
