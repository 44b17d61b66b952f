"""``advisor clients``: the mail clients and their words."""

import json

import pytest

from advisor.cli._client_page import text
from advisor.cli._output import Paint
from advisor.knowledge.clients import Clients
from advisor.knowledge.library import Library
from tests.run import advisor


def test_list_has_every_client_with_its_ranges() -> None:
    """One line each, and the same as data."""
    ran = advisor("clients", "list")
    rows = json.loads(advisor("clients", "list", "--format", "json").out)
    assert ran.code == 0
    assert len(rows) == len(ran.out.splitlines()) >= 45
    assert set(rows[0]) == {"id", "name", "kind", "versions", "origin"}
    thunderbird = next(row for row in rows if row["id"] == "thunderbird")
    assert thunderbird["versions"] == [">=132", "3.1-131", "3-3.0", "<3"]
    assert any(line.startswith("thunderbird ") for line in ran.out.splitlines())


@pytest.mark.parametrize(
    ("words", "first", "taken"),
    [
        (["thunderbird@2"], "Mozilla Thunderbird 2 (thunderbird, versions <3)", True),
        (["Outlook", "2016"], "Microsoft Outlook 2016 (outlook, versions 2013-2019)", True),
        (["outlook 2016"], "Microsoft Outlook 2016 (outlook, versions 2013-2019)", True),
        (["iPhone"], "Mail on iPhone and iPad (ios-mail, versions >=18)", True),
        (["tb", "2"], "Mozilla Thunderbird 2 (thunderbird, versions <3)", True),
        (["Geary"], "Geary (geary, all versions)", False),
    ],
)
def test_show_says_what_it_took_the_name_for(words: list[str], first: str, taken: bool) -> None:
    """On stderr, where it is not what was written."""
    ran = advisor("clients", "show", *words)
    assert (ran.code, ran.out.splitlines()[0]) == (0, first)
    assert ran.err.startswith("advisor: taken for ") is taken


def test_show_tells_labels_ports_menus_and_limits() -> None:
    """With what each does, and a doubt where nobody verified it."""
    page = " ".join(advisor("clients", "show", "tb 2").out.split())
    assert "“TLS” for imap, pop3: STARTTLS, required" in page
    assert "“TLS, if available” for imap, pop3: STARTTLS if offered, else clear text" in page
    assert "“SSL” for smtp: TLS from the first byte (may read differently in your version)" in page
    assert "Incoming: Tools > Account Settings" in page
    claws = " ".join(advisor("clients", "show", "claws mail").out.split())
    assert "smtp starttls 25" in claws


def test_show_tells_what_set_up_it_can_read() -> None:
    """Autoconfig, SRV, profiles: what an operator has to publish for it."""
    told = json.loads(advisor("clients", "show", "thunderbird", "--format", "json").out)
    page = advisor("clients", "show", "thunderbird").out
    assert told["reads"]
    assert all(word in page for word in told["reads"])


@pytest.mark.parametrize(
    ("client", "said"),
    [
        ("mutt", "It reads nothing that a provider publishes: enter the settings by hand."),
        ("tb 2", "Nobody has said what it can read."),
        ("geary", "It takes settings from the provider’s autoconfig file and Mozilla’s database"),
    ],
)
def test_show_tells_nothing_from_not_known(client: str, said: str) -> None:
    """A client that reads nothing, and one of which nobody knows, are not the same."""
    assert said in " ".join(advisor("clients", "show", client).out.split())


def test_a_label_that_depends_on_the_port_says_so() -> None:
    """One switch does two things; which one is told with the ports."""
    page = " ".join(advisor("clients", "show", "iphone").out.split())
    assert "“Use SSL” for imap, pop3, smtp on 993, 995 and 465: TLS from the first byte" in page
    page = " ".join(advisor("clients", "show", "outlook express").out.split())
    assert "for smtp on all ports but 25: TLS from the first byte" in page


def test_a_version_that_nobody_described_is_told() -> None:
    """With the one that is shown in its place."""
    ran = advisor("clients", "show", "eudora 99")
    assert ran.code == 0
    assert "nobody told us of version 99, what follows is known of versions 6-7.1" in ran.err


def test_show_tells_the_other_versions() -> None:
    """So that nobody reads the words of the wrong one."""
    page = " ".join(advisor("clients", "show", "tb 2").out.split())
    assert "other versions: >=132, 3.1-131, 3-3.0" in page


