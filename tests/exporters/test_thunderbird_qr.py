"""The code for Thunderbird for Android: what it may say, and the same as text, PNG and SVG."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.errors import ExportError
from advisor.exporters._exporter import Exporter, Wish
from advisor.exporters.thunderbird_qr import EXPORTER as TEXT
from advisor.exporters.thunderbird_qr_png import EXPORTER as PNG
from advisor.exporters.thunderbird_qr_svg import EXPORTER as SVG
from advisor.model.address import subject
from advisor.model.auth import AuthMethod
from advisor.model.report import Setting
from tests.make import report, setting
from tests.pictures import scanned
from tests.run import advisor

IMAP = setting()
SMTP = setting("smtp://smtp.example.org:465")
ALICE = Wish(person=subject("alice@example.org"), name="Jane Doe")


def test_it_is_the_example_of_the_documentation() -> None:
    """One IMAP account: format version 1, the only code of one, no password anywhere."""
    document = TEXT.render(report(IMAP, SMTP), ALICE).document
    name = "alice@example.org"
    assert json.loads(document) == [
        1,
        [1, 1],
        [0, "imap.example.org", 993, 3, 1, name],
        [[[0, "smtp.example.org", 465, 3, 1, name], [name, "Jane Doe"]]],
    ]


@pytest.mark.parametrize("one", [PNG, SVG], ids=["png", "svg"])
@pytest.mark.parametrize("name", ["", "Jürgen Шарик 😀", "</svg>\"']]>`$(id)%s{{7*7}}"])
def test_a_picture_holds_the_text(one: Exporter, name: str, tmp_path: Path) -> None:
    """To the letter; all of it ASCII, since readers guess the encoding of a code."""
    wish = replace(ALICE, name=name)
    text = TEXT.render(report(IMAP, SMTP), wish).document.decode("ascii").strip()
    assert scanned(one.render(report(IMAP, SMTP), wish).document, tmp_path) == text
    assert json.loads(text)[3][0][1] == ["alice@example.org", name]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (setting("pop3://pop.example.org:995"), [1, "pop.example.org", 995, 3, 1]),
        (setting("imap://imap.example.org:143", "starttls"), [0, "imap.example.org", 143, 2, 1]),
        (replace(IMAP, auth=(AuthMethod.CHALLENGE,)), [0, "imap.example.org", 993, 3, 2]),
        (replace(IMAP, auth=(AuthMethod.EXTERNAL,)), [0, "imap.example.org", 993, 3, 5]),
    ],
    ids=["pop3", "starttls", "challenge", "certificate"],
)
def test_its_numbers_are_those_of_the_app(one: Setting, expected: list[object]) -> None:
    """IntValueMapper.kt; 1 for the security is never written."""
    document = TEXT.render(report(one, SMTP), ALICE).document
    assert json.loads(document)[2][:5] == expected


@pytest.mark.parametrize("method", [AuthMethod.GSSAPI, AuthMethod.NTLM])
def test_what_the_app_refuses_is_refused(method: AuthMethod) -> None:
    """A code with it could not be scanned at all."""
    with pytest.raises(ExportError, match="does not know there"):
        TEXT.render(report(replace(IMAP, auth=(method,)), SMTP), ALICE)


@pytest.mark.parametrize("address", ['"a b"@example.org', "jürgen@example.org"])
def test_an_address_that_the_app_refuses_is_refused(address: str) -> None:
    """EmailAddressParser.kt takes what RFC 5321 calls a Dot-string, in ASCII."""
    with pytest.raises(ExportError, match="takes no address with quotes or letters beyond ASCII"):
        TEXT.render(report(IMAP, SMTP), Wish(person=subject(address)))


def test_a_host_that_the_app_refuses_is_refused() -> None:
    """HostNameUtils.kt knows no underscore."""
    with pytest.raises(ExportError, match="takes no host name such as my_host"):
        TEXT.render(report(setting("imap://my_host.example.org:993"), SMTP), ALICE)


def test_the_ending_of_the_file_chooses_the_picture(tmp_path: Path) -> None:
    """Nobody finds JSON in a file called .png; and only its owner reads it."""
    for ending, start in (("png", b"\x89PNG"), ("SVG", b"<svg "), ("json", b"[1,")):
        target = tmp_path / f"code.{ending}"
        words = ["export", "thunderbird-qr", "jane@posteo.de", "--offline"]
        ran = advisor(*words, "--output", str(target))
        assert (ran.code, ran.out) == (0, ""), ran.err
        assert target.read_bytes().startswith(start)
        assert target.stat().st_mode & 0o777 == 0o600
    assert "<svg" in advisor("export", "thunderbird-qr@svg", "jane@posteo.de", "--offline").out
