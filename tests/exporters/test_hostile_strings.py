"""Hostile words in every field of every document: read back to the letter, or refused."""

from __future__ import annotations

import json
import os
import plistlib
import re
import subprocess
import tomllib
from collections.abc import Callable
from dataclasses import replace
from email.header import decode_header, make_header
from pathlib import Path
from shutil import which
from typing import Any
from xml.etree import ElementTree

import pytest

from advisor._plugins import collect
from advisor.errors import ExportError
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.address import subject
from advisor.model.auth import AuthMethod, OAuth2
from advisor.model.report import ProviderRow, Report
from advisor.model.text import printable
from advisor.publishing import kit
from tests.make import report, setting

EXPORTERS: dict[str, Exporter] = {
    one.id: one for one in collect("advisor.exporters", "EXPORTER").values()
}
ALICE = Wish(person=subject("alice@example.org"))
IMAP, SMTP = setting(), setting("smtp://smtp.example.org:465")

SEEN = [
    "</x><key>y</key></string>",
    "]]>&amp;<!-- -- -->",
    "\"'; rm -rf ~ #",
    "$(id)`id`${HOME}$HOME",
    "%s%(x)s%EMAILADDRESS%%n",
    'a\\\\" b\\n\\"',
    "a = b # c ; d",
    "{{7*7}}{% x %}",
    "|id>x<y&z*?~[a]",
    "-oProxyCommand=x",
    "=?utf-8?q?x?= <evil@evil.test>, b@c",
    "Jürgen Шарик 日本 😀",
]
UNSEEN = [
    "a\nset x = `id`", "a\r\n[section]\r\nx=y", "\u202egnp.exe", "\u2066a\u2069", "a\x00b",
    "a\x1b[31m\x1b]0;x\x07b", "a\u2028b", "a\u200bb", "\x85a",
]  # fmt: skip


def xml(document: bytes, name: str) -> str | None:
    """The text of the first element called *name*, whatever its namespace."""
    found = (one.text for one in ElementTree.fromstring(document).iter() if one.tag.endswith(name))
    return next(found, None)


def profile(document: bytes, key: str) -> str:
    """A value of the profile or of the mail account in it."""
    whole = plistlib.loads(document)
    return str(whole.get(key) or whole["PayloadContent"][0][key])


def unquoted(document: bytes, name: str) -> str:
    """The value of a mutt variable, read by the rules of its manual."""
    found = re.search(rf'^set (?:{name}) = "((?:[^"\\]|\\.)*)"$', document.decode(), re.MULTILINE)
    assert found
    return re.sub(r"\\(.)", r"\1", found[1])


def aerc_sender(document: bytes) -> str:
    """The sender's name for aerc, decoded as in a mail."""
    found = re.search(r"^from = `(.*) <alice@example\.org>`$", document.decode(), re.MULTILINE)
    assert found
    return str(make_header(decode_header(found[1])))


def account(document: bytes) -> dict[str, Any]:
    """The account of Himalaya."""
    [found] = tomllib.loads(document.decode())["accounts"].values()
    return dict(found)


# The sender's name, and the provider's, in each format that has a place for it.
SENDERS: dict[str, Callable[[bytes], str | None]] = {
    "aerc": aerc_sender,
    "himalaya": lambda document: str(account(document)["display-name"]),
    "mobileconfig": lambda document: profile(document, "EmailAccountName"),
    "mutt": lambda document: unquoted(document, "realname"),
    "neomutt": lambda document: unquoted(document, "real_name|realname"),
    "thunderbird-qr": lambda document: str(json.loads(document)[3][0][1][1]),
}
PROVIDERS: dict[str, Callable[[bytes], str | None]] = {
    "autoconfig": lambda document: xml(document, "displayName"),
    "autodiscover": lambda document: xml(document, "DisplayName"),
    "json": lambda document: str(json.loads(document)["provider"]["name"]),
    "mobileconfig": lambda document: profile(document, "PayloadOrganization"),
    "pacc": lambda document: str(json.loads(document)["info"]["provider"]["name"]),
}


def attempt(name: str, found: Report, wish: Wish = ALICE) -> Export | str:
    """The document, or the one sentence that says why there is none."""
    try:
        return EXPORTERS[name].render(found, wish)
    except ExportError as error:
        said = str(error)
    assert printable(said, 2000) == said
    return said


def document(name: str, found: Report, wish: Wish = ALICE) -> bytes:
    """The document, which there must be, without anything in it that nobody can see."""
    made = attempt(name, found, wish)
    assert isinstance(made, Export), made
    text = made.document.decode().replace("\n", " ").replace("\t", " ")
    assert printable(text, len(text)) == text
    for phrase in made.lost:
        assert printable(phrase, 2000) == phrase
    return made.document


def test_every_place_for_a_name_is_looked_at() -> None:
    """A format either has a reader here, or says that it cannot tell the sender's name."""
    wish = replace(ALICE, name="Alice")
    for name in EXPORTERS.keys() - SENDERS.keys() - {"json", "yaml"}:
        made = EXPORTERS[name].render(report(IMAP, SMTP), wish)
        told = "; ".join(made.lost)
        assert "@" in name or "the sender's name" in told or "how mail is sent" in told, name


@pytest.mark.parametrize("text", SEEN, ids=ascii)
@pytest.mark.parametrize("name", SENDERS)
def test_a_senders_name_is_read_to_the_letter(name: str, text: str) -> None:
    """By the rules of the format, not by ours."""
    made = document(name, report(IMAP, SMTP), replace(ALICE, name=text))
    assert SENDERS[name](made) == text


