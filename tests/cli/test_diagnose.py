"""``advisor diagnose``: the error a user reports."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_offline import valid
from tests.run import Ran, advisor

MESSAGE = "SSL routines:ssl3_get_record:wrong version number"
FIRST = "The program began with TLS, but the server answered in clear text"


def piped(content: bytes, *words: str) -> Ran:
    """``advisor diagnose -`` with *content* on standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "advisor", "diagnose", "-", *words],
        input=content, capture_output=True, timeout=60, env=dict(os.environ), check=False,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_message_as_an_argument() -> None:
    """What it means, the steps, what decides, and the causes in order."""
    ran = advisor("diagnose", MESSAGE)
    page = " ".join(ran.out.split())
    assert (ran.code, ran.err) == (0, "")
    assert page.startswith(FIRST)
    assert "1. Choose STARTTLS for ports 143, 110 and 587" in page
    assert page.index("What decides:") < page.index("Causes, likeliest first")
    assert page.index("mode_mismatch:") < page.index("av_proxy:")


def test_words_need_no_quotes() -> None:
    """Several arguments are one text."""
    assert advisor("diagnose", *MESSAGE.split()).out == advisor("diagnose", MESSAGE).out


def test_standard_input_and_a_file_are_read_alike(tmp_path: Path) -> None:
    """A whole log, of which the known messages are told."""
    log = f"starting\n{MESSAGE}\n535-5.7.8 Username and Password not accepted.\n".encode()
    file = tmp_path / "mail.log"
    file.write_bytes(log)
    from_file = advisor("diagnose", "--file", str(file))
    from_pipe = piped(log)
    assert from_file.code == from_pipe.code == 0
    assert from_file.out == from_pipe.out
    assert "Also in this text" in from_file.out


def test_windows_lines_and_another_encoding_are_read(tmp_path: Path) -> None:
    """A log saved by Notepad is a log."""
    file = tmp_path / "mail.log"
    file.write_bytes(b"\xef\xbb\xbf" + MESSAGE.replace(" ", "\r\n").encode())
    assert advisor("diagnose", "--file", str(file)).out.startswith(FIRST)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_unicode_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    """PowerShell 5 writes its redirected output as UTF-16; the mark may be lost on the way."""
    file = tmp_path / "mail.log"
    file.write_bytes(MESSAGE.encode(encoding))
    assert advisor("diagnose", "--file", str(file)).out.startswith(FIRST)


@pytest.mark.parametrize("noise", ["x", "xy", "\U0001f4e7", "é"])
def test_the_end_of_a_long_utf16_log_is_read(noise: str, tmp_path: Path) -> None:
    """Wherever the beginning was cut off, characters stay whole."""
    file = tmp_path / "mail.log"
    file.write_bytes((noise * (3 << 20) + "\r\n" + MESSAGE).encode("utf-16"))
    assert advisor("diagnose", "--file", str(file)).out.startswith(FIRST)


def test_text_and_file_together_are_a_mistake(tmp_path: Path) -> None:
    """Neither is silently left out."""
    file = tmp_path / "mail.log"
    file.write_text(MESSAGE)
    ran = advisor("diagnose", MESSAGE, "--file", str(file))
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "not both" in ran.err


def test_a_binary_file_is_no_crash(tmp_path: Path) -> None:
    """It knows nothing of it, or finds the message in between."""
    file = tmp_path / "core"
    file.write_bytes(bytes(range(256)) * 4000)
    ran = advisor("diagnose", "--file", str(file))
    assert ran.code == 3
    assert "Traceback" not in ran.err
    file.write_bytes(b"\xff\x00\xfe" * 999 + MESSAGE.encode() + b"\x00\xff" * 999)
    found = advisor("diagnose", "--file", str(file))
    assert found.code == 0
    assert found.out.replace("\n", "").isprintable()


