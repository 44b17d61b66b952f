"""What the command line answers without any network."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.run import advisor


def valid(document: str, text: str) -> Any:
    """The JSON of *text*, which must fit the published schema of *document*."""
    schema = json.loads(advisor("schema", document).out)
    found = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(found, schema)
    return found


def test_recommend_answers_from_the_catalogue() -> None:
    """The two settings stand first, and it says that nothing was checked."""
    ran = advisor("recommend", "jane@gmail.com", "--offline")
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert lines[0].startswith("jane@gmail.com · Google")
    assert lines[2].split()[:5] == ["Incoming", "IMAP", "imap.gmail.com", "993", "SSL/TLS"]
    assert lines[3].split()[:5] == ["Outgoing", "SMTP", "smtp.gmail.com", "465", "SSL/TLS"]
    assert "Nothing was checked live" in ran.out
    assert "\x1b" not in ran.out


def test_verbose_tells_how_each_answer_came() -> None:
    """Every step, with how it was protected."""
    ran = advisor("recommend", "jane@gmail.com", "--offline", "--verbose")
    assert "by what came with advisor: the list of providers" in ran.out


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--trust-anchor", "no-such-file", "--trust-anchor no-such-file is not a file"),
        ("--trust-anchor", "", "is not a file"),
    ],
)
def test_a_trust_anchor_that_is_none_is_refused(option: str, value: str, says: str) -> None:
    """One line, exit code 2."""
    ran = advisor("recommend", "jane@gmail.com", option, value)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_an_unknown_domain_offline_is_nothing_found() -> None:
    """Exit code 3, and no guess is sold as knowledge."""
    ran = advisor("recommend", "jane@unknown.example", "--offline")
    assert ran.code == 3
    assert "No settings were found" in ran.out


def test_the_report_fits_its_schema() -> None:
    """And holds what the page says."""
    ran = advisor("recommend", "jane@gmail.com", "--offline", "--format", "json")
    report = valid("report", ran.out)
    assert report["schema"] == "advisor.report/1"
    assert (report["status"], report["network"]["offline"]) == ("ok", True)
    first = report["outgoing"][0]
    assert (first["port"], first["security"], first["verdict"]) == (465, "tls", "recommended")
    assert (first["live"], first["trust"]) == ("not-checked", "authenticated")
    skipped = {row["id"] for row in report["sources"] if row["outcome"] == "skipped"}
    assert {"autoconfig-https", "srv", "ispdb"} <= skipped


def test_the_same_question_gives_the_same_report() -> None:
    """To the byte, but for the time."""
    told = [
        json.loads(advisor("recommend", "a@fastmail.com", "--offline", "--format", "json").out)
        for _ in range(2)
    ]
    for report in told:
        report.pop("asked_at")
        for row in report["sources"]:
            row.pop("seconds")
    assert json.dumps(told[0]) == json.dumps(told[1])


@pytest.mark.parametrize("form", ["yaml", "markdown"])
def test_other_formats_hold_the_same_settings(form: str) -> None:
    """YAML for people who script in it, Markdown for tickets."""
    ran = advisor("recommend", "jane@gmail.com", "--offline", "--format", form)
    assert ran.code == 0
    assert "imap.gmail.com" in ran.out
    assert "smtp.gmail.com" in ran.out


def test_an_idn_domain_is_known_in_both_forms() -> None:
    """bücher.example and xn--bcher-kva.example are one domain."""
    told = [
        json.loads(advisor("recommend", f"a@{name}", "--offline", "--format", "json").out)
        for name in ("bücher.example", "xn--bcher-kva.example")
    ]
    assert [(r["domain"], r["domain_unicode"], r["address"]) for r in told] == [
        ("xn--bcher-kva.example", "bücher.example", "a@xn--bcher-kva.example")
    ] * 2


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (["imap"], "IMAP: port 993 with SSL/TLS (implicit TLS)"),
        (["pop3"], "POP3: port 995 with SSL/TLS (implicit TLS)"),
        (["smtp"], "Outgoing mail (SMTP): port 465 with SSL/TLS (implicit TLS)"),
        (["465", "587"], "Port 465 with SSL/TLS (implicit TLS) first, then 587"),
        (["587", "465"], "Port 465 with SSL/TLS (implicit TLS) first, then 587"),
        (["which port for outgoing mail?"], "Outgoing mail (SMTP): port 465"),
    ],
)
def test_port_answers_in_its_first_line(question: list[str], answer: str) -> None:
    """The direct answer comes first."""
    ran = advisor("port", *question)
    assert ran.code == 0
    assert ran.out.splitlines()[0].startswith(answer)


def test_the_answer_about_ports_fits_its_schema() -> None:
    """587 is right too: acceptable, with the trade-off in words."""
    told = valid("answer", advisor("port", "465", "587", "--format", "json").out)
    assert [(s["port"], s["verdict"]) for s in told["settings"]] == [
        (465, "recommended"),
        (587, "acceptable"),
    ]
    assert told["because"]


@pytest.mark.parametrize("port", ["25", "110", "143", "465", "587", "993", "995", "4190"])
def test_every_mail_port_is_explained(port: str) -> None:
    """One line that says what it is for, then why."""
    told = valid("answer", advisor("port", port, "--format", "json").out)
    assert told["answer"]
    assert told["references"]


def test_explain_knows_old_thunderbirds_dialect() -> None:
    """“TLS, if available” falls back to clear text; “TLS” required STARTTLS."""
    told = advisor("explain", "TLS, if available", "--client", "thunderbird@2")
    assert told.code == 0
    assert "STARTTLS" in told.out
    word = valid(
        "term", advisor("explain", "TLS", "--client", "thunderbird@2", "--format", "json").out
    )
    assert word["meanings"]
    assert all("thunderbird" in one["where"] for one in word["meanings"])


@pytest.mark.parametrize("term", ["STARTTLS", "starttls", "no-tls", "LOGINDISABLED", "465"])
def test_explain_knows_terms_codes_and_ports(term: str) -> None:
    """However they are written."""
    assert advisor("explain", term).code == 0


def test_explain_offers_what_is_near() -> None:
    """An unknown word is nothing found, with a hint."""
    ran = advisor("explain", "STARTLTS")
    assert ran.code == 3
    assert "STARTTLS" in ran.err


def test_export_autoconfig_from_the_catalogue() -> None:
    """Offline too, placeholders instead of the address."""
    ran = advisor("export", "autoconfig", "jane@gmail.com", "--offline")
    assert ran.code == 0
    assert "<hostname>imap.gmail.com</hostname>" in ran.out
    assert "%EMAILADDRESS%" in ran.out
    assert "jane" not in ran.out


def test_export_json_is_the_report() -> None:
    """The same document as recommend --format json."""
    valid("report", advisor("export", "json", "jane@gmail.com", "--offline").out)


def test_export_to_a_file_writes_it_whole(tmp_path: Path) -> None:
    """Nothing on stdout, no draft left beside it."""
    target = tmp_path / "config.xml"
    ran = advisor("export", "autoconfig", "gmail.com", "--offline", "--output", str(target))
    assert (ran.code, ran.out) == (0, "")
    assert target.read_text().startswith("<?xml")
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_to_export_says_so() -> None:
    """One line, no document."""
    ran = advisor("export", "autoconfig", "unknown.example", "--offline")
    assert (ran.code, ran.out) == (3, "")
    assert "no safe incoming server" in ran.err


def test_one_changed_preference_changes_the_advice(tmp_path: Path) -> None:
    """587 before 465 by one file of one's own, which is named as the reason."""
    bundled = Path(__file__).parents[2] / "rules" / "transport" / "submission-587-starttls.yaml"
    text = bundled.read_text()
    assert "prefer: 10" in text
    (tmp_path / bundled.name).write_text(text.replace("prefer: 10", "prefer: 30"))
    assert advisor("rules", "lint", str(tmp_path)).code == 0
    ran = advisor(
        "recommend", "a@posteo.de", "--offline", "--format", "json", "--rules", str(tmp_path)
    )
    first = json.loads(ran.out)["outgoing"][0]
    assert first["port"] == 587
    assert ("submission-587-starttls", "overlay") in {
        (reason["rule"], reason["origin"]) for reason in first["reasons"]
    }
    page = advisor("recommend", "a@posteo.de", "--offline", "--rules", str(tmp_path)).out
    assert "your rule submission-587-starttls" in " ".join(page.split())
    assert advisor("port", "smtp", "--rules", str(tmp_path)).out.startswith(
        "Outgoing mail (SMTP): port 587"
    )


