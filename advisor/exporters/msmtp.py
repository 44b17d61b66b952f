"""~/.msmtprc for msmtp (1.6.7 and newer), which sends mail.

See: msmtp(1), "Configuration files".
"""

from __future__ import annotations

from advisor.exporters import _account as account
from advisor.exporters import _text as text
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security
from advisor.model.report import Report

# "on" takes the strongest way that the server offers; those that need more are never taken by it.
_AUTH = {
    AuthMethod.PASSWORD: "on",
    AuthMethod.SCRAM: "on",
    AuthMethod.CHALLENGE: "on",
    AuthMethod.NTLM: "ntlm",
    AuthMethod.GSSAPI: "gssapi",
    AuthMethod.OAUTH2: "oauth2",
    AuthMethod.NONE: "off",
}
_PROGRAM = account.Program(
    "msmtp", {Protocol.SMTP: (Security.TLS, Security.STARTTLS, Security.NONE)}, tuple(_AUTH)
)


def export(report: Report, wish: Wish) -> Export:
    """One account, which is the default one; msmtp asks for the password, or takes a keyring's.

    Raises:
        ExportError: no server that msmtp can be told, or nobody is named.
    """
    address = account.address(report, wish, _PROGRAM)
    server, lost = account.outgoing(report, wish, _PROGRAM)
    is_token = server.method is AuthMethod.OAUTH2
    lines = [
        *text.head(
            "msmtp",
            address,
            [server],
            "Put it into ~/.msmtprc. msmtp asks for the password, unless the system's keyring has",
            "it, or a line 'passwordeval COMMAND' below names a command that prints it.",
        ),
        f"account {report.domain}",
        f"host {server.host}",
        f"port {server.port}",
        f"from {_quoted(address)}",
        f"auth {text.bearer(server) if is_token else _AUTH[server.method]}",
        *([f"user {_quoted(server.username)}"] if server.username else []),
        f"tls {'off' if server.security is Security.NONE else 'on'}",
        f"tls_starttls {'on' if server.security is Security.STARTTLS else 'off'}",
        "tls_certcheck on",
        *([f"tls_trust_file {_quoted(account.ca_file(wish))}"] if account.ca_file(wish) else []),
        f"account default : {report.domain}",
    ]
    return Export(
        text.document(lines),
        (*lost, text.NOT_RECEIVED, *text.unnamed(wish), *text.token_remark(server)),
    )


def _quoted(value: str) -> str:
    """*value* in quotes: msmtp takes off the outer ones and reads the rest as it is."""
    return f'"{value}"'


EXPORTER = Exporter("msmtp", "msmtp, ~/.msmtprc", "text/plain", "msmtprc", export, is_personal=True)
