"""Autodiscover XML: what Outlook needs, and where publishers differ."""

from __future__ import annotations

import pytest

from tests.linting.documents import changed, found, good, line_of, linted, row, taken

GOOD = "autodiscover-good.xml"
OUTLOOK = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"


def test_a_good_response_has_nothing_to_mend() -> None:
    """And every reader takes the same two servers out of it."""
    report = linted(good(GOOD))
    assert (report.format, report.findings) == ("autodiscover", ())
    assert {taken(one) for one in report.readers} == {
        ("imap imap.example.org 993 tls", "smtp smtp.example.org 465 tls")
    }


# (what stands there, what is put in its place, code, severity, line)
CHANGES = [
    (OUTLOOK, OUTLOOK.replace("http:", "https:"), "namespace", "error", 3),
    (f' xmlns="{OUTLOOK}"', "", "namespace", "error", 3),
    ("<AccountType>email</AccountType>", "", "element-missing", "error", 4),
    (">email<", ">mail<", "value-unknown", "error", 5),
    (">settings<", ">Settings<", "value-unknown", "error", 6),
    (">settings<", ">redirectUrl<", "redirect-target-missing", "error", 6),
    ("<Action>settings</Action>", ("<Action>redirectUrl</Action><RedirectUrl>http://a.example/"
     "</RedirectUrl>"), "redirect-insecure", "error", 6),
    ("<Type>IMAP</Type>", "", "type-missing", "error", 7),
    (">IMAP<", ">imap<", "type-case", "warning", 7),
    (">IMAP<", ">IMAP4<", "type-unknown", "warning", 7),
    ("<Server>imap.example.org</Server>", "", "hostname-missing", "error", 7),
    ("imap.example.org", "imap", "hostname-invalid", "error", 9),
    (">993<", ">x<", "port-invalid", "error", 10),
    ("<Port>993</Port>", "", "port-missing", "warning", 7),
    (">993<", ">587<", "published-port-of-another", "error", 7),
    ("<SPA>off</SPA>", "", "spa-missing", "warning", 7),
    ("<SSL>on</SSL>", "<SSL>yes</SSL>", "switch-value", "error", 14),
    ("<SSL>on</SSL>", "<SSL>off</SSL>", "ssl-and-encryption", "warning", 15),
    (">SSL<", ">TLS<", "published-starttls-on-tls-port", "error", 7),
    (">SSL<", ">ssl<", "encryption-value", "error", 15),
    (">SSL<", ">None<", "published-in-the-clear", "error", 7),
    ("<LoginName>alice@example.org</LoginName>", "", "login-missing", "note", 7),
    ("alice@example.org", "%EMAILADDRESS%", "placeholder-in-login", "error", 11),
    ("<DomainRequired>off<", "<DomainRequired>on<", "domain-name-missing", "warning", 7),
    ("<AuthRequired>on</AuthRequired>", "<SMTPLast>off</SMTPLast>", "for-smtp-only", "note", 16),
    ("<LoginName>", "<loginName>", "document-broken", "error", 11),
    ("<Account>", "<Accounts>", "document-broken", "error", 28),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "severity", "line"), CHANGES,
                         ids=[f"{one[2]}-{one[1][:20]}" for one in CHANGES])  # fmt: skip
def test_each_mistake_is_found_on_its_line(
    old: str, new: str, code: str, severity: str, line: int
) -> None:
    """With its severity."""
    is_found(changed(GOOD, old, new), code, severity, line)


def test_ssl_alone_is_ambiguous_on_587() -> None:
    """Nobody can know which mode is meant."""
    text = good(GOOD).replace("<Encryption>SSL</Encryption>", "").replace(">465<", ">587<")
    report = linted(text)
    assert found(report)["ssl-ambiguous"] == "warning"
    assert report.servers[1].security == "starttls"


def test_neither_ssl_nor_encryption_is_told() -> None:
    """SSL counts as on then."""
    text = good(GOOD).replace("<Encryption>SSL</Encryption>", "").replace("<SSL>on</SSL>", "")
    assert found(linted(text)) == {"ssl-missing": "warning"}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (f'<Autodiscover><Response xmlns="{OUTLOOK}"/></Autodiscover>', "account-missing"),
        ("<Autodiscover/>", "response-missing"),
        (f'<Autodiscover><Response xmlns="{OUTLOOK}"><Account/></Response></Autodiscover>',
         "protocol-missing"),
        ("<Autodiscover><Request/></Autodiscover>", "a-request"),
        (("<Autodiscover><Response><Error><ErrorCode>600</ErrorCode></Error></Response>"
         "</Autodiscover>"), "an-error"),
        (("<Autodiscover><Response xmlns='http://schemas.microsoft.com/exchange/autodiscover/"
         "mobilesync/responseschema/2006'/></Autodiscover>"), "for-activesync"),
        ("<Autodiscover><response/></Autodiscover>", "element-misspelled"),
    ],
)  # fmt: skip
def test_other_responses_are_told_apart(document: str, code: str) -> None:
    """A request, an error, a response for something else."""
    assert code in found(linted(document))


def test_fairemail_goes_by_the_port() -> None:
    """It does not look at SSL nor Encryption."""
    report = changed(GOOD, ">465<", ">587<")
    assert taken(row(report, "fairemail"))[1] == "smtp smtp.example.org 587 starttls"