@pytest.mark.parametrize(
    "words", [["rules", "list"], ["rules", "facts"], ["providers", "list"], ["schema", "probe"]]
)
def test_lists_print(words: list[str]) -> None:
    """Everything that can be listed is."""
    assert len(advisor(*words).out.splitlines()) > 20


def test_show_a_rule_and_a_provider() -> None:
    """By id, and a provider also by a domain of its."""
    assert "RFC 8314" in advisor("rules", "show", "submission-465-first").out
    assert advisor("providers", "show", "gmail.com").out.startswith("Google")


def test_rules_test_runs_every_example() -> None:
    """And says how many."""
    ran = advisor("rules", "test")
    assert ran.code == 0
    assert ran.out.endswith(" passed, 0 failed\n")


def test_configuration_gives_defaults(tmp_path: Path) -> None:
    """config.toml sets options; the command line overrides it."""
    (tmp_path / "config.toml").write_text('format = "json"\n')
    ran = advisor("recommend", "a@gmail.com", "--offline", ADVISOR_CONFIG_DIR=str(tmp_path))
    assert ran.out.startswith("{")
    over = advisor(
        "recommend", "a@gmail.com", "--offline", "--format", "text",
        ADVISOR_CONFIG_DIR=str(tmp_path),
    )  # fmt: skip
    assert over.out.startswith("a@gmail.com")


