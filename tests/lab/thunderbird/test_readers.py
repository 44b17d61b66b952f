"""What `lint` says that Thunderbird makes of a document is what Thunderbird makes of it."""

from __future__ import annotations

import pytest

from advisor.model.endpoint import Protocol
from advisor.model.published import ReaderRow, ReadServer
from advisor.model.text import printable
from tests.linting.documents import good, linted, row
from tests.linting.test_autoconfig import CHANGES, GOOD, IMAP

from .program import Thunderbird
from .reading import Config, Way, read

HOST, AUTH = "imap.example.org", "password-cleartext"
USER = "      <username>%EMAILADDRESS%</username>\n"
NO_PASSWORD = AUTH + "</authentication>\n" + USER
OAUTH2 = f"OAuth2</authentication><authentication>{AUTH}"
SASL = f'<authentication system="sasl">SCRAM-SHA-256</authentication><authentication>{AUTH}'
OUT = IMAP.replace("incoming", "outgoing").replace("imap", "smtp").replace("993", "465")
PORT587 = OUT.replace("465", "587").replace("SSL", "STARTTLS")
# What the mistakes that lint's own tests are made of leave open: (old, new) in the good document.
MORE = [
    ("", ""),
    ("      <hostname>imap.example.org</hostname>\n", ""),
    ("      <port>465</port>\n", ""),
    (f"{HOST}</hostname>", "2001:db8::1</hostname>"),
    ('<domain>', '<domain>example.com</domain><domain purpose="mx">'),
    (IMAP, IMAP.replace(">SSL<", ">TLS<") + IMAP.replace("imap", "pop3").replace("993", "995")),
    (IMAP, IMAP.replace(HOST, "imap_") + IMAP.replace(HOST, "mail.example.org")),
    (OUT, OUT + PORT587),
    (OUT, OUT.replace("465", "0") + PORT587),
    (AUTH, OAUTH2),
    (f"<authentication>{AUTH}", SASL),
    (AUTH, "none"),
    (OUT, OUT.replace(NO_PASSWORD, "none</authentication>\n")),
    (OUT, OUT.replace(NO_PASSWORD, "client-IP-address</authentication>\n")),
    (OUT, OUT.replace(USER, "")),
    (IMAP, IMAP.replace(HOST, "imap.gmail.com").replace(AUTH, "OAuth2")),
    (IMAP, IMAP.replace(HOST, "imap.fastmail.com").replace(AUTH, "OAuth2")),
    (IMAP, IMAP.replace(HOST, "imap.gmail.com.example.org").replace(AUTH, "OAuth2")),
    (USER, USER.replace("%EMAILADDRESS%", "%EMAILLOCALPART%@%EMAILDOMAIN%")),
]  # fmt: skip
# An empty element is “true” to it; and lint refuses a DOCTYPE before it asks what programs do.
APART = {("imap.example.org", ""), ("<clientConfig", "<!DOCTYPE x [<!ENTITY a 'b'>]><clientConfig")}
USUAL = {"imap": 993, "pop3": 995}


def ours(told: ReaderRow) -> tuple[Way | None, Way | None]:
    """What lint says that it takes; nothing where it refuses the document."""
    return _way(told.incoming), _way(told.outgoing)


def _way(one: ReadServer | None) -> Way | None:
    if one is None:
        return None
    username = "" if one.protocol is Protocol.SMTP and not one.username else one.username
    return (one.protocol.value, one.host, one.port, str(one.security), username)


def theirs(found: Config | str) -> tuple[Way | None, Way | None]:
    """What it takes, printed as lint would; without a port it connects to the usual one."""
    if isinstance(found, str):
        return None, None
    both = []
    for protocol, host, port, security, username in (
        found.incoming[0].way,
        found.outgoing[0].way,
    ):
        both.append((protocol, host, port or USUAL[protocol], security, printable(username, 300)))
    return both[0], both[1]


def test_lint_knows_what_it_takes(thunderbird: Thunderbird) -> None:
    """Document by document: the servers that it would use, or that it refuses all of it."""
    changes = [(old, new) for old, new, *_ in CHANGES] + MORE
    wrong = {}
    for old, new in changes:
        assert old in good(GOOD)
        document = good(GOOD).replace(old, new, 1)
        told = ours(row(linted(document), "thunderbird"))
        found = theirs(read(thunderbird.control, document))
        if told != found and (old, new) not in APART:
            wrong[old, new] = (told, found)
    assert not wrong


@pytest.mark.parametrize(("old", "new"), APART)
def test_what_is_said_otherwise_is_otherwise(thunderbird: Thunderbird, old: str, new: str) -> None:
    """The exceptions are still exceptions."""
    document = good(GOOD).replace(old, new, 1)
    told = row(linted(document), "thunderbird")
    assert told.outcome == "refuses"
    assert not isinstance(read(thunderbird.control, document), str)
