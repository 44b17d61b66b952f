"""The steps of every client, for every kind of settings, in every language."""

import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.errors import ExportError
from advisor.instructions import instructions
from advisor.knowledge.library import Library
from advisor.knowledge.lint import check
from advisor.knowledge.versions import bounds
from advisor.model.instructions import Instructions
from advisor.model.language import places
from tests.instructions.cases import KINDS, clients, is_usable, library, report

LANGUAGES = sorted(library().entries("languages"))
OWN = """thunderbird thunderbird-android outlook outlook-365 outlook-new outlook-mac outlook-mobile
apple-mail ios-mail gmail-app gmail-web samsung-email evolution kmail geary claws-mail em-client
roundcube nextcloud-mail fairemail mutt neomutt mbsync msmtp fetchmail getmail offlineimap himalaya
aerc""".split()  # noqa: SIM905 - a list of names


def texts(value: Any) -> list[str]:
    """Every text in *value*."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in texts(one)]
    return []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_client_gets_steps_with_nothing_left_to_fill_in(kind: str, language: str) -> None:
    """Each names the server where there is one to type, and a way to test."""
    for client in clients():
        found = report(client, kind)
        if not is_usable(found):
            with pytest.raises(ExportError, match="nothing safe is left"):
                instructions(found, library(), language)
            continue
        made = instructions(found, library(), language)
        assert len(made.steps) >= 2, client.id
        for text in texts(asdict(made)):
            assert not re.search(r"\{[a-z-]+\}|%[A-Z]+%", text), (client.id, text)


@pytest.mark.parametrize("kind", ["imap", "starttls", "app-password"])
def test_where_a_password_is_typed_the_server_is_too(kind: str) -> None:
    """Host, port and user name of everything that is set up stand in the boxes."""
    for client in clients():
        found = report(client, kind)
        if not is_usable(found):
            continue
        boxes = [e.value for s in instructions(found, library()).steps for e in s.entries]
        for settings in (found.incoming, found.outgoing):
            first = next((one for one in settings if one.is_usable), None)
            if first:
                assert any(first.host in one for one in boxes), client.id
                port = str(first.port)
                assert any(one == port or one.endswith(f":{port}") for one in boxes), client.id


def made(name: str, kind: str = "imap", language: str = "en") -> Instructions:
    """The instructions for the client *name*."""
    client = next(one for one in clients() if one.id == name)
    return instructions(report(client, kind), library(), language)


@pytest.mark.parametrize("name", OWN)
def test_these_clients_are_told_step_by_step(name: str) -> None:
    """By a file of their own, whose newest version is the catalogue's."""
    kind = "pop3" if name == "gmail-web" else "imap"
    generic = library().entries("languages")["en"]["sentences"]["remark-generic"]
    assert generic not in made(name, kind).remarks


def test_every_guide_belongs_to_a_client_and_to_one_version() -> None:
    """And nothing is told twice for a version."""
    known = set(library().entries("clients"))
    for name, entry in library().entries("instructions").items():
        assert name == "any" or name in known
        ranges = [bounds(one["range"]) for one in entry["guides"]]
        for at, (low, high) in enumerate(ranges):
            assert all(high <= a or b <= low for a, b in ranges[:at]), name


def test_the_errors_of_a_guide_are_known() -> None:
    """By the programs that error messages name."""
    programs = {
        where
        for family in library().entries("errors").values()
        for one in family["entries"]
        for where in one["where"]
    }
    for entry in library().entries("instructions").values():
        assert set(entry.get("errors") or ()) <= programs


def test_every_sentence_is_used() -> None:
    """By a guide or by the code; no language carries words that nobody reads."""
    from tests.test_layers import PACKAGE

    source = "".join(
        path.read_text()
        for room in ("instructions", "cli")
        for path in (PACKAGE / room).glob("*.py")
    )
    steps = [
        one["say"]
        for entry in library().entries("instructions").values()
        for guide in entry["guides"]
        for one in (*guide["steps"], *(guide.get("warnings") or ()))
        if "say" in one
    ]
    prefixes = ("field-", "value-", "method-", "security-", "scan-")
    for key in library().entries("languages")["en"]["sentences"]:
        assert key in steps or f'"{key}"' in source or key.startswith(prefixes), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_sentence(language: str) -> None:
    """With the same places as in English, and every cause of a failure."""
    english = library().entries("languages")["en"]["sentences"]
    entry = library().entries("languages")[language]
    assert set(entry["sentences"]) == set(english)
    for key, sentence in entry["sentences"].items():
        assert places(sentence) == places(english[key]), key
    if language != "en":
        assert set(entry["causes"]) == set(library().single("causes")["classes"])
        assert set(entry["findings"]) <= set(library().entries("rules"))
        assert set(entry["labels"]) <= set(library().entries("clients"))


