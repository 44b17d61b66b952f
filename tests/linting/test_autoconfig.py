"""Autoconfig XML: a good document, and one change to it per test."""

from __future__ import annotations

import pytest

from tests.linting.documents import DATA, changed, found, good, line_of, linted

GOOD = "autoconfig-good.xml"
IMAP = """    <incomingServer type="imap">
      <hostname>imap.example.org</hostname>
      <port>993</port>
      <socketType>SSL</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </incomingServer>
"""


def test_a_good_document_has_nothing_to_mend() -> None:
    """No finding at all, and both servers are listed."""
    report = linted(good(GOOD))
    assert (report.format, report.findings) == ("autoconfig", ())
    assert [(one.host, one.port) for one in report.servers] == [
        ("imap.example.org", 993),
        ("smtp.example.org", 465),
    ]


# (what stands there, what is put in its place, code, severity, line)
CHANGES = [
    ('<clientConfig version="1.1">', "<clientConfig>", "version-missing", "warning", 2),
    (' id="example.org"', "", "id-missing", "error", 3),
    ('id="example.org"', 'id="Example"', "id-no-domain", "warning", 3),
    ('id="example.org"', 'id="example.org.xml"', "file-name-as-id", "warning", 3),
    ('id="example.org"', 'id="example.net"', "document-id-no-domain", "warning", 3),
    ("<domain>example.org</domain>", "", "domain-missing", "error", 3),
    ("<domain>example.org</domain>", "<domain>a b</domain>", "domain-invalid", "warning", 4),
    ("<domain>", '<domain purpose="mx">', "domain-only-for-mx", "warning", 4),
    ("<domain>", '<domain purpose="web">', "purpose-unknown", "note", 4),
    ("</domain>", "</domain><domain>EXAMPLE.org</domain>", "domain-twice", "warning", 4),
    ("<domain>example.org<", "<domain>example.org.xml<", "file-name-as-domain", "warning", 4),
    ("Example Mail", "x" * 61, "name-too-long", "warning", 5),
    ("Example Mail", "%EMAILDOMAIN%", "placeholder-in-name", "warning", 5),
    ("<displayName>Example Mail</displayName>", "", "name-missing", "note", 3),
    ('type="imap"', "", "type-missing", "error", 7),
    ('type="imap"', 'type="IMAP"', "type-case", "warning", 7),
    ('type="imap"', 'type="imap5"', "type-unknown", "warning", 7),
    ("imap.example.org", "", "hostname-missing", "error", 8),
    ("imap.example.org", "imap_", "hostname-invalid", "error", 8),
    ("imap.example.org", "192.0.2.1", "hostname-invalid", "error", 8),
    ("imap.example.org", " imap.example.org ", "blanks-around-value", "warning", 8),
    ("imap.example.org", "mail.%EMAILDOMAIN%", "published-host-placeholder", "warning", 7),
    ("imap.example.org", "bücher.example", "published-host-unicode", "warning", 7),
    ("993", "ssl", "port-invalid", "error", 9),
    ("<port>993</port>", "", "port-missing", "error", 7),
    ("993", "995", "published-port-of-another", "error", 7),
    ("993", "143", "published-tls-on-starttls-port", "error", 7),
    ("993", "1993", "published-unusual-port", "warning", 7),
    (">SSL<", ">STARTTLS<", "published-starttls-on-tls-port", "error", 7),
    (">SSL<", ">plain<", "published-in-the-clear", "error", 7),
    (">SSL<", ">ssl<", "socket-type-case", "warning", 10),
    (">SSL<", ">TLS<", "socket-type-unknown", "error", 10),
    ("<socketType>SSL</socketType>", "", "socket-type-missing", "error", 7),
    ("</socketType>", "</socketType><socketType>STARTTLS</socketType>", "socket-type-twice",
     "note", 10),
    ("<authentication>password-cleartext</authentication>", "", "authentication-missing", "error",
     7),
    ("password-cleartext", "telepathy", "authentication-unusable", "error", 11),
    ("password-cleartext", "plain", "old-spelling", "warning", 11),
    ("password-cleartext", "Password-Cleartext", "authentication-case", "warning", 11),
    ("password-cleartext", "Basic", "authentication-of-http", "warning", 11),
    ("password-cleartext", "password-encrypted", "published-encrypted-password", "warning", 7),
    ("password-cleartext", "OAuth2", "published-oauth2-only", "warning", 7),
    ("<authentication>", '<authentication system="sasl">', "mechanism-unknown", "warning", 11),
    ("<authentication>password-cleartext", '<authentication system="sasl">SCRAM-SHA-256',
     "sasl-without-fallback", "warning", 11),
    ("%EMAILADDRESS%", "%EMAILADDRESS", "placeholder-broken", "error", 12),
    ("%EMAILADDRESS%", "EMAILADDRESS", "placeholder-broken", "error", 12),
    ("%EMAILADDRESS%", "%EmailAddress%", "placeholder-broken", "error", 12),
    ("%EMAILADDRESS%", "%REALNAME%", "placeholder-unknown", "warning", 12),
    ("%EMAILADDRESS%", "a\u202eb", "username-invisible", "error", 12),
    ("%EMAILADDRESS%", r"CORP\%EMAILLOCALPART%", "published-composite-username", "warning", 7),
    ("<username>%EMAILADDRESS%</username>", "", "published-incoming-without-username", "error", 7),
    ("</username>", "</username><password>x</password>", "password-inside", "error", 12),
    ("<hostname>", "<hostName>", "not-checked", "", 0),
    (IMAP, IMAP + IMAP, "server-twice", "warning", 14),
    (IMAP, "", "document-no-incoming", "error", 3),
    ("https://www.example.org/help", "http://www.example.org/help", "documentation-over-http",
     "note", 21),
    ("https://www.example.org/help", "", "documentation-without-page", "warning", 21),
    ("https://www.example.org/help", "https://%EMAILDOMAIN%/", "placeholder-in-url", "warning", 21),
    ("</emailProvider>", "</emailProvider><emailProvider/>", "provider-twice", "warning", 24),
    ("</emailProvider>", "</emailProvider>" + IMAP, "server-misplaced", "error", 24),
    ("</emailProvider>", '</emailProvider><documentation url="https://example.org/"/>',
     "element-misplaced", "warning", 24),
    ("</emailProvider>", "<mailServer/></emailProvider>", "element-unknown", "note", 24),
    ("</emailProvider>", "<IncomingServer/></emailProvider>", "element-misspelled", "error", 24),
    ("</clientConfig>", ('<addressBook type="carddav"><url>https://example.org/d</url>'
     "<authentication>OAuth2</authentication></addressBook></clientConfig>"), "old-spelling",
     "warning", 25),
    ("</clientConfig>", ('<calendar type="caldav"><url>http://example.org/d</url></calendar>'
     "</clientConfig>"), "url-without-encryption", "error", 25),
    ("</clientConfig>", '<calendar type="caldav"/></clientConfig>', "url-missing", "error", 25),
    ("</clientConfig>", "<oAuth2><clientSecret>x</clientSecret></oAuth2></clientConfig>",
     "client-secret", "warning", 25),
    ("UTF-8", "iso-8859-1", "not-utf-8", "warning", 1),
    ("<?xml", "\ufeff<?xml", "byte-order-mark", "warning", 1),
    ("</displayName>", "</displayNam>", "document-broken", "error", 5),
    ("<clientConfig", "<!DOCTYPE x [<!ENTITY a 'b'>]><clientConfig", "document-broken", "error", 2),
]  # fmt: skip
CHANGES = [one for one in CHANGES if one[2] != "not-checked"]


