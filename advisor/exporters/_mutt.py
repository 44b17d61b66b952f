"""muttrc, which Mutt (2.0 and newer) and NeoMutt read alike but for some names.

``ssl_force_tls`` makes STARTTLS compulsory; it is written because it was off for many years.

See: the manuals of both, "Configuration variables"; UPDATING of Mutt 2.0.
"""

from __future__ import annotations

from advisor.errors import ExportError
from advisor.exporters import _account as account
from advisor.exporters import _text as text
from advisor.exporters._exporter import Export, Wish
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security
from advisor.model.report import Report

_ANY = (Security.TLS, Security.STARTTLS, Security.NONE)
_METHODS = {
    AuthMethod.PASSWORD: "",
    AuthMethod.SCRAM: "",
    AuthMethod.CHALLENGE: "",
    AuthMethod.GSSAPI: "gssapi",
    AuthMethod.OAUTH2: "oauth2",
    AuthMethod.NONE: "",
}
# Inside double quotes; a backslash takes their meaning away.
_SPECIAL = '"\\$`'
_SCHEMES = {Protocol.IMAP: "imap", Protocol.POP3: "pop", Protocol.SMTP: "smtp"}


def export(report: Report, wish: Wish, *, name: str, inbox: str, home: str) -> Export:
    """The configuration for the program *name*, whose variable for the inbox is *inbox*.

    Raises:
        ExportError: no server that it can be told, or nobody is named.
    """
    program = account.Program(name, dict.fromkeys(_SCHEMES, _ANY), tuple(_METHODS))
    address = account.address(report, wish, program)
    receive, lost = account.incoming(report, wish, program)
    send, lost_too = account.outgoing(report, wish, program)
    lines = [
        *text.head(
            name,
            address,
            [receive, send],
            f"Put it into {home}. {name} asks for the password.",
        ),
        *([_set("realname", sender)] if (sender := account.sender(wish)) else []),
        _set("from", address),
        *_encryption(receive, send, name),
        _set("ssl_ca_certificates_file", account.ca_file(wish) or text.CA_FILE),
        *_receiving(receive, inbox),
        *_sending(send),
    ]
    return Export(text.document(lines), (*lost, *lost_too, *text.token_remark(receive, send)))


def _encryption(receive: account.Server, send: account.Server, name: str) -> list[str]:
    ways = {receive.security, send.security}
    if ways == {Security.STARTTLS, Security.NONE}:
        raise ExportError(
            f"{name} cannot be told to encrypt one connection and not the other: without "
            "encryption for one of them, STARTTLS would not be compulsory for the other"
        )
    if Security.NONE in ways:
        return ["set ssl_starttls = no", "set ssl_force_tls = no"]
    return ["set ssl_starttls = yes", "set ssl_force_tls = yes"]


def _receiving(server: account.Server, inbox: str) -> list[str]:
    kind = _SCHEMES[server.protocol]
    url = f"{_scheme(server)}://{server.authority}/"
    where = (
        [_set("folder", url), _set(inbox, "+INBOX")]
        if server.protocol is Protocol.IMAP
        else [_set(inbox, url)]
    )
    return [*where, _set(f"{kind}_user", server.username), *_signing_in(server, kind)]


def _sending(server: account.Server) -> list[str]:
    user = f"{text.encoded(server.username)}@" if server.username else ""
    return [
        _set("smtp_url", f"{_scheme(server)}://{user}{server.authority}/"),
        *_signing_in(server, "smtp"),
    ]


def _signing_in(server: account.Server, kind: str) -> list[str]:
    if server.method is AuthMethod.OAUTH2:
        return [
            _set(f"{kind}_authenticators", text.bearer(server)),
            f'# set {kind}_oauth_refresh_command = "a command that prints an access token"',
        ]
    if server.method is AuthMethod.GSSAPI:
        return [_set(f"{kind}_authenticators", "gssapi")]
    return []


def _scheme(server: account.Server) -> str:
    return _SCHEMES[server.protocol] + ("s" if server.security is Security.TLS else "")


def _set(name: str, value: str) -> str:
    return f'set {name} = "{text.backslashed(value, _SPECIAL)}"'
