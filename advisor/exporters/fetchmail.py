"""~/.fetchmailrc for fetchmail 6.4 and newer, which fetches mail and passes it on.

``sslcertck`` and a value of ``sslproto`` each make STARTTLS compulsory.

See: fetchmail(1), "The run control file", "Secure Socket Layers".
"""

from __future__ import annotations

from advisor.exporters import _account as account
from advisor.exporters import _text as text
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security
from advisor.model.report import Report

_ANY = (Security.TLS, Security.STARTTLS, Security.NONE)
_AUTH = {
    AuthMethod.PASSWORD: "password",
    AuthMethod.CHALLENGE: "cram-md5",
    AuthMethod.NTLM: "ntlm",
    AuthMethod.GSSAPI: "gssapi",
}
_PROGRAM = account.Program("fetchmail", {Protocol.IMAP: _ANY, Protocol.POP3: _ANY}, tuple(_AUTH))


def export(report: Report, wish: Wish) -> Export:
    """One mailbox to poll; fetchmail asks for the password, or reads ~/.netrc.

    Raises:
        ExportError: no server that fetchmail can be told, or nobody is named.
    """
    address = account.address(report, wish, _PROGRAM)
    server, lost = account.incoming(report, wish, _PROGRAM)
    lines = [
        *text.head(
            "fetchmail",
            address,
            [server],
            "Put it into ~/.fetchmailrc (fetchmail refuses it where others may read it).",
            "fetchmail asks for the password. 'keep' leaves the mail at the server; a line with",
            "'mda COMMAND' at the end says who takes it here, otherwise the mail server here does.",
        ),
        f"poll {_quoted(server.host)}",
        f"    protocol {server.protocol.upper()}",
        f"    service {server.port}",
        f"    auth {_AUTH[server.method]}",
        f"    username {_quoted(server.username)}",
        *(f"    {option}" for option in _encryption(server)),
        *([f"    sslcertfile {_quoted(account.ca_file(wish))}"] if account.ca_file(wish) else []),
        "    keep",
    ]
    return Export(text.document(lines), (*lost, text.NOT_SENT))


def _encryption(server: account.Server) -> list[str]:
    if server.security is Security.NONE:
        return ['sslproto ""', "no sslcertck"]
    return [
        *(["ssl"] if server.security is Security.TLS else []),
        'sslproto "TLS1.2+"',
        "sslcertck",
    ]


def _quoted(value: str) -> str:
    """Inside double quotes, ``\\xhh`` is a byte."""
    return '"' + "".join(_byte(one) for one in value.encode("utf-8")) + '"'


def _byte(one: int) -> str:
    return chr(one) if 0x20 <= one < 0x7F and chr(one) not in '"\\' else f"\\x{one:02x}"


EXPORTER = Exporter(
    "fetchmail",
    "fetchmail, ~/.fetchmailrc",
    "text/plain",
    "fetchmailrc",
    export,
    is_personal=True,
)
