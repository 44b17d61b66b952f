"""Hostile autoconfig documents: read in part or refused, never more than that."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.errors import FormatError
from advisor.formats._xml import MAX_DOCUMENT
from advisor.formats.autoconfig import parse, render
from advisor.model.evidence import Problem
from tests.formats.test_autoconfig import MINIMAL, WHOLE

SECTION = b"""<incomingServer type="imap"><hostname>a.example</hostname><port>993</port>
<socketType>SSL</socketType></incomingServer>"""
BEGIN, END = b'<clientConfig><emailProvider id="a.example">', b"</emailProvider></clientConfig>"


def filled(unit: bytes) -> bytes:
    """As many *unit* in a document as may be."""
    return BEGIN + unit * ((MAX_DOCUMENT - len(BEGIN) - len(END)) // len(unit)) + END


HUGE = {
    "sections": filled(SECTION),
    "broken sections": filled(b'<incomingServer type="imap"/>'),
    "foreign sections": filled(b'<incomingServer type="x"><url>a</url></incomingServer>'),
    "domains": filled(b"<domain>a.example</domain>"),
    "unknown elements": filled(b"<a b='c'/>"),
    "descriptions": filled(b'<documentation url="https://a.example/"><descr>x</descr></documentation>'),
    "text": filled(b"x"),
    "nested a little": filled(b"<a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a>"),
}  # fmt: skip
REFUSED = {
    "a hundred thousand sections": BEGIN + SECTION * 100_000 + END,
    "nested": BEGIN + b"<a>" * 50_000,
    "entities": b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>' + BEGIN + b"&c;" + END,
    "gzip": gzip.compress(MINIMAL.encode()),
    "NUL": MINIMAL.replace("imap.", "imap\x00.").encode(),
    "UTF-32": MINIMAL.encode("utf-32"),
    "another encoding than declared": MINIMAL.replace("Example", "Bücher").encode("latin-1"),
    "cut": MINIMAL.encode()[:-20],
    "HTML": b"<!DOCTYPE html><html><body>Not found</body></html>",
    "nothing": b"",
}


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_document_is_read_as_far_as_it_makes_sense(name: str) -> None:
    """Bounded in candidates, remarks and what is handed on; and it can be written again."""
    found = parse(HUGE[name])
    assert len(found.candidates) <= 64
    assert len(found.remarks) <= 70
    assert len(found.domains) <= 500
    assert len(found.extras) <= 300
    assert len(render(found)) < 2 * MAX_DOCUMENT
    assert parse(render(found)).candidates == found.candidates


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_document_is_refused(name: str) -> None:
    """With the kind of trouble, and a sentence that can be shown."""
    with pytest.raises(FormatError) as caught:
        parse(REFUSED[name])
    assert caught.value.problem in (Problem.BAD_DOCUMENT, Problem.TOO_LARGE)
    assert str(caught.value).isprintable()


def test_the_place_of_the_trouble_is_told() -> None:
    """Line and column, where there is one."""
    with pytest.raises(FormatError) as caught:
        parse(MINIMAL.replace("</port>", "</prt>", 1).encode())
    assert (caught.value.line, caught.value.column) == (9, 18)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(WHOLE)), st.text(max_size=6), st.integers(0, 60))
def test_what_is_handed_on_can_be_written(at: int, put: str, cut: int) -> None:
    """Whatever a damaged document says, what is written of it is read again."""
    document = (WHOLE[:at] + put + WHOLE[at + cut :]).encode("utf-8", "surrogatepass")
    with suppress(FormatError):
        found = parse(document)
        assert parse(render(found)).extras == parse(render(parse(render(found)))).extras


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc tells the peak")
def test_memory_stays_small() -> None:
    """Less than 200 MB for all of them, one after the other."""
    script = (
        "from contextlib import suppress\n"
        "from tests.formats.test_autoconfig_hostile import HUGE, REFUSED, FormatError, parse\n"
        "for one in (*HUGE.values(), *REFUSED.values()):\n"
        "    with suppress(FormatError): parse(one)\n"
        "print(open('/proc/self/status').read())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=300
    )
    peak = re.search(r"VmHWM:\s+(\d+) kB", done.stdout)  # ru_maxrss has the parent's in it
    assert peak is not None
    assert int(peak[1]) < 200 * 1024
