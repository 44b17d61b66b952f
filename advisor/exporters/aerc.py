"""~/.config/aerc/accounts.conf for aerc.

Every part of a URL is percent-encoded, so nothing in it means anything to the file's own syntax;
the sender stands in backquotes, inside of which nothing does. Before 0.15 ``smtp://`` was in the
clear unless ``smtp-starttls`` said otherwise; newer versions do not look at it.

See: aerc-accounts(5), aerc-imap(5), aerc-smtp(5).
"""

from __future__ import annotations

import base64

from advisor.exporters import _account as account
from advisor.exporters import _text as text
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security
from advisor.model.report import Report

_SCHEMES = {Security.TLS: "{}s", Security.STARTTLS: "{}", Security.NONE: "{}+insecure"}
_ANY = tuple(_SCHEMES)
_RECEIVING = account.Program(
    "aerc", {Protocol.IMAP: _ANY}, (AuthMethod.PASSWORD, AuthMethod.OAUTH2)
)
_SENDING = account.Program(
    "aerc", {Protocol.SMTP: _ANY}, (AuthMethod.PASSWORD, AuthMethod.OAUTH2, AuthMethod.NONE)
)
# So that an encoded word is at most 75 characters long (RFC 2047 §2).
_WORD = 15


def export(report: Report, wish: Wish) -> Export:
    """One account; aerc asks for the passwords.

    Raises:
        ExportError: no server that aerc can be told, or nobody is named.
    """
    address = account.address(report, wish, _RECEIVING)
    receive, lost = account.incoming(report, wish, _RECEIVING)
    send, lost_too = account.outgoing(report, wish, _SENDING)
    is_upgraded = send.security is Security.STARTTLS
    lines = [
        *text.head(
            "aerc",
            address,
            [receive, send],
            "Put it into ~/.config/aerc/accounts.conf. aerc asks for the passwords, unless the",
            "lines source-cred-cmd and outgoing-cred-cmd name commands that print them.",
        ),
        f"[{report.domain}]",
        f"source = {_url(receive, _way(receive, ''))}",
        f"outgoing = {_url(send, _way(send, '+plain'))}",
        *(["smtp-starttls = yes"] if is_upgraded else []),
        f"from = `{_sender(wish.name, address)}`",
        "default = INBOX",
    ]
    return Export(
        text.document(lines),
        (
            *lost,
            *lost_too,
            *([f"{text.NO_CA_FILE} (set SSL_CERT_FILE for that)"] if wish.ca_file else []),
            *text.token_remark(receive, send),
        ),
    )


def _way(server: account.Server, password: str) -> str:
    if server.method is AuthMethod.OAUTH2:
        return f"+{text.bearer(server)}"
    return "+none" if server.method is AuthMethod.NONE else password


def _url(server: account.Server, way: str) -> str:
    scheme = _SCHEMES[server.security].format(server.protocol)
    user = f"{text.encoded(server.username)}@" if server.username else ""
    return f"{scheme}{way}://{user}{server.authority}"


def _sender(name: str, address: str) -> str:
    account.checked(address.replace("`", "\n"), "the address")
    if not name:
        return f"<{address}>"
    account.checked(name, "the name")
    parts = (name[at : at + _WORD] for at in range(0, len(name), _WORD))
    words = (base64.b64encode(part.encode()).decode() for part in parts)
    return f"{' '.join(f'=?utf-8?b?{word}?=' for word in words)} <{address}>"


EXPORTER = Exporter(
    "aerc",
    "aerc, ~/.config/aerc/accounts.conf",
    "text/plain",
    "accounts.conf",
    export,
    is_personal=True,
)
