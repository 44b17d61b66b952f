"""The pages that instructions become: well-formed, self-contained, and deaf to hostile words."""

import json
import re
import sys
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor._plugins import collect
from advisor.cli._instructions_page import markdown, text
from advisor.cli._output import Paint
from advisor.errors import InputError, RuleError
from advisor.instructions import instructions
from advisor.instructions.html import page
from advisor.instructions.templates import own_page
from advisor.knowledge.helpdesk import MAX_LOGO, helpdesk
from advisor.knowledge.languages import language
from advisor.knowledge.library import Library
from advisor.model.instructions import Failure, Helpdesk, Instructions, Notice
from advisor.model.text import printable
from tests.instructions.cases import clients, is_usable, library, report
from tests.run import advisor

EVIL = (
    "</td></title><script>x()</script>\"'><img src=//evil.test/x onerror=x()>\u202e\x1b[31m`{{7*7}}"
)
VOID = {"meta", "img"}
TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "img", "main", "ol",
    "ul", "li", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "section", "footer",
    "span",
}  # fmt: skip
# A page may show a code, and the address that is in it.
TAGS |= {"a", "div", "svg", "path"}


class Strict(HTMLParser):
    """Notes every tag and attribute; refuses what is not closed in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """A tag closes the last one that is open."""
        assert self.open.pop() == tag


def parsed(content: str) -> Strict:
    """*content*, read to its end."""
    reader = Strict()
    reader.feed(content)
    reader.close()
    assert reader.open == []
    return reader


def made(name: str = "thunderbird", tongue: str = "en") -> Instructions:
    """The instructions for the client *name*."""
    client = next(one for one in clients() if one.id == name)
    return instructions(report(client, "imap"), library(), tongue)


def poisoned(value: Any) -> Any:
    """*value* with something hostile in every text but the schema."""
    if isinstance(value, str):
        return EVIL + value
    if isinstance(value, tuple):
        return tuple(poisoned(one) for one in value)
    if isinstance(value, dict):
        return {key: poisoned(one) for key, one in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return replace(value, **{f.name: poisoned(getattr(value, f.name)) for f in fields(value)})
    return value


def hostile() -> Instructions:
    """Instructions out of which every word attacks."""
    full = replace(
        made(),
        notes=("note",),
        remarks=("remark",),
        untranslated=("more",),
        english=("shows", "name"),
        warnings=(Notice("shows", "means"),),
        failures=(Failure("cause", "shows", "means", ("fix",)),),
        helpdesk=Helpdesk("name", "contact", "data:image/png;base64,AAAA"),
        link="https://help.test/",
        code="code",
    )
    evil: Instructions = poisoned(full)
    return replace(
        evil,
        client=replace(evil.client, id="thunderbird-android"),
        helpdesk=replace(poisoned(full.helpdesk), logo="data:,"),
    )


@pytest.mark.parametrize("tongue", ["en", "de"])
def test_every_page_is_well_formed_and_alone(tongue: str) -> None:
    """It says its language, names its tables' heads, and loads nothing from anywhere."""
    words = language(library(), tongue)
    for client in clients():
        found = report(client, "imap")
        if not is_usable(found):
            continue
        content = page(instructions(found, library(), tongue), words)
        seen = parsed(content)
        assert seen.tags <= TAGS
        assert ("lang", tongue) in seen.attributes
        assert not re.search(r"""(src|href|url\()\s*=?\s*["']?(https?:)?//""", content)
        assert not {name for name, _ in seen.attributes} & {"src", "href", "onerror", "onclick"}
        assert content.count("<h1>") == 1
        assert content.count('scope="col"') == 2 * content.count("<table>")


def test_hostile_words_stay_words_in_a_page() -> None:
    """Whatever field they stand in: no tag, no attribute, no control or bidi sign."""
    content = page(hostile(), language(library(), "en"))
    seen = parsed(content)
    assert seen.tags <= TAGS
    assert {value for name, value in seen.attributes if name == "src"} == {"data:,"}
    assert not {name for name, _ in seen.attributes if name.startswith("on")}
    assert "\u202e" not in content
    assert "\x1b" not in content


