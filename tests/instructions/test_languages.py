"""No page in another language than English says a word of English that it could say in its own."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.discovery._planning import planned, sources
from advisor.engine.evaluate import fill, named
from advisor.instructions import instructions
from advisor.instructions.html import page as page_of
from advisor.knowledge.checks import check
from advisor.knowledge.languages import language
from advisor.knowledge.library import Library
from advisor.knowledge.lint import untranslated
from advisor.knowledge.translations import missing, shown
from advisor.model.client import Client
from advisor.model.instructions import Instructions
from advisor.model.report import Finding, Report, Severity
from tests.discovery.world import ALICE, context
from tests.instructions.cases import clients, is_usable, library, report, survey
from tests.run import advisor

LANGUAGES = sorted(set(library().entries("languages")) - {"en"})

# Words that stand in most English sentences, and in no German one.
ENGLISH = re.compile(r"\b(the|and|or|with|is|are|your|you|of|for|not|that|to|from|by|it)\b")
# What a page quotes, and words of a configuration.
QUOTED = re.compile(r"„[^„“]*“|'[^']*'")
CODE = re.compile(r"\S*[.=:/_]\S+")


def german_texts(page: Instructions) -> Iterator[str]:
    """What *page* says by itself, without what it says is English."""
    for step in page.steps:
        yield from (one for one in (step.text, step.then) if one)
        yield from (one.value for one in step.entries)
        yield from (one.field for one in step.entries)
    yield from (*page.beware, *page.remarks)
    yield from (one.means for one in page.warnings)
    for failure in page.failures:
        yield from (failure.means, *failure.fixes)


def check_page(page: Instructions) -> None:
    """Nothing on *page* is left in English without being marked."""
    assert page.untranslated == (), (
        "these texts of the rules, or parts of them, have no twin in "
        f"rules/languages/{page.language}.yaml; advisor rules lint names them"
    )
    labels = library().entries("languages")[page.language]["labels"]
    same = labels.get(page.client.id, {"words": {}})["words"].values()
    for said in german_texts(page):
        if said not in (*page.english, *same) and page.language == "de":
            own = QUOTED.sub("", said.replace(page.client.name, ""))
            found = ENGLISH.search(CODE.sub("", own))
            assert not found, f"“{found[0]}” looks English: {said}" if found else ""


def every_version() -> list[Client]:
    """Every client in every range of its versions."""
    names = [
        f"{key}@{version}"
        for key, entry in library().entries("clients").items()
        for one in entry["versions"]
        if (version := lowest(one["range"]))
    ]
    return [*clients(), *map(library().client, names)]


def lowest(range_: str) -> str | None:
    """A version in *range_*; None for all of them."""
    found = re.fullmatch(r"(?:>=)?([\d.]+)(?:-[\d.]+)?", range_)
    return found[1] if found else None


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_every_client_in_every_version(tongue: str) -> None:
    """The older ones have limits and choices of their own."""
    for client in every_version():
        found = survey("posteo.de").report_for(client)
        if is_usable(found):
            check_page(instructions(found, library(), tongue))


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_every_provider(tongue: str) -> None:
    """In a client that can do everything, and in one that can do little."""
    able, poor = (one for one in clients() if one.id in ("thunderbird", "printer"))
    for provider in library().entries("providers").values():
        for domain in provider["domains"][:1]:
            for client in (able, poor):
                found = survey(domain).report_for(client)
                if is_usable(found):
                    check_page(instructions(found, library(), tongue))


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_every_text_that_a_page_may_show(tongue: str) -> None:
    """Of every rule, provider, client, cause and message, met on a page above or not."""
    lacking = missing(library(), tongue)
    assert not lacking, f"rules/languages/{tongue}.yaml has no translation of:\n" + "\n".join(
        f"{said}  ({file})" for said, file in lacking.items()
    )


@cache
def in_thunderbird() -> Report:
    """A report to hang findings on."""
    client = next(one for one in clients() if one.id == "thunderbird")
    return report(client, "imap")


def told(tongue: str, code: str, given: dict[str, Any]) -> str | None:
    """What a page in *tongue* makes of the finding that the rule *code* raises from *given*."""
    template = library().entries("rules")[code]["then"]["finding"]
    finding = Finding(
        code, Severity.NOTE, fill(template, given), "", ("example.org",), (), "bundled",
        named(template, given),
    )  # fmt: skip
    found = replace(in_thunderbird(), findings=(finding,))
    return next(iter(instructions(found, library(), tongue).beware), None)


# What their examples say of a client or a provider is in no catalogue.
MADE_UP = {"client-leaks", "client-limits", "client-limits-here", "provider-notes"}
# The steps themselves say this.
SAID = {"client-types-port"}


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_every_finding_with_the_facts_of_its_examples(tongue: str) -> None:
    """Those of live checks too: the words, dates and lists in them are understood."""
    for code, rule in library().entries("rules").items():
        speaks = rule["each"] in ("setting", "source", "conflict", "domain")
        if not speaks or "finding" not in rule["then"] or code in MADE_UP | SAID:
            continue
        for example in rule["examples"]:
            if example["gives"] != "nothing":
                said = told(tongue, code, example["given"])
                assert said, f"{code}: a fact in “{example['name']}” has no word in {tongue}"
                assert not re.search(r"\{[a-z]+\.", said), said


def test_dates_lists_and_names_have_their_german_form() -> None:
    """As people write them, and not as the message has them."""
    day = {"setting.host": "a.test", "observed.cert_until": "3 March 2027"}
    assert "am 3. März 2027 ab" in (told("de", "cert-expires-soon", day) or "")
    trap = {"client.name": "X", "client.trap": "“TLS” and “Weg”", "client.label": "Continue"}
    assert "„TLS“ und „Weg“. " in (told("de", "ambiguous-label", trap) or "")
    assert "„Weiter“" in (told("de", "ambiguous-label", trap) or "")
    foreign = {"domain.shown": "a.test", "source.foreign": "b.test and c.test",
               "source.title": "the domain’s Autodiscover"}  # fmt: skip
    shown = told("de", "dns-unauthenticated-crossdomain", foreign) or ""
    assert shown.startswith("b.test und c.test wurde für a.test")
    assert "(Autodiscover der Domain)" in shown
    client = next(one for one in clients() if one.id == "printer")
    page = instructions(report(client, "imap"), library(), "de")
    assert page.client.name == "Drucker, Scanner oder Kopierer (allgemein)"
    assert any(one.startswith(f"{page.client.name}: ") for one in page.beware)


def test_a_quoted_label_is_that_of_the_client() -> None:
    """As a German screen shows it, where that is known; English and marked where it is not."""
    claws, fair = (one for one in clients() if one.id in ("claws-mail", "fairemail"))
    told = " ".join(instructions(report(claws, "starttls"), library(), "de").beware)
    assert "tragen Sie auf der Seite „Erweitert“ auch Port 587 ein" in told
    made = instructions(report(fair, "imap"), library(), "de")
    assert "muss „Harden SSL connections“ abgeschaltet sein" in " ".join(made.beware)
    assert "Harden SSL connections" in made.english


def test_every_source_has_a_word() -> None:
    """Findings name the sources by their titles."""
    titles = {question.title for _, question in planned(sources(), ALICE, context())}
    words = {
        said
        for key, said in library().entries("languages")["en"]["sentences"].items()
        if key.startswith("source-")
    }
    assert titles <= words


def test_what_has_no_translation_stands_apart() -> None:
    """In English, marked as such, and never mixed into the German ones."""
    client = next(one for one in clients() if one.id == "thunderbird")
    strange = Finding("no-such-rule", Severity.NOTE, "Beware of dogs.", "", ("a.test",), ())
    found = replace(report(client, "imap"), findings=(strange,))
    made = instructions(found, library(), "de")
    assert (made.untranslated, made.beware) == (("Beware of dogs.",), ())
    content = page_of(made, language(library(), "de"))
    assert '<ul lang="en">\n<li><p>Beware of dogs.</p></li>' in content
    assert instructions(found, library()).beware == ("Beware of dogs.",)


def test_what_stays_english_is_marked_in_the_page() -> None:
    """Labels that nobody knows in German, and messages that programs show."""
    places = messages = 0
    for client in clients():
        found = report(client, "imap")
        if not is_usable(found):
            continue
        made = instructions(found, library(), "de")
        content = page_of(made, language(library(), "de"))
        assert '<html lang="de">' in content
        for where in {step.where for step in made.steps} & set(made.english):
            assert f'<p class="where" lang="en">{escape(where or "")}</p>' in content
            places += 1
        for said in {one.shows for one in made.failures} & set(made.english):
            assert f'„<span lang="en">{escape(said or "")}</span>“' in content
            messages += 1
    assert places > 10
    assert messages > 10


def test_a_page_in_english_marks_nothing() -> None:
    """All of it is in the language that it says."""
    made = instructions(in_thunderbird(), library())
    assert "lang=" not in page_of(made, language(library(), "en")).replace('<html lang="en">', "")


HOUSE_RULE = """\
title: Ask us
status: stable
severity: note
each: domain
when: {}
then:
  finding: Rufen Sie wegen {domain.shown} vorher an.
