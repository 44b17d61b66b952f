"""Patterns of error messages: linear time, an example each, and the linter of their files."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from advisor.engine.recognise import folded
from advisor.knowledge.checks import check
from advisor.knowledge.kinds._patterns import needle
from advisor.knowledge.library import Library

GOOD = """\
title: Messages of an example
entries:
  - id: example-no
    patterns:
      - 'no such .{0,60} here'
    where: [an example]
    causes: [host_wrong]
    means: It is not there.
    tells_apart: null
    fixes:
      - Look elsewhere.
    generic: false
    examples:
      - 'There is no such thing here.'
    confidence: vendor
    source: its manual
verified: 2026-11-20
"""
PATTERN = "'no such .{0,60} here'"


def mistakes(text: str, *others: str) -> list[str]:
    """The mistakes of one file (and more), as printed."""
    base = Path("rules")
    files = [
        (base / "errors" / f"example{number}.yaml", one.encode())
        for number, one in enumerate((text, *others))
    ]
    return [str(one) for one in check(files, "errors", base)[1]]


def test_a_good_file_has_no_mistakes() -> None:
    """The example passes."""
    assert mistakes(GOOD) == []


HOSTILE = [
    ("'no such .* here'", "bound the repeat"),
    ("'no such .+ here'", "bound the repeat"),
    ("'no such .*? here'", "bound the repeat"),
    ("'no such .{3,} here'", "bound the repeat"),
    ("'no such .{0,501} here'", "bound the repeat"),
    ("'(?=.*x)no such'", "bound the repeat"),
    ("'no (?:such|.*) thing'", "bound the repeat"),
    ("'(?:(?:no){0,9} such){0,9}'", "a repeat inside a repeat"),
    ("'(?:no|a{1,5}){1,5} such'", "a repeat inside a repeat"),
    ("'([a-z]{1,9}){1,9} such'", "a repeat inside a repeat"),
    ("'(no) such \\1'", "a back-reference is not allowed"),
    ("'(?P<a>no) such (?P=a)'", "a back-reference is not allowed"),
    ("'(no)? such(?(1) thing)'", "a conditional is not allowed"),
    ("'no such ['", "is not a regular expression"),
    ("'no such ('", "is not a regular expression"),
    ("''", "expected a regular expression"),
    ("[no]", "expected a regular expression"),
]


@pytest.mark.parametrize(("pattern", "expected"), HOSTILE, ids=[h[0] for h in HOSTILE])
def test_a_pattern_that_could_run_for_ever_is_a_mistake(pattern: str, expected: str) -> None:
    """Told with its line, before it is ever run."""
    found = mistakes(GOOD.replace(PATTERN, pattern))
    assert any(expected in line for line in found), found
    assert all(line.startswith("rules/errors/example0.yaml:") for line in found)
    assert any(line.startswith("rules/errors/example0.yaml:5:9: ") for line in found), found


@pytest.mark.parametrize(
    "pattern", ["'(?>(?:no){0,9} such){0,9}'", "'no(?:(?>a{0,300}b{0,300}){0,300})'"]
)
def test_an_atomic_group_hides_no_repeats(pattern: str) -> None:
    """A repeat inside a repeat stays one, whatever group stands between."""
    found = mistakes(GOOD.replace(PATTERN, pattern))
    assert any("a repeat inside a repeat" in line for line in found), found


def test_many_open_repeats_in_a_row_are_a_mistake() -> None:
    """Each bounded, together they still run for minutes on a line of one letter."""
    found = mistakes(GOOD.replace(PATTERN, "'such a{0,500}a{0,500}a{0,500}b'"))
    assert any("could run for ever" in line for line in found), found


BROKEN = [
    ("      - 'There is no such thing here.'", "      - There is one.", "is not matched"),
    ("    examples:\n      - 'There is no such thing here.'\n", "", "“examples” is missing"),
    ("    generic: false", "    generic: perhaps", ":12:14: expected true or false"),
    ("    fixes:\n      - Look elsewhere.", "    fixes: []", "at least"),
    ("    tells_apart: null\n", "", "“tells_apart” is missing"),
    ("confidence: vendor", "confidence: sure", ":15:17: expected source"),
    ("    where: [an example]", "    where: []", ":6:12:"),
    ("    means:", "    meens:", "did you mean “means”?"),
]


@pytest.mark.parametrize(("old", "new", "expected"), BROKEN, ids=[b[2] for b in BROKEN])
def test_each_mistake_is_told_with_its_place(old: str, new: str, expected: str) -> None:
    """One thing is wrong, and the message says where and what was expected."""
    assert old in GOOD
    found = mistakes(GOOD.replace(old, new, 1))
    assert any(expected in line for line in found), found


def test_every_pattern_needs_an_example() -> None:
    """One that no example shows may never match anything."""
    found = mistakes(GOOD.replace(PATTERN, f"{PATTERN}\n      - 'never shown'"))
    assert any("no example of “example-no” shows the pattern never shown" in one for one in found)


def test_an_unknown_cause_is_a_mistake() -> None:
    """Causes are classes of causes.yaml, and a misspelt one has no step that mends it."""
    assert mistakes(GOOD.replace("host_wrong", "host_wrogn"))


def test_an_id_belongs_to_one_entry() -> None:
    """Over all files."""
    assert any("the id “example-no” stands in" in one for one in mistakes(GOOD, GOOD))


NEEDLES = [
    ("wrong version number", "wrong version number"),
    ("SSL.{0,60}unknown protocol", "unknown protocol"),
    (r"\b0A00010B\b", "0a00010b"),
    ("(?:relay|relaying) denied", " denied"),
    ("colou?r is wrong", "r is wrong"),
    ("(?:abc){0,3}xyz", "xyz"),
    ("(?:abcdef){1,3}xyz", "abcdef"),
    ("[0-9]{3}", ""),
    ("ab", ""),
]


@pytest.mark.parametrize(("pattern", "expected"), NEEDLES)
def test_the_needle_is_in_every_match(pattern: str, expected: str) -> None:
    """The longest plain text that the pattern cannot do without."""
    assert needle(pattern) == expected


@pytest.mark.parametrize("pattern", ["ﬁnd me now", "(?x) spaced out", "[k]elvin sign"])
def test_a_needle_never_hides_a_match(pattern: str) -> None:
    """Whatever the pattern says, its needle stands in the folded text that it matches."""
    for text in ("ﬁnd me now", "spacedout", "kelvin sign", "KELVIN SIGN"):
        if re.search(pattern, text, re.IGNORECASE):
            assert needle(pattern) in folded(text)


def test_letters_that_match_without_case_are_folded_alike() -> None:
    """re.IGNORECASE lets ſ match s, where str.lower() leaves it; the places stay the same."""
    for text in ("ſecure sKi", "SECURE S\u212aI", "secure sk\u0130", "secure sk\u0131"):
        assert re.search("secure ski", text, re.IGNORECASE)
        assert needle("secure ski") in folded(text)
        assert len(folded(text)) == len(text)


@cache
def entries() -> list[dict[str, Any]]:
    """Every entry of every family, as bundled."""
    return [one for family in Library().entries("errors").values() for one in family["entries"]]


def test_there_are_at_least_250_patterns() -> None:
    """Counted over all families."""
    assert sum(len(one["patterns"]) for one in entries()) >= 250


def test_every_needle_stands_in_what_its_pattern_matches() -> None:
    """No entry can be missed because of the quick look before the pattern is tried."""
    for one in entries():
        for pattern, plain in zip(one["patterns"], one["needles"], strict=True):
            for example in one["examples"]:
                hit = re.search(pattern, " ".join(example.split()), re.IGNORECASE)
                assert hit is None or plain in hit.group().lower(), (one["id"], pattern)


def test_every_pattern_has_a_needle() -> None:
    """Without one it would be tried on every text."""
    assert [one["id"] for one in entries() if "" in one["needles"]] == []


def test_every_cause_is_known() -> None:
    """By a class that says what it means and what mends it."""
    classes = Library().single("causes")["classes"]
    for one in entries():
        assert set(one["causes"]) <= set(classes), one["id"]
