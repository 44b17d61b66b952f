"""What is written for people, held against what is there."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from advisor._plugins import collect
from advisor.cli._config import OPTIONS
from advisor.cli._main import _GLOBAL, Commands
from advisor.cli._session import Exit
from advisor.dialogues._base import Dialogue
from advisor.exporters._exporter import Exporter
from advisor.knowledge.library import Library
from advisor.schema import DOCUMENTS
from advisor.services._base import Service
from tests.run import advisor

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
RULES = (ROOT / "rules" / "README.md").read_text()

# Design §4, but for what belongs to parts that are not there yet.
CODES = """
cleartext-discovery dns-unauthenticated-crossdomain guessed source-conflict published-wrong
dead-server no-tls starttls-stripped starttls-broken starttls-injection starttls-only
ambiguous-label opportunistic-tls client-cannot
cleartext-auth-offered login-impossible cert-expired cert-expires-soon cert-wrong-name
cert-untrusted old-tls server-timeout not-a-mail-server server-refuses port25-submission
oauth2-required app-password-required null-mx no-domain no-mail-service dns-failure dnssec-bogus
pacc-digest-mismatch
bad-autoconfig redirect-loop insecure-redirect discovery-cert idn egress-blocked wildcard-dns
pacc-digest-mismatch stale-publication
""".split()  # noqa: SIM905 - as the design writes it

KINDS = {"term": "terms", "rule": "rules", "port": "ports"}


@cache
def library() -> Library:
    """The bundled knowledge."""
    return Library()


def blocks(language: str) -> list[str]:
    """The code blocks of the README in *language*."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", Commands().list_commands(None))
def test_the_readme_names_every_command(name: str) -> None:
    """In the table of what it answers."""
    assert f"| `advisor {name}" in README


def test_the_readme_names_no_other_command() -> None:
    """Nothing that is only planned."""
    named = set(re.findall(r"`advisor ([a-z]+)", README))
    assert named == set(Commands().list_commands(None))


def test_the_readme_lists_the_exit_codes() -> None:
    """Exactly those that there are; --help tells them too."""
    listed = [int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)]
    assert listed == [code.value for code in Exit]
    told = " ".join(advisor("--help").out.split())
    assert all(re.search(rf"\b{code.value} \w", told) for code in Exit)


@pytest.mark.parametrize("exporter", collect("advisor.exporters", "EXPORTER").values(),
                         ids=lambda exporter: exporter.id)  # fmt: skip
def test_the_readme_names_every_exporter(exporter: Exporter) -> None:
    """By its id, as it is typed."""
    assert re.search(rf"export {exporter.id}\b", README)


@pytest.mark.parametrize("dialogue", collect("advisor.dialogues", "DIALOGUE").values(),
                         ids=lambda dialogue: dialogue.protocol)  # fmt: skip
def test_the_readme_names_every_protocol(dialogue: Dialogue) -> None:
    """That is looked at live."""
    word = {"smtp": "submission", "managesieve": "ManageSieve"}.get(
        dialogue.protocol, dialogue.protocol.upper()
    )
    row = next(line for line in README.splitlines() if line.startswith("| the servers themselves"))
    assert word in row


@pytest.mark.parametrize("service", collect("advisor.services", "SERVICE").values(),
                         ids=lambda service: service.protocol)  # fmt: skip
def test_the_readme_names_every_service(service: Service) -> None:
    """That is looked at live."""
    row = next(line for line in README.splitlines() if line.startswith("| services over HTTPS"))
    assert service.name in row


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_readme_names_every_schema(document: str) -> None:
    """In the row of the command."""
    row = next(line for line in README.splitlines() if line.startswith("| `advisor schema"))
    assert f"`{document}`" in row


@pytest.mark.parametrize("option", [name for name in _GLOBAL if name.startswith("--")])
def test_the_readme_names_every_global_option(option: str) -> None:
    """They may stand anywhere on the line."""
    assert f"`{option}" in README


@pytest.mark.parametrize("option", OPTIONS)
def test_the_readme_names_every_option_with_a_default(option: str) -> None:
    """Those that the environment and the configuration can set."""
    assert re.search(rf"`--(no-)?{option}\b", README)


