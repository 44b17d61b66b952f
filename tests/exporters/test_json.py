"""The whole report as JSON."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from advisor.exporters._exporter import Wish
from advisor.exporters.json import EXPORTER
from advisor.formats.written import as_json, as_yaml
from advisor.model.observation import Live
from advisor.model.report import Report, Verdict
from advisor.model.text import printable
from advisor.schema import schema
from tests.make import observation, report, setting

CLEAR = setting("imap://imap.example.org:143", "none", verdict=Verdict.FORBIDDEN)
FOUND = report(
    setting(live=Live.CONFIRMED, observation=observation(greeting="* OK Grüße \x1b[31m")),
    CLEAR,
    setting("smtp://smtp.example.org:465"),
    address="a@xn--bcher-kva.example",
)


def exported(found: Report = FOUND) -> str:
    """The document as text."""
    return EXPORTER.render(found, Wish()).document.decode("utf-8")


def test_the_schema_stands_first() -> None:
    """A reader can tell from the first line what it has; the rest keeps the documented order."""
    keys = list(json.loads(exported()))
    assert keys[:4] == ["schema", "address", "domain", "domain_unicode"]
    assert len(keys) == len(set(keys)) == len(Report.__dataclass_fields__)


def test_it_fits_the_published_schema() -> None:
    """With everything that can stand in it."""
    jsonschema.validate(json.loads(exported()), schema("report"))


def test_it_is_readable_text() -> None:
    """Indented UTF-8 with a final line end; letters stay letters, controls are escaped."""
    assert '\n  "domain_unicode": "bücher.example",\n' in exported()
    assert "Grüße \\u001b[31m" in exported()
    assert exported().endswith("}\n")


def test_nothing_is_hidden() -> None:
    """What is forbidden is told as such, asked for or not."""
    found = json.loads(exported())
    assert [one["verdict"] for one in found["incoming"]] == ["acceptable", "forbidden"]
    assert EXPORTER.render(FOUND, Wish(True)) == EXPORTER.render(FOUND, Wish())


@pytest.mark.parametrize("found", [FOUND, report()], ids=["full", "empty"])
def test_the_same_report_gives_the_same_bytes(found: Report) -> None:
    """There is no clock and no chance in it."""
    assert exported(found) == exported(found)


@pytest.mark.parametrize(
    "text", ["\u202e", "a\x7fb", "\x1b[31m", "\x85", "\U000e0041", "\ud800", "a\nb", "é 😀 \\u"],
    ids=ascii,
)  # fmt: skip
def test_what_nobody_can_see_is_escaped_and_nothing_is_lost(text: str) -> None:
    """In JSON and in YAML, in names and in values."""
    plain = {text: [text, {"b": text}]}
    for written, read in ((as_json, json.loads), (as_yaml, yaml.safe_load)):
        shown = written(plain)
        assert printable(shown.replace("\n", " "), len(shown)) == shown.replace("\n", " ")
        assert read(shown) == plain or text == "\ud800"