@pytest.mark.parametrize(("old", "new", "code", "severity", "line"), CHANGES,
                         ids=[f"{one[2]}-{one[1][:20]}" for one in CHANGES])  # fmt: skip
def test_each_mistake_is_found_on_its_line(
    old: str, new: str, code: str, severity: str, line: int
) -> None:
    """With its severity; and every finding says why, and where that is written."""
    report = changed(GOOD, old, new)
    assert found(report).get(code) == severity, found(report)
    assert line_of(report, code) == line
    assert all(one.message and "{" not in one.message for one in report.findings)


def test_the_known_oddities_are_found() -> None:
    """Each of the mistakes that the public database is known for, in one document."""
    report = linted((DATA / "autoconfig-odd.xml").read_bytes())
    assert {(one.code, one.line) for one in report.findings} >= {
        ("document-id-no-domain", 2),
        ("domain-twice", 4),
        ("published-port-of-another", 6),
        ("placeholder-broken", 11),
        ("published-port-of-another", 13),
        ("published-composite-username", 13),
        ("published-tls-on-starttls-port", 20),
        ("published-host-placeholder", 20),
        ("published-unusual-port", 27),
        ("published-in-the-clear", 27),
        ("published-outgoing-without-username", 27),
        ("element-misplaced", 34),
    }


def test_what_to_write_instead_is_said() -> None:
    """In the words of the document."""
    report = changed(GOOD, "993", "143")
    told = next(one for one in report.findings if one.severity == "error")
    assert told.instead.startswith("<socketType>STARTTLS</socketType>; or port 993")
    assert [str(one) for one in told.references] == ["RFC 8314 §3", "RFC 3207 §4"]


def test_one_bad_section_spoils_nothing_else() -> None:
    """Draft §3.9: the other server is still there."""
    report = changed(GOOD, "993", "x")
    assert [one.port for one in report.servers] == [None, 465]


def test_text_of_strangers_is_escaped() -> None:
    """Nothing moves the cursor or hides."""
    report = changed(GOOD, "imap.example.org", "\u202e\u009b31m")
    assert all(one.message.isprintable() for one in report.findings)
