"""QR codes, drawn by us and read by zbar."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from advisor.errors import InputError
from advisor.formats.qr import MAX_BYTES, png, svg
from tests.pictures import scanned

CONTENTS = [
    "https://autoconfig.example.org/mail.mobileconfig",
    'https://help.test/ü?a=<b>&c="d"\'',
    "Jürgen Шарик 日本 😀",
    "12345",
    "]]></svg><script>",
    "x" * MAX_BYTES,
]


@pytest.mark.parametrize("content", CONTENTS, ids=lambda one: ascii(one)[:30])
def test_a_code_is_read_to_the_letter(content: str, tmp_path: Path) -> None:
    """As PNG and as SVG, in UTF-8, up to the last byte that fits."""
    assert scanned(png(content), tmp_path) == content
    assert scanned(svg(content, content).encode(), tmp_path) == content


def test_a_drawing_is_one_element_with_a_name() -> None:
    """It is well-formed whatever its label says, and brings its own white with it."""
    label = "\"' <b>&]]>"
    made = ElementTree.fromstring(svg("x", label))
    assert made.attrib["aria-label"] == label
    light, dark = made
    assert (light.attrib["fill"], dark.attrib.get("fill")) == ("#fff", None)
    assert light.attrib["d"] == "M0 0h29v29h-29z"


def test_the_same_text_gives_the_same_picture() -> None:
    """No clock and no chance."""
    assert png("x") == png("x")
    assert svg("x", "") == svg("x", "")


def test_too_much_is_one_sentence() -> None:
    """Not a code that nobody can scan."""
    with pytest.raises(InputError, match="holds at most 2331 bytes"):
        png("x" * (MAX_BYTES + 1))


def test_without_segno_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "segno", None)
    with pytest.raises(InputError, match=r"install mail-advisor\[qr\]"):
        svg("x", "")
