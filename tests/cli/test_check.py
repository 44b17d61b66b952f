"""``advisor check``: settings that somebody already has."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_offline import valid
from tests.run import Ran, advisor


def check(words: str, *more: str) -> Ran:
    """The settings ``protocol host port label``, offline; the host may be ``-``."""
    protocol, host, port, label = words.split(" ", 3)
    where = [] if host == "-" else ["--host", host]
    return advisor(
        "check", "--offline", "--protocol", protocol, *where, "--port", port, "--security", label,
        *more,
    )  # fmt: skip


def told(words: str, *more: str) -> Any:
    """The same as data, which must fit the published schema."""
    return valid("check", check(words, *more, "--format", "json").out)


def page(ran: Ran) -> str:
    """What was printed, without its line breaks."""
    return " ".join(ran.out.split())


# (settings, more, first line, exit code)
FIRST_LINES = [
    ("imap imap.example.org 993 SSL/TLS", [], "These settings are right.", 0),
    ("imap - 993 SSL/TLS", [], "These settings are right.", 0),
    ("imap imap.example.org 143 SSL/TLS", [], "These settings are wrong.", 1),
    ("smtp smtp.example.org 465 STARTTLS", [], "These settings are wrong.", 1),
    ("smtp smtp.example.org 25 STARTTLS", [], "These settings are risky.", 0),
    ("imap imap.example.org 143 TLS", [], "Nobody can tell from this alone.", 0),
    ("imap mail.example.org 143 TLS", ["--client", "tb 2"], "These settings are right.", 0),
    ("smtp s.example.org 587 STARTTLS", ["--no-login"], "These settings are wrong.", 1),
]


@pytest.mark.parametrize(("words", "more", "first", "code"), FIRST_LINES)
def test_the_verdict_stands_first(words: str, more: list[str], first: str, code: int) -> None:
    """And the exit code says whether something is wrong."""
    ran = check(words, *more)
    assert (ran.out.splitlines()[0], ran.code) == (first, code)
    quiet = check(words, *more, "--quiet")
    assert quiet.out == f"{first}\n"


def test_it_says_what_the_label_does_and_what_to_change() -> None:
    """In the client's words, field by field, with the old value and the reason."""
    ran = check("imap mail.example.org 993 TLS", "--client", "Outlook 2016")
    text = page(ran)
    assert "“TLS” in Microsoft Outlook 2016 means STARTTLS, and no connection if it is not" in text
    assert "security to SSL (was: TLS)" in text
    assert "advisor: taken for" in check("imap - 993 SSL", "--client", "tb 2").err


def test_a_label_nobody_verified_carries_a_doubt() -> None:
    """It may read differently in another version."""
    doubt = "It may read differently in your version."
    assert doubt in page(check("imap i.example.org 993 SSL", "--client", "samsung email"))
    assert doubt not in page(check("imap i.example.org 993 TLS", "--client", "geary"))


def test_the_report_fits_its_schema() -> None:
    """With the fixed names: means, changes with from and to, live."""
    report = told("imap mail.example.org 143 TLS, if available", "--client", "thunderbird@2")
    assert report["schema"] == "advisor.check/1"
    assert report["verdict"] == "wrong"
    assert report["client"]["id"] == "thunderbird"
    assert (report["means"]["security"], report["means"]["opportunistic"]) == ("starttls", True)
    (change,) = report["changes"]
    assert set(change) == {"field", "from", "to", "because"}
    assert (change["field"], change["from"], change["to"]) == (
        "security",
        "TLS, if available",
        "TLS",
    )
    assert (report["live"], report["observation"]) == ("not-checked", None)
    assert report["findings"]


def test_without_a_client_the_report_says_null() -> None:
    """And the word stays untold."""
    report = told("imap - 143 TLS")
    assert (report["client"], report["host"], report["verdict"]) == (None, None, "cannot-tell")
    assert report["means"]["security"] is None


@pytest.mark.parametrize("form", ["yaml", "markdown"])
def test_other_formats_say_the_same(form: str) -> None:
    """For scripts and for tickets."""
    ran = check("imap imap.example.org 143 SSL/TLS", "--format", form)
    assert ran.code == 1
    assert "993" in ran.out


def test_a_named_program_is_not_asked_for_again() -> None:
    """A label that it does not have is another matter."""
    text = page(check("imap i.example.org 993 Safe", "--client", "thunderbird"))
    assert "without the name of the program" not in text


