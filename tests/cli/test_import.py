"""``advisor providers import``, and what the copy is good for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.run import Ran, advisor

DOCUMENT = """<clientConfig version="1.1"><emailProvider id="x"><domain>isp.example</domain>
<displayName>Example ISP</displayName>
<incomingServer type="imap"><hostname>imap.isp.example</hostname><port>993</port>
<socketType>SSL</socketType><username>%EMAILADDRESS%</username>
<authentication>password-cleartext</authentication></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.isp.example</hostname><port>465</port>
<socketType>SSL</socketType><username>%EMAILADDRESS%</username>
<authentication>password-cleartext</authentication></outgoingServer>
</emailProvider></clientConfig>"""


@pytest.fixture
def place(tmp_path: Path) -> dict[str, Path]:
    """A folder with a database, and a configuration of our own."""
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "isp.xml").write_text(DOCUMENT)
    return {"db": tmp_path / "db", "config": tmp_path / "config"}


def run(place: dict[str, Path], *words: str) -> Ran:
    """The command in that configuration."""
    return advisor(*words, ADVISOR_CONFIG_DIR=str(place["config"]))


def source(told: Ran, name: str) -> dict[str, object]:
    """What the source *name* said in a report."""
    rows = json.loads(told.out)["sources"]
    return next(row for row in rows if row["id"] == name)


def test_the_copy_answers_offline(place: dict[str, Path]) -> None:
    """And --ispdb none leaves it out."""
    made = run(place, "providers", "import", str(place["db"]))
    assert made.code == 0
    assert made.out.startswith("1 documents for 1 domains")
    words = ["recommend", "a@isp.example", "--offline", "--format", "json"]
    told = run(place, *words)
    assert (told.code, source(told, "ispdb")["outcome"]) == (0, "found")
    assert source(run(place, *words, "--ispdb", "none"), "ispdb")["outcome"] == "skipped"


def test_the_result_is_there_for_machines(place: dict[str, Path]) -> None:
    """With what was passed over, and why."""
    (place["db"] / "bad.xml").write_text("<html/>")
    made = json.loads(run(place, "providers", "import", str(place["db"]), "--format", "json").out)
    assert (made["documents"], made["domains"]) == (1, 1)
    assert made["passed_over"][0][0] == "bad.xml"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["/nowhere"], "no folder"),
        (["http://example.org/x.zip"], "not an https address"),
        (["ftp://example.org/x.zip"], "not an https address"),
        (["https://example.org/x.zip", "--offline"], "--offline"),
        (["a\0b"], ""),
        (["."], ""),
    ],
)
def test_bad_input_is_one_line(place: dict[str, Path], words: list[str], told: str) -> None:
    """And exit code 2."""
    if "\0" in words[0]:
        words = ["\udcff\n"]
    if words == ["."]:
        words = [str(place["config"].parent)]
    done = run(place, "providers", "import", *words)
    assert done.code == 2
    assert told in done.err
    assert len(done.err.splitlines()) == 1


def test_ones_own_file_answers_offline(place: dict[str, Path]) -> None:
    """isp/DOMAIN.xml in the configuration folder, before the copy of the database."""
    own = place["config"] / "isp"
    own.mkdir(parents=True)
    (own / "isp.example.xml").write_text(DOCUMENT)
    told = run(place, "recommend", "a@isp.example", "--offline", "--format", "json")
    assert source(told, "local-file")["outcome"] == "found"
    assert json.loads(told.out)["incoming"][0]["sources"] == ["local-file"]
