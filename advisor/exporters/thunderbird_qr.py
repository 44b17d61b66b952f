"""The text of the QR code by which Thunderbird for Android imports an account, version 1.

JSON arrays without names, as short as can be; the drawing is left to whoever shows it. The app
refuses Kerberos and NTLM, and knows OAuth2 for its built-in providers only.

See: thunderbird-android, feature/migration/qrcode/qr-code-format.md.
"""

from __future__ import annotations

import json

from advisor.errors import ExportError
from advisor.exporters import _account as account
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security
from advisor.model.report import Report

_PROTOCOLS = {Protocol.IMAP: 0, Protocol.POP3: 1, Protocol.SMTP: 0}
_SECURITY = {Security.NONE: 0, Security.STARTTLS: 2, Security.TLS: 3}
_METHODS = {
    AuthMethod.NONE: 0,
    AuthMethod.PASSWORD: 1,
    AuthMethod.SCRAM: 1,
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


def export(report: Report, wish: Wish) -> Export:
    """The account of one person, without its password: the app asks.

    Raises:
        ExportError: no server that the app can be told, nobody is named, or the address has
            letters beyond ASCII.
    """
    address = account.address(report, wish, _PROGRAM)
    if not address.isascii():
        raise ExportError(
            f"{address} has letters beyond ASCII, which this version of the QR code cannot hold"
        )
    receive, lost = account.incoming(report, wish, _PROGRAM)
    send, lost_too = account.outgoing(report, wish, _PROGRAM)
    name = account.checked(wish.name, "the name") if wish.name else ""
    payload = [VERSION, [1, 1], _server(receive), [[_server(send), [address, name]]]]
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    unsafe = [one for one in (receive, send) if one.is_unsafe]
    return Export(
        text.encode("utf-8") + b"\n",
        (
            *lost,
            *lost_too,
            *(f"that {one.protocol}://{one.authority} is UNSAFE" for one in unsafe),
            *(f"{one.endpoint} (mail only)" for one in report.services if one.is_usable),
        ),
    )


def _server(server: account.Server) -> list[int | str]:
    return [
        _PROTOCOLS[server.protocol],
        server.host,
        server.port,
        _SECURITY[server.security],
        _METHODS[server.method],
        server.username,
    ]


EXPORTER = Exporter(
    "thunderbird-qr",
    "text of the QR code for Thunderbird for Android",
    "application/json",
    "thunderbird-qr.json",
    export,
    is_personal=True,
)
