"""Configuration profiles: keys, kinds, identifiers, secrets and signatures."""

from __future__ import annotations

import plistlib
import subprocess
from pathlib import Path
from shutil import which

import pytest
import trustme

from tests.linting.documents import changed, found, good, line_of, linted

GOOD = "profile-good.mobileconfig"
SERVERS = [("imap", 993), ("smtp", 465), ("caldav", 443)]


def test_a_good_profile_lacks_a_signature_only() -> None:
    """Which is a note."""
    report = linted(good(GOOD))
    assert (report.format, found(report)) == ("mobileconfig", {"profile-unsigned": "note"})
    assert [(one.protocol, one.port) for one in report.servers] == SERVERS


UUID = "5D1E3A4E-0C0B-5E53-9C3B-0C2D1F7F000"
HOST = "<key>IncomingMailServerHostName</key><string>imap.example.org</string>"
OUT = "<key>OutgoingMailServerPortNumber</key><integer>465</integer>"
SSL = "<key>IncomingMailServerUseSSL</key><true/>"
# (what stands there, what is put in its place, code, severity, line)
CHANGES = [
    ("<key>PayloadVersion</key><integer>1</integer>", "", "key-missing", "error", 4),
    ("<integer>1</integer>", "<integer>2</integer>", "payload-version", "error", 6),
    ("<integer>1</integer>", "<string>1</string>", "key-kind", "error", 6),
    ("<string>Configuration</string>", "<string>Profile</string>", "profile-type", "error", 5),
    (HOST, "", "key-missing", "error", 12),
    (HOST, HOST.replace("imap.example.org", "imap"), "hostname-invalid", "error", 20),
    (HOST, HOST + HOST, "key-twice", "error", 12),
    ("IncomingMailServerUsername", "IncomingMailServerUserName", "key-unknown", "warning", 23),
    ("EmailTypeIMAP", "IMAP", "account-type", "error", 17),
    ("EmailAuthPassword", "Password", "authentication-unusable", "error", 19),
    ("<integer>993</integer>", "<string>993</string>", "key-kind", "error", 21),
    ("<integer>993</integer>", "<integer>0</integer>", "port-invalid", "error", 21),
    ("<integer>993</integer>", "<integer>465</integer>", "published-port-of-another", "error", 20),
    (OUT, "", "outgoing-port-missing", "warning", 12),
    (OUT, OUT.replace("465", "25"), "published-port-25", "warning", 25),
    (SSL, "", "use-ssl-missing", "warning", 12),
    (SSL, SSL.replace("true", "false"), "published-in-the-clear", "error", 20),
    (SSL, SSL + "<key>IncomingPassword</key><string>x</string>", "password-inside", "error", 22),
    ("alice@example.org", "%EMAILADDRESS%", "placeholder-in-profile", "error", 18),
    (f"{UUID}3", f"{UUID}2", "identifier-twice", "error", 34),
    (f"{UUID}3", "three", "uuid-form", "warning", 34),
    ("com.apple.mail.managed", "com.apple.mail.manged", "payload-type", "error", 12),
    ("<key>CalDAVHostName</key>", "<key>CalDAVUseSSL</key><false/><key>CalDAVHostName</key>",
     "url-without-encryption", "error", 35),
    ("<array>", "<array><string>x</string>", "payload-no-dict", "error", 11),
    ("PayloadContent", "PayloadContents", "profile-empty", "error", 4),
    ("</dict>", "</dic>", "document-broken", "error", 29),
    ("<!DOCTYPE plist PUBLIC", "<!DOCTYPE plist [<!ENTITY a 'b'>]><!-- ", "document-broken",
     "error", 2),
    ("<integer>993</integer>", "<integer>x</integer>", "document-broken", "error", 21),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "severity", "line"), CHANGES,
                         ids=[f"{one[2]}-{one[1][:20]}" for one in CHANGES])  # fmt: skip
def test_each_mistake_is_found_on_its_line(
    old: str, new: str, code: str, severity: str, line: int
) -> None:
    """With its severity."""
    is_found(changed(GOOD, old, new), code, severity, line)


def test_one_bit_means_starttls_on_its_ports() -> None:
    """UseSSL on 143 and 587 is no mistake: the device goes by the port."""
    report = changed(GOOD, "<integer>993</integer>", "<integer>143</integer>")
    assert found(report) == {"profile-unsigned": "note"}
    assert report.servers[0].security == "starttls"


def test_a_binary_profile_is_read_without_lines() -> None:
    """Its mistakes are told all the same."""
    plain = plistlib.loads(good(GOOD).encode())
    plain["PayloadContent"][0]["OutgoingPassword"] = "x"
    report = linted(plistlib.dumps(plain, fmt=plistlib.FMT_BINARY))
    assert found(report)["password-inside"] == "error"
    assert [(one.protocol, one.port) for one in report.servers] == SERVERS


@pytest.mark.parametrize("extra", [["-nodetach"], ["-nodetach", "-stream"]])
@pytest.mark.skipif(which("openssl") is None, reason="openssl is not installed")
def test_a_signed_profile_is_read(tmp_path: Path, extra: list[str]) -> None:
    """DER of one piece, and BER in pieces without lengths."""
    signed = sign(tmp_path, "DER", *extra)
    report = linted(signed)
    assert (report.format, report.findings) == ("mobileconfig", ())
    assert [(one.protocol, one.port) for one in report.servers] == SERVERS
    assert "signed" in report.remarks[0]


@pytest.mark.skipif(which("openssl") is None, reason="openssl is not installed")
def test_a_signature_without_its_profile_is_told(tmp_path: Path) -> None:
    """And one in text form."""
    assert found(linted(sign(tmp_path, "DER"))) == {"profile-detached": "error"}
    assert found(linted(sign(tmp_path, "PEM", "-nodetach"))) == {"profile-armoured": "error"}


@pytest.mark.skipif(which("openssl") is None, reason="openssl is not installed")
def test_a_damaged_signature_never_breaks_anything(tmp_path: Path) -> None:
    """Cut anywhere, or with lengths that lie."""
    signed = sign(tmp_path, "DER", "-nodetach")
    for cut in range(20, len(signed), 97):
        assert linted(signed[:cut]).format == "mobileconfig"
        assert linted(signed[:cut] + b"\xff" + signed[cut + 1 :]).format == "mobileconfig"


def sign(folder: Path, form: str, *extra: str) -> bytes:
    """The good profile, signed by openssl."""
    authority = trustme.CA()
    leaf = authority.issue_cert("example.org")
    leaf.private_key_and_cert_chain_pem.write_to_path(str(folder / "key.pem"))
    (folder / "profile").write_text(good(GOOD))
    done = subprocess.run(
        ["openssl", "cms", "-sign", "-binary", "-signer", str(folder / "key.pem"), "-in",
         str(folder / "profile"), "-outform", form, *extra],
        capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout
