"""The linter of rule files: every mistake at once, with its place and what was expected."""

import re
from pathlib import Path

import pytest

from advisor.knowledge.checks import check
from advisor.knowledge.files import KINDS
from advisor.knowledge.lint import check_folder

GOOD = """\
title: Send through 465
status: stable
severity: note
each: setting
when:
  setting.port: 465
then:
  prefer: 20
because: It begins encrypted.
references:
  - {rfc: 8314, section: "3.3", says: Implicit TLS is preferred.}
examples:
  - name: speaks
    given:
      setting: {port: 465}
    gives: {prefer: 20}
  - name: is silent
    given:
      setting: {port: 587}
    gives: nothing
"""


def mistakes(text: str, name: str = "my-rule.yaml", kind: str = "rules") -> list[str]:
    """The mistakes of one file, as printed."""
    base = Path("rules")
    _, found = check([(base / "transport" / name, text.encode())], kind, base)
    return [str(mistake) for mistake in found]


def test_a_good_rule_has_no_mistakes() -> None:
    """The example of the documentation passes."""
    assert mistakes(GOOD) == []


BROKEN = [
    ("status: stable", "status: stabel", ":2:9: expected draft, stable or retired"),
    ("severity: note", "severity: bad", ":3:11: expected error, warning or note"),
    ("  setting.port: 465", "  setting.prot: 465", ":6:3: there is no fact “setting.prot”"),
    ("  setting.port: 465", "  setting.port: [465, x]", ":6:23: expected a number, found “x”"),
    ("  setting.port: 465", "  setting.port: {abov: 4}", ":6:18: unknown operator “abov”"),
    ("  setting.port: 465", "  setting.auth: password", ":6:17: this fact is a list"),
    ("  setting.port: 465", "  setting.host: {matches: '['}", "is not a regular expression"),
    ("  setting.port: 465", "  setting.host: no", "YAML reads this as False: put it in quotes"),
    ("  prefer: 20\n", "  prefer: many\n", ":8:11: expected a whole number"),
    ("  prefer: 20\n", "  finding: see {setting.prt}\n", "there is no fact “setting.prt”"),
    ("title: Send through 465\n", "", "the field “title” is missing"),
    ("title:", "tilte:", "unknown field “tilte”; did you mean “title”?"),
    ("    gives: nothing", "    gives: {prefer: 20}", "one that gives “nothing”"),
    ("because: It begins encrypted.", "because:", ":9:9: expected a text, found nothing"),
    ("{rfc: 8314,", "{rfc: eight,", "expected a whole number 1 to 99999"),
    ("each: setting", "each: setting\neach: setting", "“each” stands here twice"),
    ("when:", "when: [", "is not valid YAML"),
]


@pytest.mark.parametrize(("old", "new", "expected"), BROKEN, ids=[b[2] for b in BROKEN])
def test_each_mistake_is_told_with_its_place(old: str, new: str, expected: str) -> None:
    """One thing is wrong, and the message says where and what was expected."""
    assert old in GOOD
    found = mistakes(GOOD.replace(old, new, 1))
    assert any(expected in line for line in found), found
    assert all(line.startswith("rules/transport/my-rule.yaml") for line in found)


def test_all_mistakes_come_at_once() -> None:
    """Nobody has to mend and run, mend and run."""
    text = GOOD.replace("stable", "s").replace("note", "n").replace("prefer: 20\nb", "x: 1\nb")
    assert len(mistakes(text)) >= 3


def test_a_rule_for_a_source_can_only_tell() -> None:
    """Verdicts and preferences belong to settings."""
    text = GOOD.replace("each: setting", "each: source").replace("setting.port: 465", "{}")
    text = text.replace("when:\n  {}", "when: {}").replace("setting: {port: 465}", "source: {}")
    text = text.replace("setting: {port: 587}", "source: {}")
    assert any("can only tell a finding" in line for line in mistakes(text))


def test_file_names_are_ids() -> None:
    """An id can be typed, linked and sorted."""
    assert any("its name is its id" in line for line in mistakes(GOOD, "My Rule.yaml"))


@pytest.mark.parametrize("text", ["", "[]", "- 1", "x", "\x00", "a: &a [*a]", "a: " + "[" * 3000])
def test_anything_that_is_no_rule_is_a_mistake_not_a_crash(text: str) -> None:
    """Empty, foreign, circular and deep files are told like any other mistake."""
    assert mistakes(text)


HOSTILE = [
    ("an alias", "a: &x [1]\nb: *x\n"),
    ("a bomb", "a: &a [1]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n"),
    ("a circle", "when: &a [*a]"),
    ("a foreign tag", GOOD.replace("prefer: 20\nb", "prefer: !foo 5\nb")),
    ("a broken number", GOOD.replace("prefer: 20\nb", "prefer: !!int abc\nb")),
    ("a broken date", GOOD.replace("prefer: 20\nb", "prefer: 2026-13-45\nb")),
    ("depth", "a: " + "[" * 30 + "]" * 30),
]


@pytest.mark.parametrize(("name", "text"), HOSTILE, ids=[name for name, _ in HOSTILE])
def test_hostile_yaml_is_a_mistake_with_its_place(name: str, text: str) -> None:
    """Neither a crash nor a hang."""
    assert all(re.match(r"rules/transport/my-rule\.yaml:\d+:\d+: ", one) for one in mistakes(text))
    assert mistakes(text)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("a: &x [1]\nb: *x\n", ":2:4: is an alias"),
        ("when: &a\n  - *a\n", ":2:5: is an alias"),
        ("a: " + "[" * 900 + "]" * 900, ":1:23: is nested too deep: at most 20 levels"),
        ("a: " + "[" * 100_000, ": is nested too deep: at most 20 levels"),
        ("a: " + "[" * 100_000 + "]" * 100_000, ": is nested too deep: at most 20 levels"),
        ("a: [" + "1, " * 30_000 + "]", ": is too much for one file"),
        ("a: !foo 5", ":1:4: has the tag !foo"),
    ],
    ids=["alias", "circle", "deep", "open", "deepest", "large", "tag"],
)
def test_what_could_hang_us_is_refused_before_it_is_read(document: str, expected: str) -> None:
    """At the place where it stands, and it is the only mistake."""
    (found,) = mistakes(document)
    assert expected in found


def test_a_mistake_is_one_line_of_plain_text() -> None:
    """Whatever the file holds."""
    (found, *_) = mistakes(GOOD.replace("stable", '"\\e[31m\\nx"'))
    assert "\x1b" not in found
    assert "\n" not in found


@pytest.mark.parametrize(
    "name", ["mine.yml", "mine.YAML", "mine.json", "mine.yaml~", "transport/mine.yml", "a/b/c.yaml"]
)
def test_a_file_that_would_not_be_read_is_told(tmp_path: Path, name: str) -> None:
    """A mistake, not silence."""
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(GOOD)
    _, found = check_folder(tmp_path)
    assert [mistake.file for mistake in found] == [f"{tmp_path.name}/{name}"]
    assert "is not read" in found[0].message


def test_notes_and_hidden_files_are_fine(tmp_path: Path) -> None:
    """A folder may be a repository with a README."""
    (tmp_path / ".git").mkdir()
    for name in ("README.md", ".hidden", ".git/config"):
        (tmp_path / name).write_text("")
    assert check_folder(tmp_path) == ({}, [])


@pytest.mark.parametrize("place", [".", "providers", "terms"])
def test_an_overlay_may_retire_by_one_line(tmp_path: Path, place: str) -> None:
    """A rule, a provider, a term; among the bundled ones it would be a mistake."""
    (tmp_path / place).mkdir(exist_ok=True)
    (tmp_path / place / "anything.yaml").write_text("status: retired\n")
    assert check_folder(tmp_path)[1] == []
    assert any("is missing" in line for line in mistakes("status: retired\n"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ports/993.yaml", "status: retired\n"),
        ("order.yaml", "status: retired\n"),
        ("mine.yaml", "status: draft\n"),
        ("mine.yaml", "state: retired\n"),
    ],
)
def test_nothing_else_is_that_short(tmp_path: Path, name: str, text: str) -> None:
    """Ports and the order are always needed."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    assert check_folder(tmp_path)[1] != []


def test_bytes_that_are_no_text_are_a_mistake() -> None:
    """A binary file in the folder is named."""
    _, found = check([(Path("rules/x.yaml"), b"\xff\xfe")], "rules", Path("rules"))
    assert "is not UTF-8" in str(found[0])


def test_a_domain_belongs_to_one_provider() -> None:
    """Two providers that claim the same domain cannot both be right."""
    source = Path(__file__).parents[2] / "rules" / "providers" / "fastmail.yaml"
    content = source.read_bytes()
    base = Path("rules")
    files = [(base / "providers" / f"{name}.yaml", content) for name in ("one", "two")]
    _, found = check(files, "providers", base)
    assert any("stands in" in str(mistake) for mistake in found)


def test_the_bundled_knowledge_is_fine() -> None:
    """What we ship passes its own linter."""
    counts, found = check_folder(None)
    assert [str(mistake) for mistake in found] == []
    assert set(counts) == set(KINDS) - {"helpdesk"}
