"""~/.config/getmail/getmailrc for getmail 6, which fetches mail into a Maildir.

getmail has no STARTTLS, and checks certificates only where ``ca_certs`` is given.

See: getmail's documentation, "Configuring getmail".
"""

from __future__ import annotations

import re

from advisor.errors import ExportError
from advisor.exporters import _account as account
from advisor.exporters import _text as text
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security
from advisor.model.report import Report

_TYPES = {
    (Protocol.IMAP, Security.TLS): "SimpleIMAPSSLRetriever",
    (Protocol.IMAP, Security.NONE): "SimpleIMAPRetriever",
    (Protocol.POP3, Security.TLS): "SimplePOP3SSLRetriever",
    (Protocol.POP3, Security.NONE): "SimplePOP3Retriever",
}
# In IMAP, getmail sends the user name as it is: an atom, RFC 9051 §9.
_ATOM = re.compile(r"[!#$&'+-\[^-z|}~]+")
_WAYS = (Security.TLS, Security.NONE)
_PROGRAM = account.Program(
    "getmail", {Protocol.IMAP: _WAYS, Protocol.POP3: _WAYS}, (AuthMethod.PASSWORD,)
)


def export(report: Report, wish: Wish) -> Export:
    """One mailbox to fetch from, and nothing deleted there; getmail asks for the password.

    Raises:
        ExportError: no server that getmail can be told, or nobody is named.
    """
    address = account.address(report, wish, _PROGRAM)
    server, lost = account.incoming(report, wish, _PROGRAM)
    if server.protocol is Protocol.IMAP and not _ATOM.fullmatch(server.username):
        raise ExportError(
            f"getmail cannot sign in to IMAP with a user name such as “{server.username}”: it has "
            "a space, a quotation mark, a backslash or a letter beyond ASCII"
        )
    is_safe = server.security is Security.TLS
    lines = [
        *text.head(
            "getmail",
            address,
            [server],
            "Put it into ~/.config/getmail/getmailrc. getmail asks for the password, unless a line",
            "'password_command' names a command that prints it. The Maildir must be there: make",
            f"the folders cur, new and tmp in ~/Mail/{report.domain}.",
        ),
        "[retriever]",
        f"type = {_TYPES[server.protocol, server.security]}",
        f"server = {server.host}",
        f"port = {server.port}",
        f"username = {server.username}",
        *([f"ca_certs = {account.ca_file(wish) or text.CA_FILE}"] if is_safe else []),
        "",
        "[destination]",
        "type = Maildir",
        f"path = ~/Mail/{report.domain}/",
        "",
        "[options]",
        "read_all = false",
        "delete = false",
    ]
    return Export(text.document(lines), (*lost, text.NOT_SENT))


EXPORTER = Exporter(
    "getmail",
    "getmail, ~/.config/getmail/getmailrc",
    "text/plain",
    "getmailrc",
    export,
    is_personal=True,
)
