"""What `lint` says that Thunderbird makes of a document is what Thunderbird makes of it."""

from __future__ import annotations

import pytest

from advisor import recommend_sync
from advisor.exporters._exporter import Wish
from advisor.exporters.autodiscover import EXPORTER
from advisor.model.endpoint import Protocol
from advisor.model.published import ReaderRow, ReadServer
from advisor.model.text import printable
from tests.lab.lab import Lab
from tests.linting.documents import good, linted, row
from tests.linting.test_autoconfig import CHANGES, GOOD, IMAP
from tests.linting.test_autodiscover import CHANGES as AUTODISCOVER_CHANGES
from tests.linting.test_autodiscover import GOOD as AUTODISCOVER

from .program import Thunderbird
from .reading import Config, Way, discovered, read

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
MORE_AUTODISCOVER = [
    ("", ""),
    ("<SSL>on</SSL>", "<SSL>true</SSL>"),
    ("<SSL>on</SSL>", "<SSL>OFF</SSL>"),
    ("<Port>993</Port>", "<Port>1993</Port>"),
    (">993</Port>", ">143</Port>"),
    ("<Type>SMTP</Type>", "<Type>smtp</Type>"),
    ("imap.example.org", "192.0.2.1"),
]
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
    both: list[Way | None] = []
    for servers in (found.incoming, found.outgoing):
        if servers:
            protocol, host, port, security, user = servers[0].way
            both.append((protocol, host, port or USUAL[protocol], security, printable(user, 300)))
        else:
            both.append(None)
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


@pytest.mark.parametrize(("old", "new"), sorted(APART))
def test_what_is_said_otherwise_is_otherwise(thunderbird: Thunderbird, old: str, new: str) -> None:
    """The exceptions are still exceptions."""
    document = good(GOOD).replace(old, new, 1)
    told = row(linted(document), "thunderbird")
    assert told.outcome == "refuses"
    assert not isinstance(read(thunderbird.control, document), str)


def test_lint_knows_what_it_takes_from_autodiscover(lab: Lab, thunderbird: Thunderbird) -> None:
    """As it fetches it, from a domain that publishes nothing else."""
    domain, wrong = "autodiscover.test", {}
    changes = [(old, new) for old, new, *_ in AUTODISCOVER_CHANGES] + MORE_AUTODISCOVER
    for old, new in changes:
        assert old in good(AUTODISCOVER)
        document = good(AUTODISCOVER).replace(old, new, 1)
        with lab.publishing(domain, document.encode(), "autodiscover"):
            found = theirs(discovered(thunderbird.control, domain))
        told = ours(row(linted(document), "thunderbird"))
        # It does not ask what the answer says that it is: lint believes in a redirection.
        if told != found and "redirectUrl" not in new:
            wrong[old, new] = (told, found)
    assert not wrong


def test_an_exported_answer_is_read_as_it_was_meant(lab: Lab, thunderbird: Thunderbird) -> None:
    """It lands on the recommended servers, with the address as user name."""
    domain = "autodiscover.test"
    found = recommend_sync(domain, lab.options)
    with lab.publishing(domain, EXPORTER.render(found, Wish()).document, "autodiscover"):
        read_by_it = discovered(thunderbird.control, domain)
    assert not isinstance(read_by_it, str)
    for servers, settings in (
        (read_by_it.incoming, found.incoming),
        (read_by_it.outgoing, found.outgoing),
    ):
        first, best = servers[0].way, settings[0]
        assert first[:4] == (best.protocol, best.host, best.port, best.security)
        assert first[4] == "%EMAILADDRESS%"
