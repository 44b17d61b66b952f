"""Loading knowledge: overlays, the cache, and what happens when something is wrong."""

import json
from pathlib import Path

import pytest

from advisor import folders
from advisor.errors import InputError, RuleError
from advisor.knowledge import cache
from advisor.knowledge.library import Library
from tests.knowledge.test_lint import GOOD


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    """An empty folder for rules of one's own."""
    folder = tmp_path / "my-rules"
    folder.mkdir()
    return folder


def test_an_overlay_adds_a_rule(overlay: Path) -> None:
    """A new file is a new rule, and known as the operator's."""
    (overlay / "our-own.yaml").write_text(GOOD)
    assert Library([overlay]).entries("rules")["our-own"]["origin"] == "overlay"


def test_an_overlay_replaces_a_rule_by_its_id(overlay: Path) -> None:
    """The same id takes the place of the bundled one, in whatever folder it stands."""
    (overlay / "mine").mkdir()
    (overlay / "mine" / "no-tls.yaml").write_text(GOOD)
    rules = Library([overlay]).entries("rules")
    assert rules["no-tls"]["title"] == "Send through 465"
    assert len(rules) == len(Library().entries("rules"))


def test_later_overlays_win(overlay: Path, tmp_path: Path) -> None:
    """Overlays lie over each other in the order they are given."""
    second = tmp_path / "second"
    second.mkdir()
    (overlay / "mine.yaml").write_text(GOOD)
    (second / "mine.yaml").write_text(GOOD.replace("Send through 465", "Second"))
    assert Library([overlay, second]).entries("rules")["mine"]["title"] == "Second"


def test_an_overlay_can_bring_providers(overlay: Path) -> None:
    """A helpdesk's own provider is found by its domain."""
    source = Path(__file__).parents[2] / "rules" / "providers" / "fastmail.yaml"
    text = source.read_text().replace("domains: [", "domains: [corp.example, ", 1)
    (overlay / "providers").mkdir()
    (overlay / "providers" / "fastmail.yaml").write_text(text)
    assert "corp.example" in Library([overlay]).entries("providers")["fastmail"]["domains"]


@pytest.mark.parametrize(
    ("kind", "place", "key"),
    [
        ("rules", "transport", "starttls-only"),
        ("rules", ".", "starttls-only"),
        ("providers", "providers", "fastmail"),
        ("terms", "terms", "starttls"),
    ],
)
def test_an_overlay_retires_by_id(overlay: Path, kind: str, place: str, key: str) -> None:
    """One line takes it away, also from the cache, and nothing else."""
    (overlay / place).mkdir(exist_ok=True)
    (overlay / place / f"{key}.yaml").write_text("status: retired\n")
    for _ in range(2):
        found = Library([overlay]).entries(kind)
        assert set(Library().entries(kind)) - set(found) == {key}
    if kind == "rules":
        assert key not in {one.id for one in Library([overlay]).rulebook.rules["setting"].rules}


def test_a_later_overlay_brings_back_what_an_earlier_one_retired(
    overlay: Path, tmp_path: Path
) -> None:
    """They lie over each other in this, too."""
    second = tmp_path / "second"
    second.mkdir()
    (overlay / "no-tls.yaml").write_text("status: retired\n")
    (second / "no-tls.yaml").write_text(GOOD)
    assert "no-tls" in Library([overlay, second]).entries("rules")
    assert "no-tls" not in Library([second, overlay]).entries("rules")


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_a_name_that_no_folder_can_have_is_an_input_error(name: str) -> None:
    """One printable line."""
    with pytest.raises(InputError, match="is not a folder of rules") as caught:
        Library([Path(name)])
    assert str(caught.value).isprintable()


def test_an_overlay_that_is_no_folder_is_an_input_error(tmp_path: Path) -> None:
    """The message names the path and the option."""
    with pytest.raises(InputError, match="--rules"):
        Library([tmp_path / "missing"])


def test_wrong_rules_are_told_all_at_once(overlay: Path) -> None:
    """Two broken files give the mistakes of both."""
    (overlay / "one.yaml").write_text("title: [")
    (overlay / "two.yaml").write_text("[]")
    with pytest.raises(RuleError) as caught:
        Library([overlay]).entries("rules")
    assert {mistake.file for mistake in caught.value.mistakes} == {  # type: ignore[attr-defined]
        "my-rules/one.yaml",
        "my-rules/two.yaml",
    }


def test_the_version_changes_with_the_content(overlay: Path) -> None:
    """A report can be traced to the rules that made it."""
    before = Library([overlay]).version
    (overlay / "mine.yaml").write_text(GOOD)
    assert Library([overlay]).version != before


def test_the_cache_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second load parses nothing."""
    Library().entries("ports")
    monkeypatch.setattr("advisor.knowledge.lint.check", None)
    assert "993" in Library().entries("ports")


def damage(path: Path) -> None:
    """Change one byte in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path: Path) -> None:
    """Cut the file short."""
    path.write_bytes(path.read_bytes()[:100])


def forge(path: Path) -> None:
    """Other content under the old checksum."""
    checksum = path.read_bytes().partition(b"\n")[0]
    path.write_bytes(checksum + b"\n" + json.dumps({"1": {}}).encode())


def open_to_all(path: Path) -> None:
    """Somebody else could have written it."""
    forge(path)
    path.write_bytes(cache._checksum(b'{"1": {}}').encode() + b'\n{"1": {}}')
    path.chmod(0o666)


@pytest.mark.parametrize("spoil", [damage, truncate, forge, open_to_all])
def test_a_spoiled_cache_is_ignored(spoil: object) -> None:
    """Knowledge comes from the files again, and the cache is mended."""
    good = Library().entries("ports")
    for path in folders.cache().glob("ports-*.json"):
        spoil(path)  # type: ignore[operator]
    assert Library().entries("ports") == good


def test_a_cache_that_cannot_be_written_costs_only_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file where the folder should be: everything still works."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("ADVISOR_CACHE_DIR", str(blocked / "below"))
    assert "993" in Library().entries("ports")


def test_stale_cache_files_are_removed(overlay: Path) -> None:
    """Editing rules all day does not fill the disk."""
    for title in ("one", "two", "three"):
        (overlay / "mine.yaml").write_text(GOOD.replace("Send through 465", title))
        Library([overlay]).entries("rules")
    mine = cache.fingerprint(str(overlay.absolute()).encode()).hexdigest()[:8]
    assert len(list(folders.cache().glob(f"rules-{mine}-*.json"))) == 1