def test_hostile_words_stay_words_on_a_terminal_and_in_markdown() -> None:
    """No sign that moves a cursor, no tag, no link."""
    words = language(library(), "en")
    shown = text(hostile(), words, Paint(on=False))
    ticket = markdown(hostile(), words)
    for content in (shown, ticket):
        assert "\u202e" not in content
        assert "\x1b" not in content
    in_code = re.compile(r"(?m)^ {8}.*$")
    assert not re.search(r"(?<!\\)<script", in_code.sub("", ticket))


def desk(folder: Path, **files: str | bytes) -> Library:
    """The knowledge with a helpdesk's folder over it."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Library([folder])


HOSTILE_DESK = """
name: "</x> $(id) \\" '; rm -rf {{7*7}} ]]> | `id` \\e[31m \\u202e end"
contact: "a\\u2066b <b>*x*</b> [y](https://evil.test) \\x07"
notes: {any: ["<script>1</script> %s \\u202e # head", "two\\nlines"], kmail: ["```x```"]}
"""


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json", "yaml"])
def test_a_hostile_helpdesk_stays_words_in_every_format(form: str, tmp_path: Path) -> None:
    """Nothing hidden comes out, nothing becomes a tag, and machines read it to the letter."""
    desk(tmp_path, helpdesk_DOT_yaml=HOSTILE_DESK)
    words = ["instructions", "a@posteo.de", "--client", "kmail", "--offline", "--format", form]
    ran = advisor(*words, "--rules", str(tmp_path))
    assert ran.code == 0, ran.err
    plain = ran.out.replace("\n", " ")
    assert printable(plain, len(plain)) == plain
    if form == "html":
        assert parsed(ran.out).tags <= TAGS
    if form in ("json", "yaml"):
        told = yaml.safe_load(ran.out)
        assert told["helpdesk"]["name"] == yaml.safe_load(HOSTILE_DESK)["name"]
        assert told["notes"][1] == "two lines"


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
DESK = "name: Our desk\ncontact: call 123\nlogo: logo.png\nnotes: {any: [Hello.], kmail: [Bye.]}\n"


def test_the_helpdesk_signs_its_pages(tmp_path: Path) -> None:
    """Name, contact, logo inside the file, and notes for every client or for one."""
    overlay = desk(tmp_path, helpdesk_DOT_yaml=DESK, logo_DOT_png=PNG)
    client = next(one for one in clients() if one.id == "thunderbird")
    found = instructions(report(client, "imap"), overlay)
    assert found.notes == ("Hello.",)
    content = page(found, language(overlay, "en"))
    assert "Our desk · call 123" in content
    assert '<img src="data:image/png;base64,iVBOR' in content


def test_a_published_profile_is_a_link_and_a_code(tmp_path: Path) -> None:
    """On the page of its client only, with the mail domain in it, and as a drawing to scan."""
    links = "name: x\nlinks: {ios-mail: 'https://help.test/{domain}.mobileconfig'}\n"
    overlay = desk(tmp_path, helpdesk_DOT_yaml=links)
    by_id = {one.id: one for one in clients()}
    found = instructions(report(by_id["ios-mail"], "imap"), overlay)
    assert found.link == "https://help.test/posteo.de.mobileconfig"
    content = page(found, language(overlay, "en"))
    assert parsed(content).tags <= TAGS
    assert content.count("<svg") == 1
    assert instructions(report(by_id["kmail"], "imap"), overlay).link is None


def test_an_account_is_a_code_for_the_app_that_scans_it() -> None:
    """On the page of one person; a domain has no user name, and other programs no camera."""
    client = next(one for one in clients() if one.id == "thunderbird-android")
    found = report(client, "imap")
    for tongue, says in (("en", "Scan QR code"), ("de", "QR-Code scannen")):
        made_of = instructions(found, library(), tongue)
        assert json.loads(made_of.code or "")[2][5] == "alice@posteo.de"
        content = page(made_of, language(library(), tongue))
        assert content.count("<svg") == 1
        assert says in content
    assert instructions(replace(found, address=None), library()).code is None
    assert made("kmail").code is None


def test_every_code_has_a_sentence_that_says_how_to_scan_it() -> None:
    """In each language; and its client is in the catalogue."""
    scanned_by = {one.scanned_by for one in collect("advisor.exporters", "EXPORTER").values()} - {
        ""
    }
    assert scanned_by
    assert scanned_by <= {one.id for one in clients()}
    for name in scanned_by:
        for tongue in ("en", "de"):
            assert language(library(), tongue).say(f"scan-{name}")


def test_an_account_that_no_code_can_hold_has_none() -> None:
    """The page is there all the same."""
    client = next(one for one in clients() if one.id == "thunderbird-android")
    found = replace(report(client, "imap"), address='"a b"@posteo.de')
    assert instructions(found, library()).code is None


def test_a_link_is_https(tmp_path: Path) -> None:
    """Nothing else is put into a page."""
    with pytest.raises(RuleError, match="expected an https address"):
        helpdesk(desk(tmp_path, helpdesk_DOT_yaml="name: x\nlinks: {a: 'javascript:x()'}\n"))


BAD_LOGOS = [(b"<html>", "is not what its name says"), (PNG + b"\0" * MAX_LOGO, "is too large")]


@pytest.mark.parametrize(("content", "says"), BAD_LOGOS, ids=[one[1] for one in BAD_LOGOS])
def test_a_logo_that_is_none_is_refused(content: bytes, says: str, tmp_path: Path) -> None:
    """In one line that names it."""
    with pytest.raises(InputError, match=says):
        helpdesk(desk(tmp_path, helpdesk_DOT_yaml=DESK, logo_DOT_png=content))


def test_a_logo_that_is_missing_is_refused(tmp_path: Path) -> None:
    """It is not left out in silence."""
    with pytest.raises(InputError, match="cannot be read"):
        helpdesk(desk(tmp_path, helpdesk_DOT_yaml=DESK))


def test_a_logo_stands_beside_its_file(tmp_path: Path) -> None:
    """No path out of the folder is taken."""
    with pytest.raises(RuleError, match="expected a picture beside this file"):
        helpdesk(desk(tmp_path, helpdesk_DOT_yaml="name: x\nlogo: ../../etc/x.png\n"))


def test_a_template_of_ones_own_is_escaped() -> None:
    """Hostile words stay words there too, and are not filled in a second time."""
    source = "<p>{{ client.name }}</p>{% for s in steps %}<b>{{ s.text|upper }}</b>{% endfor %}"
    content = own_page(source, hostile(), language(library(), "en"))
    assert parsed(content).tags == {"p", "b"}
    assert "{{7*7}}" in content
    assert "\x1b" not in content


BAD_TEMPLATES = [
    "{% include '/etc/passwd' %}", "{{ ''.__class__ }}", "{{ ''.__class__.__mro__ }}",
    "{% extends 'x' %}", "{% for a in steps recursive %}{{ loop(a) }}{% endfor %}",
    "{% for a in steps %}" + "x" * 600000 + "{% endfor %}", "{{ steps|map('upper') }}",
    "{{ steps.__len__() }}",
    "{% set x = 'a' ~ 'a' %}", "{{ 'a' * 999999999 }}", "{{ range(9) }}", "{{ nothing }}",
    "{% for a in steps %}", "{{ steps[99].text }}", "{% macro m() %}{{ m() }}{% endmacro %}",
    "{{ ['a', 'a']|join }}", "{{ '%999999999d'|format(1) }}", "{{ cycler.__init__ }}",
    "".join("{% for a in steps %}" for _ in range(4)) + "".join("{% endfor %}" for _ in range(4)),
]  # fmt: skip


def test_a_template_of_ones_own_has_the_codes() -> None:
    """As drawings, not as text; one that is not there is empty."""
    source = "<p>{{ drawings.code }}</p><i>{{ drawings.link }}</i>"
    content = own_page(source, made("thunderbird-android"), language(library(), "en"))
    assert content.count("<svg") == 1
    assert content.endswith("<i></i>")
    assert parsed(content).tags == {"p", "i", "svg", "path"}


def test_a_template_cannot_work_for_ever() -> None:
    """Not even over the letters of a logo, three times in each other, with nothing to show."""
    loops = "".join(f"{{% for {name} in helpdesk.logo %}}" for name in "abc")
    found = replace(made(), helpdesk=Helpdesk("x", None, "data:," + "A" * MAX_LOGO))
    with pytest.raises(InputError, match="loops more than 100000 times"):
        own_page(loops + "{% endfor %}" * 3, found, language(library(), "en"))


@pytest.mark.parametrize("source", BAD_TEMPLATES)
def test_a_template_cannot_call_load_or_grow(source: str) -> None:
    """Every such attempt is one line that names the file."""
    with pytest.raises(InputError, match=r"^templates/instructions\.html"):
        own_page(source, made(), language(library(), "en"))


def test_without_the_extras_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template needs Jinja2; a code that cannot be drawn is left out, its address stays."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.setitem(sys.modules, "segno", None)
    with pytest.raises(InputError, match=r"install mail-advisor\[templates\]"):
        own_page("", made(), language(library(), "en"))
    content = page(replace(made(), link="https://help.test/a"), language(library(), "en"))
    assert "https://help.test/a" in content
    assert "<svg" not in content


def test_the_settings_file_speaks_for_instructions_too(tmp_path: Path) -> None:
    """As for the other commands."""
    (tmp_path / "config.toml").write_text('format = "markdown"\n')
    words = ["instructions", "a@posteo.de", "--client", "kmail", "--offline"]
    assert advisor(*words, ADVISOR_CONFIG_DIR=str(tmp_path)).out.startswith("# a@posteo")


def test_the_command_writes_every_format(tmp_path: Path) -> None:
    """Text, Markdown, HTML and JSON, in the language that was asked for."""
    words = [
        "instructions",
        "alice@posteo.de",
        "--client",
        "kmail",
        "--offline",
        "--language",
        "de",
    ]
    assert "Tragen Sie den Server" in advisor(*words).out
    assert advisor(*words, "--format", "markdown").out.startswith("# alice@posteo")
    target = tmp_path / "page.html"
    assert advisor(*words, "--format", "html", "--output", str(target)).code == 0
    assert '<html lang="de">' in target.read_text(encoding="utf-8")
    told = json.loads(advisor(*words, "--format", "json").out)
    assert (told["schema"], told["language"]) == ("advisor.instructions/1", "de")


def test_all_clients_fill_a_folder_with_an_index(tmp_path: Path) -> None:
    """Every link of the index leads to a page, and every client stands in it."""
    folder = tmp_path / "pages"
    ran = advisor(
        "instructions", "a@posteo.de", "--all-clients", "--offline", "--output", str(folder)
    )
    assert (ran.code, ran.out) == (0, "")
    index = (folder / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'<a href="([^"]+)">', index)
    assert len(links) == len(set(links)) >= 65
    assert all((folder / link).is_file() for link in links)
    assert index.count("<li>") == len(clients())
    parsed(index)


WRONG = [
    (["--client", "kmail", "--language", "tlh"], "no language “tlh” is known; known: de (Deutsch)"),
    (["--all-clients"], "name a folder with --output DIR"),
    (["--all-clients", "--client", "kmail"], "not both"),
    (["--all-clients", "--output", "/dev/null"], "cannot be made a folder"),
    ([], "say which with --client NAME"),
]


@pytest.mark.parametrize(("words", "says"), WRONG, ids=[one[1] for one in WRONG])
def test_wrong_use_is_one_line(words: list[str], says: str) -> None:
    """That says what to do instead."""
    ran = advisor("instructions", "a@posteo.de", "--offline", *words)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert says in ran.err