def test_rules_in_the_configuration_folder_count(tmp_path: Path) -> None:
    """An operator's own rules need no option."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "no-tls.yaml").write_text("title: [")
    ran = advisor("port", "imap", ADVISOR_CONFIG_DIR=str(tmp_path))
    assert ran.code == 2
    assert "no-tls.yaml:2:1" in ran.err


def test_help_of_every_command_begins_with_an_example() -> None:
    """A newcomer can copy the first line."""
    names = ["recommend", "port", "explain", "probe", "export", "schema", "rules", "providers"]
    for name in names:
        text = advisor(name, "--help").out
        assert f"advisor {name}" in "".join(text.splitlines()[2:4]), name


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        (["smtp", "993"], "993 belongs to IMAP, not to SMTP. Port 993 is for reading"),
        (["imap", "587"], "587 belongs to SMTP, not to IMAP. Port 587 is for sending"),
        (["which port for incoming mail, 465?"], "465 belongs to SMTP, not to IMAP or POP3."),
        (["imap", "993"], "Port 993 is for reading"),
        (["incoming", "995"], "Port 995 "),
    ],
)
def test_a_port_of_another_protocol_is_told_first(question: list[str], begins: str) -> None:
    """Before what it is for."""
    assert advisor("port", *question).out.startswith(begins)


WITH_FORMAT = [
    ["recommend", "a@gmail.com", "--offline"],
    ["port", "imap"],
    ["explain", "TLS"],
    ["rules", "list"],
    ["rules", "show", "no-tls"],
    ["rules", "facts"],
    ["providers", "list"],
    ["providers", "show", "fastmail"],
]


@pytest.mark.parametrize("words", WITH_FORMAT, ids=lambda words: " ".join(words[:2]))
def test_a_configured_format_reaches_every_command(tmp_path: Path, words: list[str]) -> None:
    """Sub-commands too."""
    (tmp_path / "config.toml").write_text('format = "json"\n')
    assert json.loads(advisor(*words, ADVISOR_CONFIG_DIR=str(tmp_path)).out)


def test_a_configured_name_server_may_be_one_or_several(tmp_path: Path) -> None:
    """Either way it is checked like the option."""
    for text in ('nameserver = "no name server"\n', 'nameserver = ["no name server"]\n'):
        (tmp_path / "config.toml").write_text(text)
        ran = advisor("recommend", "a@gmail.com", ADVISOR_CONFIG_DIR=str(tmp_path))
        assert ran.code == 2
        assert "no name server" in ran.err


def commands() -> list[list[str]]:
    """Every command and sub-command."""
    groups = {"rules": ["list", "show", "facts", "lint", "test"], "providers": ["list", "show"]}
    single = ["recommend", "port", "explain", "probe", "export", "schema"]
    return [[one] for one in single] + [[g, one] for g, subs in groups.items() for one in subs]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_help_names_every_option_in_full(words: list[str]) -> None:
    """In a narrow terminal as well: no frames, nothing cut off."""
    text = advisor(*words, "--help", COLUMNS="60").out
    assert not set(text) & set("╭│…")
    assert {word for word in text.split() if word.startswith("--")} == {
        word for word in advisor(*words, "--help", COLUMNS="200").out.split() if word[:2] == "--"
    }


def test_the_help_of_probe_says_what_can_be_probed() -> None:
    """Every protocol that has a dialogue."""
    text = " ".join(advisor("probe", "--help", COLUMNS="200").out.split())
    assert "imap|pop3|smtp|managesieve" in text


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_provider_is_shown_in_the_words_of_mail_programs(form: str) -> None:
    """SSL/TLS, never a bare “tls”."""
    out = advisor("providers", "show", "fastmail", "--format", form).out
    assert "SSL/TLS" in out
    assert not {"tls", "starttls"} & set(out.split())


HOSTILE = "<img src=x> [a](x) a|b https://evil.example"


def test_nothing_of_an_overlay_is_markup(tmp_path: Path) -> None:
    """Rules, providers and terms of one's own stay text in Markdown, also in lists."""
    home = Path(__file__).parents[2] / "rules"
    (tmp_path / "providers").mkdir()
    (tmp_path / "terms").mkdir()
    for path, field in (
        ("transport/no-tls.yaml", "title"),
        ("providers/fastmail.yaml", "name"),
        ("terms/starttls.yaml", "term"),
    ):
        lines = (home / path).read_text().splitlines()
        lines = [f'{field}: "{HOSTILE}"' if one.startswith(f"{field}: ") else one for one in lines]
        (tmp_path / path.removeprefix("transport/")).write_text("\n".join(lines))
    for words in (
        ["rules", "list"],
        ["rules", "show", "no-tls"],
        ["providers", "list"],
        ["providers", "show", "fastmail"],
        ["explain", HOSTILE],
        ["explain", "no-tls"],  # its title
    ):
        out = advisor(*words, "--format", "markdown", "--rules", str(tmp_path)).out
        assert "evil.example" in out
        bare = re.sub(r"\\.", "", out)
        for markup in ("<img", "[a", "a|b", "://evil"):
            assert markup not in bare, words