def test_german_speaks_the_labels_of_a_german_thunderbird() -> None:
    """As its own localisation has them; what is unknown stays English, with a remark."""
    found = made("thunderbird", language="de")
    entries = {e.field: e.value for s in found.steps for e in s.entries}
    assert entries["Verbindungssicherheit"] == "SSL/TLS"
    assert entries["Authentifizierungsmethode"] == "Passwort, normal"
    assert any("englisch" in one for one in found.remarks)
    assert found.language == "de"


def test_a_sentence_without_translation_stands_apart() -> None:
    """Marked as English, never mixed into the German ones."""
    found = made("thunderbird", language="de")
    assert any(one.startswith("Posteo: Mail programs are locked out") for one in found.untranslated)
    assert not set(found.untranslated) & set(found.beware)
    assert made("thunderbird").untranslated == ()


def test_nobody_verified_says_so() -> None:
    """The steps of a guide without a source are told with a remark."""
    assert any("may read differently" in one for one in made("samsung-email").remarks)
    assert not any("may read differently" in one for one in made("thunderbird-android").remarks)


def test_an_app_password_is_asked_for_by_name() -> None:
    """Where the provider takes no other."""
    boxes = [e.value for s in made("kmail", "app-password").steps for e in s.entries]
    assert "an app password, not that of the account" in boxes
    assert made("kmail", "app-password").failures[0].cause == "app_password"


def test_oauth2_needs_no_password() -> None:
    """The program opens the provider's window instead."""
    found = made("thunderbird", "oauth2")
    assert not any("password" in e.value for s in found.steps for e in s.entries)
    assert any("provider’s own page" in one.text for one in found.steps)


def test_a_command_line_program_says_which_file() -> None:
    """And the command that writes it, with the address as one word of a shell."""
    first, second, *_ = made("neomutt").steps
    assert first.command == "advisor export neomutt alice@posteo.de"
    assert second.where == "~/.config/neomutt/neomuttrc"


# (the steps of a guide, line and column, what is said)
MISTAKES = [
    ("[]", "3:12", "at least 1"),
    ("[{say: begn}]", "3:19", "did you mean “begin”"),
    ("[{text: a, at: '{nowhere}'}]", "3:27", "the place {nowhere}"),
    ("[{at: a}]", "3:13", "either “say”"),
]


@pytest.mark.parametrize(("steps", "place", "says"), MISTAKES, ids=[one[2] for one in MISTAKES])
def test_a_mistake_in_a_guide_has_its_place(
    steps: str, place: str, says: str, tmp_path: Path
) -> None:
    """File, line, column, and what was expected."""
    content = (
        f"guides:\n  - range: '*'\n    steps: {steps}\n    confidence: guide\n    source: x\n"
        "verified: 2026-11-24\n"
    )
    path = tmp_path / "instructions" / "mine.yaml"
    _, mistakes = check([(path, content.encode())], "instructions", tmp_path)
    assert any(f":{place}:" in str(one) and says in str(one) for one in mistakes), mistakes


def test_a_language_that_lacks_a_sentence_is_a_mistake(tmp_path: Path) -> None:
    """Each missing one is named, with its English."""
    content = b"name: X\nsentences: {begin: 'x {strange}'}\nverified: 2026-11-24\n"
    _, mistakes = check([(tmp_path / "languages" / "xx.yaml", content)], "languages", tmp_path)
    told = " ".join(map(str, mistakes))
    assert "the sentence “save” is missing: Save the account." in told
    assert "the sentence “begin” has other places than English: none" in told


def test_what_is_filled_in_is_never_filled_again() -> None:
    """A provider called like a place of a sentence stays what it is called."""
    client = next(one for one in clients() if one.id == "thunderbird")
    found = report(client, "app-password")
    assert found.provider is not None
    named = replace(found, provider=replace(found.provider, name="{client} {0} {"))
    told = instructions(named, library(), "de").beware
    assert any(one.startswith("{client} {0} { nimmt das Passwort") for one in told)


def test_a_folder_of_ones_own_adds_guides_and_languages(tmp_path: Path) -> None:
    """Steps in one's own words for a client, and a translation that is one file."""
    (tmp_path / "instructions").mkdir()
    (tmp_path / "instructions" / "kmail.yaml").write_text(
        "guides:\n  - range: '*'\n    steps:\n      - text: Ask at room 7.\n"
        "      - {say: incoming, of: incoming, enter: [host]}\n"
        "    confidence: guide\n    source: us\nverified: 2026-11-24\n"
    )
    sentences = library().entries("languages")["en"]["sentences"]
    words = {**sentences, "incoming": "Serveur ({protocol})"}
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "fr.yaml").write_text(
        yaml.safe_dump({"name": "Français", "sentences": words, "verified": "2026-11-24"})
    )
    client = next(one for one in clients() if one.id == "kmail")
    found = instructions(report(client, "imap"), Library([tmp_path]), "fr")
    assert [one.text for one in found.steps] == ["Ask at room 7.", "Serveur (IMAP)"]
    assert found.language == "fr"