@pytest.mark.parametrize("words", [["--file", "/does/not/exist"], ["--file", "/"], []])
def test_nothing_to_read_is_one_line(words: list[str]) -> None:
    """Exit code 2, and what to give."""
    ran = advisor("diagnose", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("advisor: ")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("text", ["", " ", "the dog ate it", "200 OK"])
def test_unknown_text_asks_for_the_four_facts(text: str) -> None:
    """It says so, exit code 3, and never guesses."""
    ran = advisor("diagnose", text)
    page = " ".join(ran.out.split())
    assert ran.code == 3
    assert page.startswith("This message is not known.")
    for fact in ("the protocol", "the server's name", "the port", "the security label"):
        assert fact in page
    assert piped(text.encode()).code == 3


def test_unknown_text_shows_what_is_near() -> None:
    """At most three known messages."""
    ran = advisor("diagnose", "routines:ssl3_get_recrd:wrong versoin numbr")
    assert ran.code == 3
    near = ran.out.partition("Near it:")[2].strip().splitlines()
    assert 1 <= len(near) <= 3
    assert any("wrong version number" in one for one in near)


def test_the_diagnosis_fits_its_schema() -> None:
    """Found and unknown alike."""
    known = valid("diagnosis", advisor("diagnose", MESSAGE, "--format", "json").out)
    assert known["schema"] == "advisor.diagnosis/1"
    assert known["matches"][0]["id"] == "openssl-wrong-version-number"
    assert known["causes"] == ["mode_mismatch", "av_proxy"]
    assert (known["near"], known["ruled_out"]) == ([], [])
    unknown = valid("diagnosis", advisor("diagnose", "what?", "--format", "json").out)
    assert (unknown["matches"], unknown["causes"]) == ([], [])


def test_quiet_is_the_meaning_alone() -> None:
    """For scripts."""
    ran = advisor("diagnose", MESSAGE, "--quiet")
    assert " ".join(ran.out.split()).startswith(FIRST)
    assert "Causes" not in ran.out


def test_the_clients_own_labels_are_told() -> None:
    """In text, JSON and Markdown, the first line still saying what is wrong."""
    words = ("diagnose", f"imap {MESSAGE}", "--client", "thunderbird@2")
    page = " ".join(advisor(*words).out.split())
    assert page.startswith(FIRST)
    assert "In Mozilla Thunderbird 2 - IMAP: port 993, Use secure connection “SSL”" in page
    document = valid("diagnosis", advisor(*words, "--format", "json").out)
    assert document["client"]["version"] == "2"
    assert [one["label"] for one in document["choices"]] == ["SSL", "TLS"]
    assert "port 143, Use secure connection “TLS”" in advisor(*words, "--format", "markdown").out


def test_an_unknown_client_is_a_mistake() -> None:
    """One line, with what is near, before anything is answered."""
    ran = advisor("diagnose", MESSAGE, "--client", "Thunderbrid")
    assert (ran.code, ran.out) == (2, "")
    assert "no client called" in ran.err


def test_a_protocol_without_mail_is_a_mistake() -> None:
    """--protocol takes the three that a mail program speaks."""
    ran = advisor("diagnose", MESSAGE, "--protocol", "jmap")
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize("form", ["text", "markdown", "json", "yaml"])
def test_a_password_in_the_text_is_not_repeated(form: str) -> None:
    """Neither as the user sent it nor in base64."""
    text = (
        b"AUTH PLAIN AGphbmUAaHVudGVyMg==\r\nLogin to server x with username y password=hunter2 "
        b"failed\r\n535-5.7.8 Username and Password not accepted."
    )
    ran = piped(text, "--format", form)
    assert ran.code == 0
    assert "hunter2" not in ran.out + ran.err
    assert "aHVudGVyMg" not in ran.out + ran.err
    assert "AGphbm" not in ran.out + ran.err


def test_markdown_is_for_tickets() -> None:
    """A heading a message, the steps numbered."""
    ran = advisor("diagnose", MESSAGE, "--format", "markdown")
    assert ran.out.startswith("## The program began with TLS")
    assert "\n1. Choose STARTTLS" in ran.out


ESCAPES = [b"\x1b[31m", b"\x1b]0;title\x07", b"\xc2\x9b2J", b"\xe2\x80\xae", b"\x07\x08"]


@pytest.mark.parametrize("escape", ESCAPES, ids=ascii)
@pytest.mark.parametrize("form", ["text", "markdown", "json", "yaml"])
def test_escapes_in_the_text_do_not_reach_the_output(escape: bytes, form: str) -> None:
    """Whether the message is known or not."""
    for text in (b"SSL %s unknown protocol", b"SSL %s unknwn protcol"):
        ran = piped(text % escape, "--format", form)
        assert ran.code in (0, 3)
        assert (ran.out + ran.err).replace("\n", "").isprintable()


def test_an_endless_stream_is_read_in_bounds() -> None:
    """Of 64 MiB the end counts, and the memory stays small."""
    noise = b"nothing to see here\n" * (64 << 20 >> 5)
    ran = piped(noise + MESSAGE.encode())
    assert ran.code == 0
    assert ran.out.startswith("The program began with TLS")