def test_it_does_not_say_works_where_nobody_looked() -> None:
    """“These settings work, at a risk” is only known after a look at the server."""
    assert "work" not in check("smtp smtp.example.org 25 STARTTLS").out.splitlines()[0]


BAD = [
    ("imap - 0 STARTTLS", [], "--port 0 is no port"),
    ("imap - 70000 STARTTLS", [], "--port 70000 is no port"),
    ("managesieve - 4190 STARTTLS", [], "managesieve is none of imap, pop3 and smtp"),
    ("imap -x 143 STARTTLS", [], "--host -x is no host name"),
    ("imap a..b 143 STARTTLS", [], "is no host name"),
    ("imap - 143 STARTTLS", ["--client", "zzzz"], "no client called “zzzz” is known"),
    ("nntp - 119 STARTTLS", [], "nntp"),
    ("imap https://mail.example.org/ 993 TLS", [], "give the name alone, mail.example.org"),
    ("imap mail.example.org:993 993 TLS", [], "mail.example.org, and the port to --port (993)"),
    ("imap [2001:db8::1]:993 993 TLS", [], "give the name alone, 2001:db8::1"),
    ("imap jane@example.org 993 TLS", [], "this is an e-mail address"),
    ("imap nas 993 TLS", [], "give it in full"),
    ("imap 999.1.1.1 993 TLS", [], "is no host name"),
    ("imap fe80::1%eth0 993 TLS", [], "is no host name"),
    ("imap \U0001f4ec.example.org 993 TLS", [], "is no host name"),
    ("imap  993 TLS", [], "--host is empty"),
    ("imap - 993  ", [], "--security is empty"),
]


@pytest.mark.parametrize(("words", "more", "said"), BAD)
def test_bad_input_is_one_line(words: str, more: list[str], said: str) -> None:
    """Exit code 2, and what is wrong."""
    ran = check(words, *more)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


HOSTS = [
    ("mail.example.org.", "mail.example.org"),
    ("Mail.Example.ORG", "mail.example.org"),
    ("b\u00fccher.example", "xn--bcher-kva.example"),
    ("localhost", "localhost"),
    ("192.0.2.1", "192.0.2.1"),
    ("[2001:DB8::1]", "2001:db8::1"),
]


@pytest.mark.parametrize(("text", "host"), HOSTS)
def test_a_host_is_taken_as_people_write_it(text: str, host: str) -> None:
    """With a final dot, in any case and script, or as an address."""
    assert told(f"imap {text} 993 SSL/TLS")["host"] == host


def test_pop_is_pop3() -> None:
    """People write either, in any case."""
    assert told("POP - 995 SSL/TLS")["protocol"] == "pop3"


def test_the_reason_stands_once_and_sources_are_for_the_curious() -> None:
    """Under what it explains, not under every field again."""
    words = "imap imap.example.org 143 None"
    reason = "everyone between you and the server can read the password"
    assert page(check(words)).count(reason) == 1
    assert "RFC 8314" not in check(words).out
    assert "RFC 8314 §4:" in check(words, "--verbose").out


def test_lines_stay_within_the_page() -> None:
    """Also where the program's own words are long."""
    label = "Don't use TLS (but, if necessary, use STARTTLS)"
    ran = check(f"smtp smtp.example.org 587 {label}", "--client", "claws mail")
    assert max(map(len, ran.out.splitlines())) <= 92


HOSTILE = ["\x1b[31mTLS\x07", "\x1b]0;title\x07", "\u202eSLT", "\x9b2J", "a\rb", "x" * 10_000]


@pytest.mark.parametrize("form", ["text", "markdown", "json", "yaml"])
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_escapes_do_not_reach_the_output(text: str, form: str) -> None:
    """Whatever field they were entered in."""
    ran = check(
        f"imap - 993 {text}", "--sign-in", text, "--username", text, "--format", form,
        "--client", "outlook 2016",
    )  # fmt: skip
    assert ran.code in (0, 1), ran.err
    assert (ran.out + ran.err).replace("\n", "").isprintable()


def test_an_output_file_is_written_whole(tmp_path: Path) -> None:
    """Nothing on stdout."""
    target = tmp_path / "check.json"
    ran = check("imap - 993 SSL/TLS", "--format", "json", "--output", str(target))
    assert (ran.code, ran.out) == (0, "")
    assert json.loads(target.read_text())["verdict"] == "right"
