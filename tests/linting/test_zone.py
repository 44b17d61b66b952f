"""Zone lines: service records, MX and TXT."""

from __future__ import annotations

import pytest

from tests.linting.documents import DATA, changed, found, good, line_of, linted

GOOD = "zone-good.txt"


def test_a_good_zone_has_nothing_to_mend() -> None:
    """What is not offered is no server; what nobody can tell is said."""
    report = linted(good(GOOD))
    assert (report.format, report.findings) == ("zone", ())
    assert [(one.protocol, one.port) for one in report.servers] == [
        ("imap", 993), ("smtp", 465), ("caldav", 443), ("smtp", 587),
    ]  # fmt: skip
    assert "alias" in report.remarks[0]


# (what stands there, what is put in its place, code, severity, line)
CHANGES = [
    ("_submissions._tcp", "_smtps._tcp", "srv-label", "error", 6),
    ("_imaps._tcp ", "_imap4s._tcp", "srv-label", "error", 3),
    ("_imaps._tcp ", "_imapss._tcp", "srv-label", "error", 3),
    ("_imaps._tcp ", "imaps._tcp ", "srv-underscore", "error", 3),
    ("_imaps._tcp ", "_imaps._udp ", "srv-transport", "error", 3),
    ("_caldavs", "_caldav", "dav-in-the-clear", "warning", 8),
    ("993 imap.example.org.", "993 imap.example.org", "final-dot", "error", 3),
    ("993 imap.example.org.", "993 192.0.2.1", "target-address", "error", 3),
    ("993 imap.example.org.", "993 2001:db8::1", "target-address", "error", 3),
    ("993 imap.example.org.", "993 imap..example.", "target-name", "error", 3),
    ("0 1 993", "0 993", "srv-data", "error", 3),
    ("0 1 993", "0 1 99999", "srv-data", "error", 3),
    ("0 1 993", "0 1 0", "srv-port", "error", 3),
    ("0 1 993", "20 1 995", "published-port-of-another", "error", 3),
    ("SRV 10 1 587", "SRV 10 1 465", "published-starttls-on-tls-port", "error", 7),
    ("SRV 10 1 587", "SRV 10 1 25", "published-port-25", "warning", 7),
    ("SRV 0 1 465", "SRV 20 1 465", "srv-starttls-preferred", "warning", 7),
    ("_imap._tcp ", "_imaps._tcp", "srv-denied-and-offered", "error", 4),
    ("IN A   192.0.2.1", "IN CNAME mail.example.org.", "target-alias", "error", 3),
    ("imap               IN A", "imap IN CNAME a.\nimap IN A", "beside-alias", "error", 12),
    ("10 mx.example.org.", "mx.example.org.", "mx-data", "error", 10),
    ("@                  IN", "@ IN MX 0 .\n@ IN", "null-mx-not-alone", "error", 10),
    ('"path=/dav/"', '"path=dav"', "dav-path", "error", 9),
    ('"path=/dav/"', f'"{"x" * 256}"', "txt-too-long", "error", 9),
    ("imap               IN A", "this is no record\nimap IN A", "zone-syntax", "error", 11),
    ("$TTL", "$TLL", "directive-unknown", "error", 2),
    ("$TTL 3600", "$INCLUDE /etc/passwd", "not-followed", "note", 2),
    ("0 1 993", "( 0 1 993", "parenthesis-open", "error", 3),
    ("@ ", '@ IN TXT "mailconf=http://example.org/"\n@ ', "mailconf-address", "error", 10),
    ("@ ", '_ua-auto-config TXT "v=UAAC1; a=sha256; d=AAAA"\n@ ', "pacc-digest", "error", 10),
    ("@ ", '_ua-auto-config TXT "v=UAAC1; a=sha256"\n@ ', "pacc-tag-count", "error", 10),
    ("@ ", '_ua-auto-config TXT "v=UAAC2; a=sha256; d=x"\n@ ', "pacc-tag-value", "error", 10),
    ("@ ", '_ua-auto-config TXT "hello"\n@ ', "pacc-txt", "error", 10),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "severity", "line"), CHANGES,
                         ids=[f"{one[2]}-{one[1][:20]}" for one in CHANGES])  # fmt: skip
def test_each_mistake_is_found_on_its_line(
    old: str, new: str, code: str, severity: str, line: int
) -> None:
    """With its severity."""
    is_found(changed(GOOD, old, new), code, severity, line)


@pytest.mark.parametrize(
    "line",
    [
        "_imaps._tcp.example.org. 3600 IN SRV 0 1 993 imap.example.org.",
        "_imaps._tcp.example.org. IN 1h SRV 0 1 993 imap.example.org. ; said so",
        "_IMAPS._TCP.Example.ORG. srv 0 1 993 IMAP.example.org.",
        "_imaps._tcp.example.org. SRV ( 0 1 ; two\n 993\n imap.example.org. )",
        "$ORIGIN example.org.\n_imaps._tcp SRV 0 1 993 imap",
        "$ORIGIN org.\r\n$ORIGIN example\r\n_imaps._tcp SRV 0 1 993 imap\r\n",
    ],
)
def test_a_record_is_read_however_it_is_written(line: str) -> None:
    """RFC 1035 §5.1: parentheses, comments, origins, case, line ends."""
    report = linted(line)
    assert [(one.host, one.port) for one in report.servers] == [("imap.example.org", 993)]
    assert report.findings == ()


def test_a_bad_line_does_not_hide_the_next() -> None:
    """Everything is told at once."""
    report = linted((DATA / "zone-odd.txt").read_bytes())
    assert {one.line for one in report.findings if one.severity == "error"} == {
        2, 3, 4, 5, 6, 8, 10, 12, 13, 14, 15,
    }  # fmt: skip


def test_the_label_to_use_is_said() -> None:
    """For a port below the label of the other mode."""
    report = changed(GOOD, "SRV 10 1 587", "SRV 10 1 465")
    told = next(one for one in report.findings if one.severity == "error")
    assert told.instead == "_submissions._tcp; or port 587, if the server has it"


def test_each_domain_is_looked_at_alone() -> None:
    """What one denies another may offer; priorities are compared within a domain."""
    report = linted(
        "_imap._tcp.a.example. SRV 0 0 0 .\n_imap._tcp.b.example. SRV 0 1 143 imap.b.example.\n"
        "_imaps._tcp.a.example. SRV 10 1 993 imap.a.example.\n"
    )
    assert report.findings == ()
