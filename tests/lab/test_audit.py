"""Audits of real servers: the grade, what takes points off, and the exit code for monitoring."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from tests.run import Ran, advisor

from .lab import Lab


def audit(lab: Lab, domain: str, *more: str) -> Ran:
    """The program's own words."""
    return advisor("audit", domain, *lab.cli_options, *more)


def told(lab: Lab, domain: str) -> dict[str, Any]:
    """The same as data."""
    found: dict[str, Any] = json.loads(audit(lab, domain, "--format", "json").out)
    return found


@pytest.mark.parametrize(
    ("domain", "letters", "rules", "code"),
    [
        ("good.test", "A", {"no-wellknown", "srv-not-signed"}, 0),
        ("signed.test", "BC", {"no-autoconfig"}, 0),
        ("contradict.test", "E", {"published-dead", "sources-disagree", "graded-starttls"}, 1),
        ("wrongname.test", "E", {"graded-certificates", "nothing-usable"}, 1),
        ("cleartext.test", "ABCD", {"graded-clear-text"}, 0),
        ("expiring.test", "AB", {"graded-certificates-end"}, 0),
        ("badxml.test", "D", {"graded-documents", "no-autoconfig"}, 0),
        ("httponly.test", "BC", {"http-only-autoconfig"}, 0),
        ("starttls.test", "B", {"graded-starttls-only", "no-srv"}, 0),
        ("silent.test", "E", {"published-dead"}, 4),
    ],
)
def test_the_grade_follows_what_is_wrong(
    lab: Lab, domain: str, letters: str, rules: set[str], code: int
) -> None:
    """Each fault costs its points, by its rule, and errors make the exit code."""
    assert audit(lab, domain, "--quiet").code == code
    grade = told(lab, domain)["grade"]
    assert grade["letter"] in letters
    assert rules <= {point["rule"] for point in grade["points"]}
    assert all(point["because"] and point["points"] < 0 for point in grade["points"])


@pytest.mark.parametrize(
    ("domain", "code", "finding"),
    [("nullmx.test", 3, "null-mx"), ("bogus.test", 4, "dnssec-bogus")],
)
def test_what_cannot_be_graded_is_not(lab: Lab, domain: str, code: int, finding: str) -> None:
    """It says why instead."""
    assert audit(lab, domain, "--quiet").code == code
    found = told(lab, domain)
    assert found["grade"] is None
    assert finding in {one["code"] for one in found["findings"]}


def test_the_document_fits_its_schema(lab: Lab) -> None:
    """As `advisor schema audit` prints it."""
    schema = json.loads(advisor("schema", "audit").out)
    jsonschema.validate(told(lab, "contradict.test"), schema)


def test_the_table_says_who_says_what(lab: Lab) -> None:
    """A row for each setting, a column for each source, and what the server did."""
    page = audit(lab, "contradict.test").out.splitlines()
    row = next(line.split() for line in page if "mail.contradict.test" in line)
    assert row == ["IMAP", "mail.contradict.test", "993", "SSL/TLS", "-", "x", "fails"]
    assert any(line.split()[:2] == ["1", "the"] and "(authenticated)" in line for line in page)


def test_markdown_says_the_same(lab: Lab) -> None:
    """For a ticket."""
    page = audit(lab, "contradict.test", "--format", "markdown").out
    assert page.startswith("# contradict.test: grade E, ")
    assert "| IMAP | mail.contradict.test | 993 | SSL/TLS | - | x | fails |" in page
    assert "## Publish: service records (zone lines)" in page
