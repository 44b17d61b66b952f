"""PACC JSON: members, hosts, addresses, and places in JSON."""

from __future__ import annotations

import base64
import hashlib

import pytest

from tests.linting.documents import changed, found, good, line_of, linted

GOOD = "pacc-good.json"


def test_a_good_document_has_nothing_to_mend() -> None:
    """And the record that has to go with it is told."""
    report = linted(good(GOOD))
    assert (report.format, report.findings) == ("pacc", ())
    digest = base64.b64encode(hashlib.sha256(good(GOOD).encode()).digest()).decode()
    assert report.remarks == (
        f"The TXT record for exactly these bytes: v=UAAC1; a=sha256; d={digest}",
    )


# (what stands there, what is put in its place, code, severity, line)
CHANGES = [
    ('"protocols"', '"protocol"', "protocols-missing", "error", 1),
    ('"protocols"', '"servers"', "pacc-of-2025", "error", 1),
    ('"submit"', '"smtp"', "smtp-for-submit", "warning", 6),
    ('"submit"', '"submission"', "protocol-unknown", "note", 6),
    ('"submit"', '"managesieve"', "managesieve", "note", 6),
    ('{"host": "smtp.example.org"}', '"smtp.example.org"', "protocol-no-object", "error", 6),
    ("imap.example.org", "imap", "hostname-invalid", "error", 5),
    ('"imap.example.org"', '"imap.example.org", "port": 993', "member-ignored", "warning", 5),
    ("https://dav", "http://dav", "url-invalid", "error", 7),
    ("dav.example.org", "dav.example.org:8443", "url-with-port", "warning", 7),
    ("dav.example.org/dav/", "dav.example.org", "url-without-path", "warning", 7),
    ('"password": true', '"password": "yes"', "password-flag", "error", 2),
    ("https://id.example.org", "https://id.example.org/?a", "issuer-invalid", "error", 2),
    ('"authentication"', '"auth"', "authentication-missing", "warning", 1),
    ('"authentication"', '"auth"', "member-unknown", "note", 2),
    ('"name": "Example Mail", ', "", "name-missing", "warning", 3),
    ("Example Mail", "x" * 61, "name-too-long", "warning", 3),
    ('"imap":', '"submit": {"host": "a.example"}, "imap":', "member-twice", "error", 4),
    ("true,", "true", "document-broken", "error", 2),
    ("true", "True", "document-broken", "error", 2),
    ("true", "NaN", "document-broken", "error", 2),
    ('"imap.example.org"', '"imap.example.org', "document-broken", "error", 5),
    ('"imap.example.org"', "'imap.example.org'", "document-broken", "error", 5),
    ("\n}", "\n}}", "document-broken", "error", 9),
    ("{\n", "\ufeff{\n", "byte-order-mark", "warning", 1),
]


@pytest.mark.parametrize(("old", "new", "code", "severity", "line"), CHANGES,
                         ids=[f"{one[2]}-{one[1][:20]}" for one in CHANGES])  # fmt: skip
def test_each_mistake_is_found_on_its_line(
    old: str, new: str, code: str, severity: str, line: int
) -> None:
    """With its severity."""
    report = changed(GOOD, old, new)
    assert found(report).get(code) == severity, found(report)
    assert line_of(report, code) == line


def test_no_way_to_sign_in_is_an_error() -> None:
    """Neither a password nor OAuth2."""
    report = linted('{"authentication": {"password": false}, "protocols": {}}')
    assert found(report)["no-way-in"] == "error"
