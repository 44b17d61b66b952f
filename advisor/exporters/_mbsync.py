"""~/.mbsyncrc for mbsync (isync), which mirrors an IMAP account into Maildir folders.

The keyword for the way to begin TLS is ``TLSType`` from 1.5 on and ``SSLType`` before; STARTTLS is
compulsory with either. Sections end at an empty line.

See: mbsync(1), "Configuration".
"""

from __future__ import annotations

from advisor.exporters import _account as account
from advisor.exporters import _text as text
from advisor.exporters._exporter import Export, Wish
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security
from advisor.model.report import Report

_TYPES = {Security.TLS: "IMAPS", Security.STARTTLS: "STARTTLS", Security.NONE: "None"}
_MECHANISMS = {
    AuthMethod.PASSWORD: "*",
    AuthMethod.SCRAM: "*",
    AuthMethod.CHALLENGE: "*",
    AuthMethod.GSSAPI: "GSSAPI",
    AuthMethod.OAUTH2: "XOAUTH2",
}
_PROGRAM = account.Program("mbsync", {Protocol.IMAP: tuple(_TYPES)}, tuple(_MECHANISMS))


def export(report: Report, wish: Wish, *, keyword: str, versions: str) -> Export:
    """The configuration for mbsync of *versions*, which call the way to begin TLS *keyword*.

    Raises:
        ExportError: no IMAP server that mbsync can be told, or nobody is named.
    """
    address = account.address(report, wish, _PROGRAM)
    server, lost = account.incoming(report, wish, _PROGRAM)
    name = report.domain
    lines = [
        *text.head(
            "mbsync",
            address,
            [server],
            f"For mbsync {versions}. Put it into ~/.mbsyncrc and make the folder ~/Mail/{name}.",
            "mbsync asks for the password, unless a line 'PassCmd COMMAND' below IMAPAccount",
            "names a command that prints it. Nothing is ever deleted at the server: see Expunge.",
        ),
        "",
        f"IMAPAccount {name}",
        f"Host {server.host}",
        f"Port {server.port}",
        f"User {_quoted(server.username)}",
        f"AuthMechs {_MECHANISMS[server.method]}",
        f"{keyword} {_TYPES[server.security]}",
        *([f"CertificateFile {_quoted(account.ca_file(wish))}"] if account.ca_file(wish) else []),
        "",
        f"IMAPStore {name}-remote",
        f"Account {name}",
        "",
        f"MaildirStore {name}-local",
        f"Path ~/Mail/{name}/",
        f"Inbox ~/Mail/{name}/INBOX",
        "SubFolders Verbatim",
        "",
        f"Channel {name}",
        f"Far :{name}-remote:",
        f"Near :{name}-local:",
        "Patterns *",
        "Create Near",
        "Expunge None",
        "SyncState *",
    ]
    return Export(text.document(lines), (*lost, text.NOT_SENT, *text.token_remark(server)))


def _quoted(value: str) -> str:
    return f'"{text.backslashed(value)}"'