@pytest.mark.parametrize("text", UNSEEN, ids=ascii)
@pytest.mark.parametrize("name", SENDERS)
def test_a_senders_name_that_hides_something_is_refused(name: str, text: str) -> None:
    """In one sentence, which shows what was hidden."""
    told = attempt(name, report(IMAP, SMTP), replace(ALICE, name=text))
    assert isinstance(told, str)
    assert "the name cannot be written down" in told


@pytest.mark.parametrize("text", [*SEEN, *UNSEEN], ids=ascii)
@pytest.mark.parametrize("name", PROVIDERS)
def test_a_providers_name_is_read_as_people_see_it(name: str, text: str) -> None:
    """What is hidden in it is shown as an escape."""
    found = report(IMAP, SMTP, provider=ProviderRow(None, text, None))
    told = PROVIDERS[name](document(name, found))
    assert told == (text if name == "json" else printable(text))


@pytest.mark.parametrize("text", [*SEEN, *UNSEEN], ids=ascii)
@pytest.mark.parametrize("name", ["autoconfig", "pacc"])
def test_an_address_of_help_stays_an_address(name: str, text: str) -> None:
    """Or it is left out; it never becomes something else."""
    url = f"https://help.example.org/?{text}"
    made = document(name, report(IMAP, SMTP, provider=ProviderRow(None, "P", url)))
    if name == "pacc":
        told = json.loads(made)["info"].get("help", {}).get("documentation")
    else:
        [help_] = ElementTree.fromstring(made).iter("documentation")
        told = help_.attrib["url"]
    assert told in (None, url, printable(url))


@pytest.mark.parametrize("text", [*SEEN, *UNSEEN], ids=ascii)
@pytest.mark.parametrize("name", EXPORTERS)
def test_where_tokens_come_from_stays_one_word(name: str, text: str) -> None:
    """The issuer, its addresses and scopes are a stranger's words, too."""
    told = OAuth2(text, f"https://x/{text}", f"https://y/{text}", (text,), text)
    way = {"auth": (AuthMethod.OAUTH2, AuthMethod.PASSWORD), "oauth2": told, "mechanisms": (text,)}
    found = report(replace(IMAP, **way), replace(SMTP, **way))  # type: ignore[arg-type]
    made = attempt(name, found)
    if "@" in name or isinstance(made, str):
        return
    made_of = document(name, found)
    if name == "autoconfig":
        assert xml(made_of, "issuer") == printable(text)
        assert len(ElementTree.fromstring(made_of).findall("oAuth2/*")) == 5
    if name == "json":
        assert json.loads(made_of)["incoming"][0]["oauth2"]["issuer"] == text


@pytest.mark.parametrize("text", [*SEEN, *UNSEEN], ids=ascii)
def test_an_address_of_a_service_stays_an_address(text: str) -> None:
    """In a profile and in a zone, which have a place for its path."""
    dav = setting("caldav://dav.example.org:443", url=f"https://dav.example.org/{text}")
    found = report(IMAP, SMTP, dav)
    made = document("mobileconfig", found)
    told = plistlib.loads(made)["PayloadContent"][1]
    assert told["CalDAVPrincipalURL"] == printable(dav.url or "", 2000)
    lines = document("srv", found).decode().splitlines()
    assert len([line for line in lines if " SRV " in line]) == 3
    assert len(lines) <= 5


@pytest.mark.parametrize("text", [*SEEN, *UNSEEN], ids=ascii)
def test_a_kit_holds_nothing_of_a_strangers_but_names(text: str) -> None:
    """Its snippets and its guide are made of the domain and of nothing else."""
    plain = kit(report(IMAP, SMTP, address="example.org"), Wish())
    provider = ProviderRow(None, text, f"https://help.example.org/?{text}")
    made = kit(report(IMAP, SMTP, address="example.org", provider=provider), Wish())
    for name in ("nginx.conf", "Caddyfile", "README.md", "mail.mobileconfig.svg"):
        assert made[name] == plain[name]
    assert made["srv.zone"].splitlines()[:-1] == plain["srv.zone"].splitlines()[:-1]


@pytest.mark.parametrize("text", SEEN, ids=ascii)
@pytest.mark.parametrize("name", ["mutt", "neomutt"])
def test_the_program_itself_reads_the_same_name(name: str, text: str, tmp_path: Path) -> None:
    """Asked for the value of its variable, in which it escapes quotes and backslashes only."""
    if which(name) is None:
        pytest.skip(f"{name} is not installed: apt install {name}")
    file = tmp_path / "rc"
    file.write_bytes(document(name, report(IMAP, SMTP), replace(ALICE, name=text)))
    done = subprocess.run(
        [name, "-n", "-F", str(file), "-Q", "realname"],
        capture_output=True,
        check=True,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
    )
    _, value = done.stdout.decode().strip().split("=", 1)
    assert re.sub(r"\\(.)", r"\1", value.strip()[1:-1]) == text


@pytest.mark.skipif(which("xmllint") is None, reason="apt install libxml2-utils")
@pytest.mark.parametrize("name", ["autoconfig", "autodiscover", "mobileconfig"])
def test_every_hostile_word_at_once_is_well_formed(name: str) -> None:
    """By a parser of XML that is not Python's."""
    every = " ".join((*SEEN, *UNSEEN))
    provider = ProviderRow(None, every, f"https://help.example.org/?{every}")
    wish = replace(ALICE, name=" ".join(SEEN))
    made = document(name, report(IMAP, SMTP, provider=provider), wish)
    done = subprocess.run(
        ["xmllint", "--noout", "--nonet", "-"], input=made, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
