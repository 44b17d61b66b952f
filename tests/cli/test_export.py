"""``advisor export``: the list of formats, for whom a document is, and where it goes."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from advisor.exporting import exporters
from tests.run import advisor


def test_without_a_format_it_lists_them() -> None:
    """Each with what it is."""
    ran = advisor("export")
    assert ran.code == 0
    listed = dict(line.split(maxsplit=1) for line in ran.out.splitlines())
    assert listed == {name: one.title for name, one in exporters().items()}


def test_a_format_needs_an_address() -> None:
    """One line, exit code 2."""
    ran = advisor("export", "mutt")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "Give an address or a domain" in ran.err


def test_a_configuration_is_for_one_person() -> None:
    """Which is wrong input, said before anybody is asked."""
    ran = advisor("export", "mutt", "posteo.de")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "alice@posteo.de" in ran.err


@pytest.mark.parametrize("user", ["jane", "jane@posteo.de"])
def test_the_user_can_be_named(user: str) -> None:
    """By the whole address, or by what stands before its @."""
    ran = advisor("export", "msmtp", "posteo.de", "--offline", "--user", user)
    assert ran.code == 0, ran.err
    assert 'user "jane@posteo.de"' in ran.out


def test_placeholders_are_filled_for_a_user() -> None:
    """An address alone is not asked to have its own file published."""
    shared = advisor("export", "autoconfig", "jane@posteo.de", "--offline").out
    assert "%EMAILADDRESS%" in shared
    assert "jane" not in shared
    own = advisor("export", "autoconfig", "posteo.de", "--offline", "--user", "jane").out
    assert "<username>jane@posteo.de</username>" in own


@pytest.mark.parametrize(
    "words",
    [
        ["--user", "jane@gmail.com"],
        ["--user", "a b@posteo.de"],
        ["--user", "\x1b"],
        ["--name", "a\nb"],
        ["--name", "\u202eb"],
        ["--name", "x" * 1000],
    ],
)
def test_what_cannot_be_written_is_refused(words: list[str]) -> None:
    """One line, exit code 2, and nothing of it reaches the terminal."""
    ran = advisor("export", "mutt", "posteo.de", "--offline", "--user", "jane", *words)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1), ran
    assert ran.err.isprintable() or ran.err[:-1].isprintable()


def test_the_sender_has_a_name() -> None:
    """Where the program has a place for it."""
    words = ["export", "mutt", "jane@posteo.de", "--offline", "--name", 'Jane "J" Döe']
    assert 'set realname = "Jane \\"J\\" Döe"' in advisor(*words).out


def test_what_is_lost_is_one_sentence() -> None:
    """On stderr; --quiet hides it, and the document is the same."""
    words = ["export", "mbsync", "jane@posteo.de", "--offline"]
    ran = advisor(*words)
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("advisor: mbsync cannot say: how mail is sent")
    assert ran.err.endswith(".\n")
    quiet = advisor(*words, "--quiet")
    assert (quiet.err, quiet.out) == ("", ran.out)


@pytest.mark.parametrize(("name", "mode"), [("mutt", 0o600), ("autoconfig", 0o644)])
def test_only_the_owner_reads_a_configuration(tmp_path: Path, name: str, mode: int) -> None:
    """Sooner or later there is a password in it; a file for the web is for everybody."""
    target = tmp_path / "file"
    target.write_text("")
    target.chmod(0o644)
    words = ["export", name, "jane@posteo.de", "--offline", "--output", str(target)]
    assert advisor(*words).code == 0
    assert stat.S_IMODE(target.stat().st_mode) == mode


def test_a_ca_file_is_named_by_its_whole_path(tmp_path: Path) -> None:
    """The program runs elsewhere."""
    target = tmp_path / "ca.pem"
    target.write_text("")
    words = ["export", "mutt", "jane@posteo.de", "--offline", "--ca-file", str(target)]
    assert f'set ssl_ca_certificates_file = "{target}"' in advisor(*words).out
