"""~/.config/himalaya/config.toml for Himalaya 2.

It never asks for a password: a command has to print it, and one is named for the user to adapt.
No shell reads the command, since it is given as a list.

See: config.sample.toml of Himalaya 2.1 (2.0 passes over the sender); TOML 1.0 "String".
"""

from __future__ import annotations

import json

from advisor.exporters import _account as account
from advisor.exporters import _text as text
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security
from advisor.model.report import Report

_ANY = (Security.TLS, Security.STARTTLS, Security.NONE)
_SASL = {
    AuthMethod.PASSWORD: "plain",
    AuthMethod.SCRAM: "scram-sha-256",
    AuthMethod.OAUTH2: "oauthbearer",
}
_RECEIVING = account.Program("Himalaya", {Protocol.IMAP: _ANY}, tuple(_SASL))
_SENDING = account.Program("Himalaya", {Protocol.SMTP: _ANY}, (*_SASL, AuthMethod.NONE))


def export(report: Report, wish: Wish) -> Export:
    """One account, which is the default one.

    Raises:
        ExportError: no server that Himalaya can be told, or nobody is named.
    """
    address = account.address(report, wish, _RECEIVING)
    receive, lost = account.incoming(report, wish, _RECEIVING)
    send, lost_too = account.outgoing(report, wish, _SENDING)
    lines = [
        *text.head(
            "Himalaya",
            address,
            [receive, send],
            "For Himalaya 2.1. Put it into ~/.config/himalaya/config.toml, and write your own way",
            "to get the password into the lines that end in 'command'; they ask 'pass' for it.",
        ),
        f"[accounts.{_string(report.domain)}]",
        "default = true",
        f"email = {_string(address)}",
        *([f"display-name = {_string(sender)}"] if (sender := account.sender(wish)) else []),
        *_server(receive, wish, address),
        *_server(send, wish, address),
    ]
    return Export(
        text.document(lines),
        (
            *lost,
            *lost_too,
            *text.token_remark(receive, send),
        ),
    )


def _server(server: account.Server, wish: Wish, address: str) -> list[str]:
    part = str(server.protocol)
    scheme = f"{part}s" if server.security is Security.TLS else part
    return [
        f"{part}.server = {_string(f'{scheme}://{server.authority}')}",
        *([f"{part}.starttls = true"] if server.security is Security.STARTTLS else []),
        *([f"{part}.tls.cert = {_string(account.ca_file(wish))}"] if account.ca_file(wish) else []),
        *_signing_in(f"{part}.sasl", server, address),
    ]


def _signing_in(part: str, server: account.Server, address: str) -> list[str]:
    if server.method is AuthMethod.NONE:
        return []
    is_token = server.method is AuthMethod.OAUTH2
    mechanism = text.bearer(server) if is_token else _SASL[server.method]
    secret = "token" if is_token else "password"
    command = ", ".join(map(_string, ("pass", "show", f"mail/{address}")))
    return [
        f"{part}.{mechanism}.username = {_string(server.username)}",
        f"{part}.{mechanism}.{secret}.command = [{command}]",
    ]


def _string(value: str) -> str:
    """A basic string; what JSON escapes, TOML reads the same way."""
    return json.dumps(value, ensure_ascii=False)


EXPORTER = Exporter(
    "himalaya",
    "Himalaya 2, ~/.config/himalaya/config.toml",
    "application/toml",
    "config.toml",
    export,
    is_personal=True,
)
