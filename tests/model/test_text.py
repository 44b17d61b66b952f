"""Text from strangers, made safe for a terminal, a page and a file."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.model.text import decoded, printable

ANY_TEXT = st.text(st.characters())  # surrogates too


@pytest.mark.parametrize(
    "text",
    ["", "imap.example.org", "Größe", "日本語", "‘quoted’ – dashed", "a\\x1b", "🙂", "e\u0301"],
)
def test_plain_text_stays_as_it_is(text: str) -> None:
    """Every script is welcome, and a backslash is only a backslash."""
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb", "a\\x09b"),
        ("a\r\nb", "a\\x0d\\x0ab"),
        ("\x00", "\\x00"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x7f", "\\x7f"),
        ("\x9b31m", "\\x9b31m"),
        ("\x85", "\\x85"),
        ("pass\u00adword", "pass\\xadword"),
        ("\u202egro.elpmaxe", "\\u202egro.elpmaxe"),
        ("\u2066a\u2069", "\\u2066a\\u2069"),
        ("\u200fa", "\\u200fa"),
        ("\u061ca", "\\u061ca"),
        ("a\u200bb", "a\\u200bb"),
        ("a\u2028b", "a\\u2028b"),
        ("\ufeffa", "\\ufeffa"),
        ("\ud800", "\\ud800"),
        ("\udcff", "\\udcff"),
        ("\uffff", "\\uffff"),
        ("a\U000e0041", "a\\U000e0041"),
        ("a\u3164b", "a\\u3164b"),
    ],
    ids=ascii,
)
def test_what_moves_hides_or_reorders_is_escaped(text: str, shown: str) -> None:
    """C0, DEL, C1, bidi, invisible characters, separators, surrogates and tags."""
    assert printable(text) == shown


@pytest.mark.parametrize(
    "name",
    [
        "BOM", "LRM", "RLM", "LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI",
        "ZWSP", "ZWNJ", "ZWJ", "WJ", "CGJ", "ALM", "SHY", "MVS", "VS1", "VS256", "CANCEL TAG",
    ],
)  # fmt: skip
def test_every_invisible_character_with_a_name_is_escaped(name: str) -> None:
    """By the names that Unicode gives them."""
    assert printable(unicodedata.lookup(name)).startswith("\\")


@pytest.mark.parametrize("code", [0xE0000, 0xE0020, 0xE007F, 0xE0100, 0xE01EF, 0xE0FFF], ids=hex)
def test_tags_and_selectors_are_escaped(code: int) -> None:
    """Plane 14 has nothing that can be seen."""
    assert printable(chr(code)) == f"\\U{code:08x}"


# Unicode's DerivedCoreProperties.txt: Default_Ignorable_Code_Point in the first plane.
IGNORABLE = [*range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B)]


@pytest.mark.parametrize("code", IGNORABLE, ids=hex)
def test_what_is_drawn_as_nothing_is_escaped(code: int) -> None:
    """Shorthand and musical format characters are as invisible as the others."""
    assert printable(chr(code)).startswith("\\U")


@pytest.mark.parametrize(
    ("length", "shown"), [(4, "xxxx"), (5, "xxxxx"), (6, "xxxxx…"), (9999, "xxxxx…")]
)
def test_long_text_is_cut(length: int, shown: str) -> None:
    """At the limit, and the cut can be seen."""
    assert printable("x" * length, 5) == shown


def test_the_cut_counts_what_came_in() -> None:
    """An escape is one character of the input."""
    assert printable("\x00\x00\x00", 2) == "\\x00\\x00…"


@given(ANY_TEXT)
def test_any_text_becomes_one_line_that_can_be_encoded(text: str) -> None:
    """Nothing of what comes out is a control, a line break, a surrogate or a bidi character."""
    shown = printable(text)
    assert len(shown.splitlines()) <= 1
    assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(sign) for sign in shown} & {
        "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
    }  # fmt: skip
    assert shown.encode("utf-8")[:1] or not text


@given(ANY_TEXT)
def test_safe_text_is_left_alone(text: str) -> None:
    """Doing it twice changes nothing more."""
    assert printable(printable(text), 100_000) == printable(text)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b"* OK ready", "* OK ready"),
        ("Grüße".encode(), "Grüße"),
        ("Grüße".encode("latin-1"), "Gr\\xfc\\xdfe"),
        (b"\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\u202e".encode(), "\\u202e"),
        (b"\xed\xa0\x80", "\\xed\\xa0\\x80"),
        (b"\xc2\x9b", "\\x9b"),
        (b"", ""),
    ],
    ids=ascii,
)
def test_bytes_become_safe_text(line: bytes, shown: str) -> None:
    """UTF-8 where it is that, escapes elsewhere."""
    assert decoded(line) == shown


def test_long_lines_are_cut() -> None:
    """Only as much is decoded as is shown."""
    assert decoded(b"x" * 1_000_000, 3) == "xxx…"
    assert decoded(b"xxx", 3) == "xxx"


@given(st.binary(), st.integers(1, 50))
def test_any_bytes_are_decoded(line: bytes, limit: int) -> None:
    """Whatever a server says."""
    assert len(decoded(line, limit).splitlines()) <= 1