def test_sources_are_told_to_those_who_ask() -> None:
    """Where each label was read, and how sure that is."""
    short = advisor("clients", "show", "tb 2").out
    long = " ".join(advisor("--verbose", "clients", "show", "tb 2").out.split())
    assert "59cfa61e9d" not in short
    assert "[read in the program itself or its manual: comm-central 59cfa61e9d" in long
    assert "[nobody verified it: inferred from the title" in long


def test_every_client_fits_a_narrow_window() -> None:
    """No line is wider than 80 columns, whichever client it is, sources and all."""
    for client in Clients(Library().entries("clients")).every():
        page = text(client, ["*"], Paint(False), sources=True)
        wide = [line for line in page.splitlines() if len(line) > 80]
        assert all(" " not in line.strip() for line in wide), (client.id, wide)


def test_show_as_data_has_every_source() -> None:
    """Each label with where it was read, and how sure that is."""
    told = json.loads(advisor("clients", "show", "outlook@2010", "--format", "json").out)
    assert (told["id"], told["version"], told["range"]) == ("outlook", "2010", "2007-2010")
    assert {one["confidence"] for one in told["labels"]} <= {
        "measured", "source", "vendor", "guide", "unverified",
    }  # fmt: skip
    assert all(one["source"] for one in (*told["labels"], *told["sign_in"], *told["limits"]))


def test_markdown_has_a_table() -> None:
    """For tickets."""
    lines = advisor("clients", "show", "geary", "--format", "markdown").out.splitlines()
    assert lines[0] == "## Geary"
    assert "| TLS | imap, smtp | TLS from the first byte |" in "\n".join(lines)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("thunderbrd", "thunderbird"),
        ("outlok", "outlook"),
        ("claws mial", "claws-mail"),
        ("Airmail", "fairemail"),
    ],
)
def test_an_unknown_client_gets_the_nearest(name: str, near: str) -> None:
    """Three in one line, exit code 2, and the words of most clients in place of its own."""
    ran = advisor("clients", "show", name)
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    named = ran.err.partition("did you mean ")[2].partition("?")[0].split(", ")
    assert near in named
    assert len(named) == 3
    page = " ".join(ran.out.split())
    assert "“SSL/TLS” or “SSL”: TLS from the first byte; 993 for imap" in page
    assert "“STARTTLS”, “StartTLS” or “TLS”: STARTTLS, required; 143 for imap" in page
    assert "“None”: no encryption; never choose it" in page
    assert "“TLS” alone can be either of the first two" in page


@pytest.mark.parametrize(
    "words",
    [
        ["check", "--offline", "--protocol", "imap", "--port", "993", "--security", "SSL"],
        ["port", "imap"],
        ["recommend", "a@posteo.de", "--offline"],
        ["instructions", "a@posteo.de", "--offline"],
    ],
    ids=lambda words: words[0],
)
def test_every_command_names_the_nearest(words: list[str]) -> None:
    """One line, exit code 2, and nothing that could be taken for advice about that client."""
    ran = advisor(*words, "--client", "thunderbrd")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("advisor: no client called “thunderbrd” is known: did you mean thun")
    assert ran.err.count("\n") == 1


def test_the_common_words_come_in_every_format() -> None:
    """As data with their ports, and as a list for a ticket."""
    told = json.loads(advisor("clients", "show", "zzz", "--format", "json").out)
    assert [one["does"] for one in told["choices"]] == ["implicit", "starttls", "none"]
    assert told["choices"][0]["ports"] == {"imap": 993, "pop3": 995, "smtp": 465}
    assert told["unclear"] == ["TLS"]
    ticket = advisor("clients", "show", "zzz", "--format", "markdown").out
    assert ticket.startswith("## The words of most mail clients\n")


@pytest.mark.parametrize("name", ["", "@2", "\x1b[31m", "☃", "x" * 5000])
def test_nonsense_is_one_line(name: str) -> None:
    """Without a control character, and not longer than a screen."""
    ran = advisor("clients", "show", name)
    assert ran.code == 2
    assert ran.out.startswith("On most screens")
    assert ran.err.startswith("advisor: no client called ")
    assert ran.err.strip().isprintable()
    assert len(ran.err) < 300