def test_every_option_in_the_readme_is_one() -> None:
    """Of some command."""
    known = " ".join(
        advisor(*words, "--help", COLUMNS="300").out
        for words in (["recommend"], ["probe"], ["export"], ["explain"], ["instructions"], [])
    )
    named = set(re.findall(r"`(--[a-z0-9-]+)", README))
    assert {option for option in named if not re.search(rf"{option}\b", known)} == set()


def test_the_readme_has_two_commands_to_run() -> None:
    """One to use it, one to test it, each by copy and paste; the second one is marked for CI."""
    use, test = blocks("sh")
    assert use.count("\n") == test.count("\n") == 1
    assert "pip install -q . &&" in use
    assert "pytest" in test
    assert f"<!-- test -->\n```sh\n{test}```" in README
    assert README.count("<!-- test -->") == 1


@pytest.mark.parametrize("shown", blocks("text"), ids=lambda shown: shown.splitlines()[0][:40])
def test_the_readme_shows_what_is_really_printed(shown: str) -> None:
    """To the letter."""
    command, _, told = shown.removeprefix("$ ").partition("\n")
    program, *words = shlex.split(command)
    assert program == "advisor"
    assert advisor(*words).out.strip() == told.strip()


def test_the_readme_names_every_room() -> None:
    """Each folder of the package."""
    rooms = {path.parent.name for path in (ROOT / "advisor").glob("[a-z]*/__init__.py")}
    line = README.partition("The rooms:")[2].partition("\n\n")[0]
    assert {room for room in rooms if f"`{room}`" not in line} == set()


def test_every_path_in_the_readme_is_there() -> None:
    """Files and folders that are named in full."""
    paths = set(re.findall(r"`((?:advisor|rules|tests|\.ci)/[\w./-]*)`", README + RULES))
    assert paths
    assert {path for path in paths if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("code", CODES)
def test_every_finding_of_the_design_has_its_rule(code: str) -> None:
    """A code is the id of the rule that raises it; that rule must be applied."""
    rule = library().entries("rules")[code]
    assert rule["status"] == "stable"
    assert rule["then"].get("finding")


def rows() -> list[str]:
    """What carries the sentences of the seed: the middle column of the last table."""
    table = RULES.partition("| the seed says |")[2]
    return [line.split("|")[2] for line in table.splitlines()[2:] if line.startswith("|")]


def test_every_sentence_of_the_seed_is_carried() -> None:
    """By something."""
    assert len(rows()) > 30
    assert all(re.search("`[^`]+`", row) for row in rows())


def carried() -> set[tuple[str, str]]:
    """Each (kind, id) that is named there."""
    found = set()
    for row in rows():
        kind = ""
        for word, key in re.findall(r"\b(term|rule|port)s?\b|`([^`]+)`", row):
            kind = word or kind
            if key and not key.startswith("thunderbird@"):
                found.add((KINDS[kind], key))
    return found


@pytest.mark.parametrize(("kind", "key"), sorted(carried()))
def test_what_carries_the_seed_exists(kind: str, key: str) -> None:
    """Under that id, and rules are applied."""
    entry = library().entries(kind)[key]
    assert entry.get("status", "stable") == "stable"


def test_every_id_in_the_rules_readme_exists() -> None:
    """Also outside the table: what the seed could not know is named as well."""
    last = RULES.rpartition("What the seed could not know yet")[2]
    ids = set(re.findall(r"`([a-z0-9-]+)`", last))
    assert ids
    assert ids - set(library().entries("rules")) == set()


def test_the_points_in_the_rules_readme_are_those_of_the_rules() -> None:
    """So that rules of one's own can be placed among them."""
    table = RULES.partition("| points | rule | says |")[2].partition("\n\n")[0]
    listed: dict[str, int] = {}
    for line in table.splitlines()[2:]:
        _, points, ids, *_ = line.split("|")
        listed |= dict(zip(re.findall(r"`([^`]+)`", ids), map(int, points.split(",")), strict=True))
    real = {
        key: entry["then"]["prefer"]
        for key, entry in library().entries("rules").items()
        if entry["then"].get("prefer") and entry["status"] == "stable"
    }
    assert listed == real
