"""``advisor lint``: a document that somebody publishes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_offline import valid
from tests.run import Ran, advisor

DATA = Path(__file__).parents[1] / "data" / "lint"


def lint(name: str, *more: str) -> Ran:
    """A document of the test data."""
    return advisor("lint", str(DATA / name), *more)


def told(name: str) -> Any:
    """The same as data, which must fit the published schema."""
    return valid("lint", lint(name, "--format", "json").out)


@pytest.mark.parametrize(
    ("name", "form", "code"),
    [
        ("autoconfig-good.xml", "autoconfig", 0),
        ("autoconfig-odd.xml", "autoconfig", 1),
        ("autodiscover-good.xml", "autodiscover", 0),
        ("zone-good.txt", "zone", 0),
        ("zone-odd.txt", "zone", 1),
        ("profile-good.mobileconfig", "mobileconfig", 0),
        ("pacc-good.json", "pacc", 0),
    ],
)
def test_the_format_is_recognised(name: str, form: str, code: int) -> None:
    """And the exit code says whether an error stands."""
    assert told(name)["format"] == form
    assert lint(name).code == code


def test_the_page_tells_place_mistake_and_what_to_write() -> None:
    """Line and column, the sentence, its code, what to write instead, where that is written."""
    page = lint("autoconfig-odd.xml").out
    lines = page.splitlines()
    assert lines[0].endswith(
        "autoconfig-odd.xml · autoconfig XML · 5 errors, 9 warnings and 1 note"
    )
    at = next(number for number, line in enumerate(lines) if line.startswith("x 6:5 "))
    text = " ".join(" ".join(lines[at : at + 4]).split())
    assert "this server is said to speak POP3. [published-port-of-another]" in text
    assert "Instead: port 995 with <socketType>SSL</socketType> RFC 8314 §3" in text


def test_the_page_tells_what_each_program_would_use() -> None:
    """One line for each, and why one refuses."""
    page = lint("autoconfig-odd.xml").out
    table = page.partition("What mail programs would make of it")[2]
    assert "  Geary                    refuses the document\n" in table
    assert "It gives up where the first incoming server is not IMAP." in table
    assert "Thunderbird              POP3 pop.example.org 993 SSL/TLS; SMTP" in table


def test_quiet_leaves_the_findings_and_verbose_adds_reasons() -> None:
    """The rest is the same."""
    quiet = lint("autoconfig-odd.xml", "--quiet")
    assert (quiet.code, "What mail programs" in quiet.out) == (1, False)
    assert "Programs believe what is written." in lint("autoconfig-odd.xml", "--verbose").out


def test_markdown_has_a_table_of_readers() -> None:
    """With nothing in it that Markdown takes for markup."""
    page = lint("autoconfig-odd.xml", "--format", "markdown").out
    assert "| program | incoming | outgoing | remarks |" in page
    assert r"\<documentation\> stands in \<clientConfig\>" in page


def test_standard_input_is_read() -> None:
    """The file is called -."""
    done = subprocess.run(
        [sys.executable, "-m", "advisor", "lint", "-"],
        input=(DATA / "zone-good.txt").read_bytes(), capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.decode().startswith("standard input · zone lines · nothing to mend")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n", "is in no format"),
        (b"Dear sir or madam", "is in no format"),
        (b"<html><body>Not found</body></html>", "is in no format"),
        (b"\x1f\x8b" + b"\x00" * 99, "is in no format"),
        (b"a" * (1024 * 1024 + 1), "is larger than 1024 KiB"),
    ],
)
def test_unreadable_input_is_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    """Exit code 2."""
    (tmp_path / "x").write_bytes(content)
    ran = advisor("lint", str(tmp_path / "x"))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert says in ran.err


@pytest.mark.parametrize("name", ["no/such/file", ".", "a\x1bb"])
def test_a_file_that_is_none_is_one_line(name: str) -> None:
    """Exit code 2, and nothing of the name reaches the terminal unescaped."""
    ran = advisor("lint", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert "\x1b" not in ran.err


def test_rules_of_ones_own_count(tmp_path: Path) -> None:
    """A helpdesk that wants no POP3 retires or adds a rule."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "no-submission-on-465.yaml").write_text(
        """title: Not here
status: stable
severity: error
each: published
when: {published.port: 465}
then: {finding: "No port {published.port} in this house.", instead: "port 587"}
because: Our firewall blocks it.
references: [{document: house rules, says: so}]
examples:
  - {name: one, given: {published: {port: 465}},
     gives: {finding: No port 465 in this house., instead: port 587}}
  - {name: other, given: {published: {port: 587}}, gives: nothing}
"""
    )
    ran = advisor("--rules", str(tmp_path), "lint", str(DATA / "autoconfig-good.xml"))
    assert ran.code == 1, ran.err
    assert "No port 465 in this house." in ran.out
