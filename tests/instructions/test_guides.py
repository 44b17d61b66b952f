"""The steps of every client, for every kind of settings, in every language."""

import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.errors import ExportError
from advisor.instructions import instructions
from advisor.knowledge.checks import check
from advisor.knowledge.library import Library
from advisor.knowledge.versions import bounds
from advisor.model.instructions import Instructions
from advisor.model.language import places
from tests.instructions.cases import KINDS, clients, is_usable, library, report, survey

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
        for room in ("instructions", "cli", "model")
        for path in (PACKAGE / room).glob("*.py")
    )
    steps = [
        one["say"]
        for entry in library().entries("instructions").values()
        for guide in entry["guides"]
        for one in (*guide["steps"], *(guide.get("warnings") or ()))
        if "say" in one
    ]
    prefixes = ("field-", "value-", "method-", "security-", "place-", "word-", "source-", "scan-")
    for key in library().entries("languages")["en"]["sentences"]:
        assert key in steps or f'"{key}"' in source or key.startswith(prefixes), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_sentence(language: str) -> None:
    """With the same places as in English."""
    english = library().entries("languages")["en"]["sentences"]
    entry = library().entries("languages")[language]
    assert set(entry["sentences"]) == set(english)
    for key, sentence in entry["sentences"].items():
        assert places(sentence) == places(english[key]), key
    if language != "en":
        assert set(entry["labels"]) <= set(library().entries("clients"))


def test_german_speaks_the_labels_of_a_german_thunderbird() -> None:
    """As its own localisation has them."""
    found = made("thunderbird", language="de")
    entries = {e.field: e.value for s in found.steps for e in s.entries}
    assert entries["Verbindungssicherheit"] == "SSL/TLS"
    assert entries["Authentifizierungsmethode"] == "Passwort, normal"
    assert not any("englisch" in one for one in found.remarks)
    assert found.language == "de"


def test_an_unknown_label_stays_english_with_a_remark() -> None:
    """Nobody invents what a German screen says."""
    found = made("outlook-mac", language="de")
    assert any("englisch" in one for one in found.remarks)


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
    assert second.where == "~/.neomuttrc"


def told(name: str, kind: str = "imap", language: str = "en") -> list[tuple[str, str]]:
    """What belongs into which box, in the order of the steps."""
    return [(e.field, e.value) for s in made(name, kind, language).steps for e in s.entries]


def for_address(name: str, domain: str) -> Instructions:
    """The instructions for the client *name* and somebody at *domain*."""
    client = next(one for one in clients() if one.id == name)
    return instructions(survey(domain).report_for(client), library())


def test_a_guide_that_somebody_vouches_for_names_who() -> None:
    """Whatever is only general knowledge is marked as unverified, which the page tells."""
    for name, entry in library().entries("instructions").items():
        for guide in entry["guides"]:
            is_verified = guide["confidence"] != "unverified"
            assert not (is_verified and "general knowledge" in guide["source"]), name


def test_the_words_of_a_screen_are_known_to_the_catalogue() -> None:
    """What a screen calls a choice is a label of its client, and so is what it stands for."""
    by_id = {one.id: one for one in clients()}
    for name, entry in library().entries("instructions").items():
        words = [one.get("words") or {} for guide in entry["guides"] for one in guide["steps"]]
        spoken = {text for one in words for pair in one.items() for text in pair}
        if spoken:
            labels = {one.label for one in by_id[name].labels}
            assert spoken <= labels | {one.label for one in by_id[name].sign_in}, name


@pytest.mark.parametrize("kind", KINDS)
def test_no_step_is_told_twice(kind: str) -> None:
    """Two steps that read alike differ in the place or in the boxes."""
    for client in clients():
        found = report(client, kind)
        if is_usable(found):
            steps = instructions(found, library()).steps
            assert len(steps) == len(set(steps)), client.id


def test_the_provider_comes_first() -> None:
    """What has to be switched on or made there stands before anything in the program."""
    assert "switch on access for mail programs" in for_address("kmail", "web.de").steps[0].text
    assert "WEB.DE" in for_address("kmail", "web.de").steps[0].text
    assert for_address("kmail", "web.de").failures[0].cause == "protocol_disabled"
    assert "create an app password on Apple iCloud" in made("kmail", "app-password").steps[0].text
    assert "app password" not in made("kmail").steps[0].text


