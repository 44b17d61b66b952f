"""``advisor clients``: the mail clients and their words."""

import json

import pytest

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
        (["Geary"], "Geary (geary, versions *)", False),
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


@pytest.mark.xfail(strict=True, reason="cli/clients.py _lines prints neither reads nor notes")
def test_show_tells_what_set_up_it_can_read() -> None:
    """Autoconfig, SRV, profiles: what an operator has to publish for it."""
    told = json.loads(advisor("clients", "show", "thunderbird", "--format", "json").out)
    page = advisor("clients", "show", "thunderbird").out
    assert told["reads"]
    assert all(word in page for word in told["reads"])


def test_show_as_data_has_every_source() -> None:
    """Each label with where it was read, and how sure that is."""
    told = json.loads(advisor("clients", "show", "outlook@2010", "--format", "json").out)
    assert (told["id"], told["version"], told["range"]) == ("outlook", "2010", "2007-2010")
    assert {one["confidence"] for one in told["labels"]} <= {
        "source", "vendor", "guide", "unverified",
    }  # fmt: skip
    assert all(one["source"] for one in (*told["labels"], *told["sign_in"], *told["limits"]))


def test_markdown_has_a_table() -> None:
    """For tickets."""
    lines = advisor("clients", "show", "geary", "--format", "markdown").out.splitlines()
    assert lines[0] == "## Geary"
    assert "| TLS | imap, smtp | TLS from the first byte |" in "\n".join(lines)


@pytest.mark.parametrize("name", ["thunderbrd", "outlok", "claws mial"])
def test_an_unknown_client_gets_the_nearest(name: str) -> None:
    """One line, exit code 2."""
    ran = advisor("clients", "show", name)
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean" in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("name", ["", "@2", "\x1b[31m", "☃", "x" * 5000])
def test_nonsense_is_one_line(name: str) -> None:
    """Without a control character, and not longer than a screen."""
    ran = advisor("clients", "show", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("advisor: no client called ")
    assert ran.err.strip().isprintable()
    assert len(ran.err) < 300