because: So it is.
references:
  - {document: House, says: So it is.}
examples: []
"""


@pytest.mark.parametrize(("tongue", "is_apart"), [("language: de\n", False), ("", True)])
def test_a_helpdesk_says_what_language_it_speaks(
    tongue: str, is_apart: bool, tmp_path: Path
) -> None:
    """Then its rules and notes stand among the others; otherwise its rules count as English."""
    (tmp_path / "helpdesk.yaml").write_text(f"name: x\n{tongue}notes: {{any: [Hallo.]}}\n")
    speaks, silent = "gives: {finding: Rufen Sie wegen a.test vorher an.}", "gives: nothing"
    given = "given: {domain: {shown: a.test}}"
    examples = f"[{{name: a, {given}, {speaks}}}, {{name: b, {given}, {silent}}}]"
    (tmp_path / "ask-us.yaml").write_text(HOUSE_RULE.replace("[]", examples))
    overlay = Library([tmp_path])
    said = "Rufen Sie wegen posteo.de vorher an."
    rule = Finding(
        "ask-us", Severity.NOTE, said, "", ("a.test",), (), "overlay", {"domain.shown": "posteo.de"}
    )
    found = replace(in_thunderbird(), findings=(rule,))
    made = instructions(found, overlay, "de")
    assert (said in made.untranslated, said in made.beware) == (is_apart, not is_apart)
    content = page_of(made, language(overlay, "de"))
    assert ('<ul lang="en">' in content) is is_apart
    english = page_of(instructions(found, overlay, "en"), language(overlay, "en"))
    assert ('<ul lang="de">\n<li><p>Hallo.</p></li>' in english) is not is_apart


def language_file(folder: Path, texts: str) -> Path:
    """A language of one's own with *texts*, in *folder*."""
    path = folder / "languages" / "xx.yaml"
    path.parent.mkdir()
    sentences = library().entries("languages")["en"]["sentences"]
    words = yaml.safe_dump({"name": "X", "sentences": dict(sentences)}, allow_unicode=True)
    path.write_text(f"{words}verified: 2026-11-29\ntexts:\n{texts}", encoding="utf-8")
    return path


