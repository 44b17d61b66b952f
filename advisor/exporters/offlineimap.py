"""~/.offlineimaprc for OfflineIMAP, which mirrors an IMAP account into Maildir folders.

Its STARTTLS is taken only where it is offered, and it goes on in the clear elsewhere; so there is
nothing but implicit TLS unless somebody insists. A ``%`` is doubled.

See: offlineimap.conf, which comes with it.
"""

from __future__ import annotations

from advisor.exporters import _account as account
from advisor.exporters import _text as text
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security
from advisor.model.report import Report

_MECHANISMS = {
    AuthMethod.PASSWORD: "PLAIN, LOGIN",
    AuthMethod.CHALLENGE: "CRAM-MD5",
    AuthMethod.GSSAPI: "GSSAPI",
}
_PROGRAM = account.Program(
    "OfflineIMAP",
    {Protocol.IMAP: tuple(Security)},
    tuple(_MECHANISMS),
    {
        Security.STARTTLS: "OfflineIMAP cannot be told to insist on STARTTLS, and sends the "
        "password in the clear when somebody on the way takes the offer out: use mbsync instead"
    },
)


def export(report: Report, wish: Wish) -> Export:
    """One account, which is the only one; OfflineIMAP asks for the password.

    Raises:
        ExportError: no server that OfflineIMAP can be told safely, or nobody is named.
    """
    address = account.address(report, wish, _PROGRAM)
    server, lost = account.incoming(report, wish, _PROGRAM)
    name = report.domain
    leak = (_PROGRAM.leaks or {}).get(server.security)
    lines = [
        *text.head(
            "OfflineIMAP",
            address,
            [server],
            *([f"UNSAFE, exported on request: {leak}."] if leak else []),
            "Put it into ~/.offlineimaprc. OfflineIMAP asks for the password.",
        ),
        "[general]",
        f"accounts = {name}",
        "",
        f"[Account {name}]",
        f"localrepository = {name}-local",
        f"remoterepository = {name}-remote",
        "",
        f"[Repository {name}-local]",
        "type = Maildir",
        f"localfolders = ~/Mail/{name}",
        "",
        f"[Repository {name}-remote]",
        "type = IMAP",
        f"remotehost = {server.host}",
        f"remoteport = {server.port}",
        f"remoteuser = {_doubled(server.username)}",
        f"auth_mechanisms = {_MECHANISMS[server.method]}",
        f"ssl = {_yes(server.security is Security.TLS)}",
        f"starttls = {_yes(server.security is Security.STARTTLS)}",
        f"sslcacertfile = {_doubled(account.ca_file(wish) or 'OS-DEFAULT')}",
    ]
    return Export(text.document(lines), (*lost, text.NOT_SENT))


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _doubled(value: str) -> str:
    return value.replace("%", "%%")


EXPORTER = Exporter(
    "offlineimap",
    "OfflineIMAP, ~/.offlineimaprc",
    "text/plain",
    "offlineimaprc",
    export,
    is_personal=True,
)
