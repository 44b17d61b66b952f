"""What each published format can say of an account; every "no" is told, never a silent loss."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from advisor.errors import ExportError
from advisor.exporters._exporter import Exporter, Wish
from advisor.exporters.autoconfig import EXPORTER as AUTOCONFIG
from advisor.exporters.autodiscover import EXPORTER as AUTODISCOVER
from advisor.exporters.mobileconfig import EXPORTER as PROFILE
from advisor.exporters.pacc import EXPORTER as PACC
from advisor.exporters.srv import EXPORTER as ZONE
from advisor.model.address import subject
from advisor.model.auth import AuthMethod, OAuth2, UsernameForm
from advisor.model.report import Report
from tests.make import report, setting

ALICE = Wish(person=subject("alice@example.org"))
IMAP, SMTP = setting(), setting("smtp://smtp.example.org:465")


def with_both(**changes: Any) -> Report:
    """Both servers with these values."""
    return report(replace(IMAP, **changes), replace(SMTP, **changes))


def ways(*methods: AuthMethod, mechanism: str = "", **more: Any) -> Report:
    """Both servers with these ways to sign in and no other."""
    return with_both(auth=methods, mechanisms=(mechanism,) if mechanism else (), **more)


OAUTH2 = OAuth2("https://login.example.org", "https://login.example.org/a", "https://l.example/t")
DAV = setting("caldav://dav.example.org:443", url="https://dav.example.org/.well-known/caldav")
JMAP = setting("jmap://jmap.example.org:443", url="https://jmap.example.org/.well-known/jmap")
ROWS: dict[str, Report] = {
    "implicit TLS": report(IMAP, SMTP),
    "implicit TLS elsewhere": report(setting("imap://imap.example.org:1993", "tls"), SMTP),
    "STARTTLS": report(
        setting("imap://imap.example.org:143", "starttls"),
        setting("smtp://smtp.example.org:587", "starttls"),
    ),
    "local part": with_both(username="alice", username_form=UsernameForm.LOCALPART),
    "other user name": with_both(username="shared", username_form=UsernameForm.OTHER),
    "OAuth2": ways(AuthMethod.OAUTH2, oauth2=OAUTH2),
    "CRAM-MD5": ways(AuthMethod.CHALLENGE, mechanism="CRAM-MD5"),
    "SCRAM": ways(AuthMethod.SCRAM, mechanism="SCRAM-SHA-256"),
    "NTLM": ways(AuthMethod.NTLM),
    "ManageSieve": report(IMAP, SMTP, setting("managesieve://imap.example.org:4190", "starttls")),
    "CalDAV": report(IMAP, SMTP, DAV),
    "JMAP": report(IMAP, SMTP, JMAP),
}
# What stands in the document, or (NO) that it is refused, or a part of the phrase that tells.
NO = "refused"
MATRIX: dict[str, tuple[Exporter, dict[str, str]]] = {
    "autoconfig": (AUTOCONFIG, {
        "implicit TLS": "<socketType>SSL<", "implicit TLS elsewhere": "<port>1993<",
        "STARTTLS": "<socketType>STARTTLS<", "local part": "<username>alice<",
        "other user name": "<username>shared<", "OAuth2": "<oAuth2>",
        "CRAM-MD5": 'system="sasl">CRAM-MD5<', "SCRAM": 'system="sasl">SCRAM-SHA-256<',
        "NTLM": ">NTLM<", "ManageSieve": '<setupServer type="managesieve">',
        "CalDAV": '<calendar type="caldav">', "JMAP": '<incomingServer type="jmap">',
    }),
    "pacc": (PACC, {
        "implicit TLS": '"imap":{"host":"imap.example.org"}', "implicit TLS elsewhere": NO,
        "STARTTLS": NO, "local part": NO, "other user name": NO,
        "OAuth2": '"issuer":"https://login.example.org"', "CRAM-MD5": NO, "SCRAM": NO, "NTLM": NO,
        "ManageSieve": "lost: managesieve://", "CalDAV": '"caldav":{"url"',
        "JMAP": '"jmap":{"url"',
    }),
    "autodiscover": (AUTODISCOVER, {
        "implicit TLS": "<Encryption>SSL<", "implicit TLS elsewhere": "<Port>1993<",
        "STARTTLS": "<Encryption>TLS<", "local part": "<LoginName>alice<",
        "other user name": "<LoginName>shared<", "OAuth2": NO, "CRAM-MD5": NO, "SCRAM": NO,
        "NTLM": "<SPA>on<", "ManageSieve": "lost: managesieve://", "CalDAV": "lost: caldav://",
        "JMAP": "lost: jmap://",
    }),
    "mobileconfig": (PROFILE, {
        "implicit TLS": "IncomingMailServerUseSSL", "implicit TLS elsewhere": "<integer>1993<",
        "STARTTLS": "lost: that TLS begins with STARTTLS", "local part": "<string>alice<",
        "other user name": "<string>shared<", "OAuth2": NO, "CRAM-MD5": "EmailAuthCRAMMD5",
        "SCRAM": NO, "NTLM": "EmailAuthNTLM", "ManageSieve": "lost: managesieve://",
        "CalDAV": "com.apple.caldav.account", "JMAP": "lost: jmap://",
    }),
    "srv": (ZONE, {
        "implicit TLS": "_imaps._tcp", "implicit TLS elsewhere": " 1993 ",
        "STARTTLS": "lost: that STARTTLS must not be skipped", "local part": "_imaps._tcp",
        "other user name": "lost: a user name that is neither", "OAuth2": "lost: how to sign in",
        "CRAM-MD5": "lost: how to sign in", "SCRAM": "lost: how to sign in",
        "NTLM": "lost: how to sign in", "ManageSieve": "_sieve._tcp", "CalDAV": "_caldavs._tcp",
        "JMAP": "_jmap._tcp",
    }),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("column", MATRIX)
def test_a_format_says_it_or_says_that_it_cannot(column: str, row: str) -> None:
    """Nothing that is asked for is left out in silence."""
    exporter, expected = MATRIX[column]
    if expected[row] == NO:
        with pytest.raises(ExportError, match=r"^[^\n]{20,400}$"):
            exporter.render(ROWS[row], ALICE)
        return
    made = exporter.render(ROWS[row], ALICE)
    if expected[row].startswith("lost: "):
        told = expected[row].removeprefix("lost: ")
        assert any(told in phrase for phrase in made.lost), made.lost
    else:
        assert expected[row] in made.document.decode()
        assert set(made.lost) <= {"that STARTTLS must not be skipped"}