def test_claws_mail_is_told_as_its_wizard_asks() -> None:
    """Two tick boxes for the encryption there; the ports only afterwards, for sending above all."""
    boxes = told("claws-mail", "starttls")
    assert boxes.index(("Use TLS to connect to SMTP server", "switched on")) + 1 == boxes.index(
        ("Use STARTTLS command to start encryption", "switched on"), 8
    )
    assert ("SMTP port", "587") in boxes
    assert ("Use STARTTLS command to start encryption", "switched off") in told("claws-mail")


def test_evolution_gets_its_port_after_the_encryption() -> None:
    """Choosing that writes port 25 for sending with STARTTLS."""
    fields = [field for field, _ in told("evolution", "starttls")]
    assert fields.index("Encryption method") < fields.index("Port")
    assert ("Type", "PLAIN") in told("evolution")
    limits = next(one for one in clients() if one.id == "evolution").limits
    assert any(one.limit == "port-must-be-typed" for one in limits)


def test_geary_shows_its_box_only_after_a_failure() -> None:
    """With TLS nothing has to be chosen; with STARTTLS the first try fails."""
    after = [s for s in made("geary", "starttls").steps if "after a first try" in s.text]
    assert [s.entries[0].value for s in after] == ["StartTLS", "StartTLS"]
    assert not any("after a first try" in s.text for s in made("geary").steps)


def test_another_name_for_sending_is_asked_for() -> None:
    """iCloud reads with the part before the @ and sends with the whole address."""
    assert ("Login", "Use a different login") in told("geary", "app-password")
    assert ("Login", "Use same login as receiving") in told("geary")
    assert ("Use same settings as my incoming mail server", "chosen") in told("outlook")
    assert ("User name", "alice@icloud.com") in told("outlook", "app-password")


@pytest.mark.parametrize("name", ["mutt", "aerc", "himalaya", "mbsync", "msmtp", "claws-mail"])
def test_steps_sign_in_as_the_written_configuration_does(name: str) -> None:
    """With an app password where the provider takes one, with tokens where it does not."""
    google, microsoft = made(name, "oauth2"), for_address(name, "outlook.com")
    assert "create an app password" in google.steps[0].text
    assert not any("OAuth2" in one.text for one in google.steps)
    assert any("OAuth2" in one.text for one in microsoft.steps)


def test_messages_are_those_of_the_program_and_the_account() -> None:
    """No other program’s name, no code of POP3 in an IMAP account, the reader’s own server."""
    for name in ("claws-mail", "mutt"):
        assert not any((one.shows or "").startswith("msmtp:") for one in made(name).failures)
    shown = {one.cause: one.shows for one in made("outlook").failures}
    assert "user name and password" in (shown["wrong_password"] or "")
    assert "0x800CCC9" in next(o.shows or "" for o in made("outlook", "pop3").failures)
    shown = {one.cause: one.shows for one in made("aerc").failures}
    assert (shown["cert_name"] or "").endswith("not posteo.de")
    shown = {one.cause: one.shows for one in made("geary", language="de").failures}
    assert (shown["mode_mismatch"] or "").startswith("Konto wurde nicht erstellt")


def test_what_is_no_mail_program_has_settings_and_no_account() -> None:
    """A library is not told to add an account by hand."""
    assert made("django").steps[0].text.startswith("Open the settings of Django")
    assert made("bluemail").steps[0].text.startswith("Add an account by hand")


@pytest.mark.parametrize(
    "name",
    ["thunderbird-android", "evolution", "kmail", "geary", "claws-mail", "fairemail",
     "nextcloud-mail", "mutt", "roundcube"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["imap", "starttls", "oauth2"])
def test_german_is_complete_where_the_translation_is_public(name: str, kind: str) -> None:
    """No label is left in English unless the German program shows it so."""
    assert not any("englisch" in one for one in made(name, kind, "de").remarks)


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
    """A provider called like a fact of a sentence stays what it is called."""
    client = next(one for one in clients() if one.id == "thunderbird")
    found = report(client, "app-password")
    evil, code = "{client.name} {0} {", "app-password-required"
    finding = next(one for one in found.findings if one.code == code)
    renamed = replace(
        finding,
        message=finding.message.replace(finding.facts["provider.name"], evil),
        facts={"provider.name": evil},
    )
    told = instructions(replace(found, findings=(renamed,)), library(), "de").beware
    assert told[0].startswith(f"{evil} nimmt das Passwort")


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