def test_an_overlays_provider_wins_everywhere(tmp_path: Path) -> None:
    """The same one for recommend and for providers show."""
    bundled = Path(__file__).parents[2] / "rules" / "providers" / "fastmail.yaml"
    text = bundled.read_text().replace("name: Fastmail", "name: Our Own")
    (tmp_path / "providers").mkdir()
    (tmp_path / "providers" / "aaa.yaml").write_text(text)
    own = ["--rules", str(tmp_path)]
    assert advisor("providers", "show", "fastmail.com", *own).out.startswith("Our Own (aaa)")
    page = advisor("recommend", "a@fastmail.com", "--offline", *own).out
    assert page.startswith("a@fastmail.com · Our Own")


def test_an_overlay_retires_a_provider(tmp_path: Path) -> None:
    """Nothing is known of its domains any more."""
    (tmp_path / "providers").mkdir()
    (tmp_path / "providers" / "fastmail.yaml").write_text("status: retired\n")
    own = ["--rules", str(tmp_path)]
    assert advisor("rules", "lint", str(tmp_path)).code == 0
    assert advisor("providers", "show", "fastmail.com", *own).code == 2
    assert advisor("recommend", "a@fastmail.com", "--offline", *own).code == 3


def test_a_bridge_on_the_own_computer_is_not_exported() -> None:
    """Proton Mail: one line says why."""
    ran = advisor("export", "autoconfig", "a@proton.me", "--offline")
    assert (ran.code, ran.out) == (1, "")
    assert "on the user's own computer" in ran.err
    assert ran.err.count("\n") == 1