KNOWN = "Type the app password without its spaces."


def test_lint_names_what_is_stale_and_what_is_missing(tmp_path: Path) -> None:
    """With line and column, and the English as it reads now."""
    old = KNOWN.replace("spaces", "blanks")
    path = language_file(tmp_path, f"  {old}: eins\n  Nobody says this at all.: zwei\n")
    line = path.read_text(encoding="utf-8").splitlines().index(f"  {old}: eins") + 1
    ran = advisor("rules", "lint", str(tmp_path))
    assert ran.code == 1
    first, second = ran.out.splitlines()
    assert f"xx.yaml:{line}:3: no rule says “{old}” (any more)" in first
    assert f"it may read now: “{KNOWN}” (rules/providers/aol.yaml)" in first
    assert f"xx.yaml:{line + 1}:3: no rule says “Nobody says this at all.” (any more)" in second


def test_a_language_that_is_not_finished_is_fine(tmp_path: Path) -> None:
    """Lint lists what is left to do; the pages say the rest in English."""
    language_file(tmp_path, f"  {KNOWN}: eins\n")
    ran = advisor("rules", "lint", str(tmp_path))
    assert ran.code == 0
    todo = [one for one in ran.out.splitlines() if one.startswith("languages/xx.yaml: ")]
    assert len(todo) == len(shown(library())) - 1
    assert not any(KNOWN in one for one in todo)
    client = next(one for one in clients() if one.id == "thunderbird")
    made = instructions(report(client, "imap"), Library([tmp_path]), "xx")
    assert any(one.startswith("Posteo: Mail programs are locked out") for one in made.untranslated)
    assert made.failures[0].means in made.english


def test_a_translation_names_the_facts_of_its_english(tmp_path: Path) -> None:
    """No other would ever be filled in."""
    english = '"{domain.shown} is written {domain.name} in DNS"'
    path = language_file(tmp_path, f'  {english}: "{{domain.shwn}}"\n')
    _, mistakes = check([(path, path.read_bytes())], "languages", tmp_path)
    assert "names {domain.shwn}, which the English text does not" in str(mistakes[0])
    assert "did you mean “domain.shown”" in str(mistakes[0])


def test_the_bundled_languages_are_whole() -> None:
    """The linter has nothing to say of them."""
    assert untranslated(None) == {}


def test_the_index_is_in_the_language_too(tmp_path: Path) -> None:
    """Names, the reason for what is missing, and the tag."""
    words = ["instructions", "a@tuta.com", "--all-clients", "--offline", "--language", "de"]
    advisor(*words, "--format", "json", "--output", str(tmp_path / "pages"))
    index = json.loads((tmp_path / "pages" / "index.json").read_text(encoding="utf-8"))
    assert index["language"] == "de"
    assert {one["why"] for one in index["clients"]} == {
        "Hier lässt sich nichts Sicheres einrichten"
    }
    assert "Mail auf iPhone und iPad" in {one["name"] for one in index["clients"]}


def test_a_fact_is_kept_beside_its_message() -> None:
    """So that another sentence can name it."""
    client = next(one for one in clients() if one.id == "kmail")
    by_code = {one.code: one for one in survey("icloud.com").report_for(client).findings}
    assert by_code["provider-notes"].facts["provider.name"] == "Apple iCloud"
    assert by_code["starttls-only"].facts["setting.port"] == "587"
    assert by_code["starttls-only"].facts["setting.host"] in by_code["starttls-only"].message
