"""What holds for every export: one account, told the same way everywhere, and never a secret."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from advisor._plugins import collect
from advisor.errors import ExportError
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.model.address import subject
from advisor.model.auth import AuthMethod, UsernameForm
from advisor.model.report import ProviderRow, Report, Setting, Verdict
from advisor.model.text import printable
from tests.exporters.readers import READERS
from tests.make import report, setting

# Pictures hold the text of another format to the letter: test_thunderbird_qr.py.
DRAWN = {"thunderbird-qr@png", "thunderbird-qr@svg"}
ALL: dict[str, Exporter] = {
    one.id: one for one in collect("advisor.exporters", "EXPORTER").values()
}
EXPORTERS = {name: one for name, one in ALL.items() if name not in DRAWN}
WHOLE = ("json", "yaml")
PERSONAL = [name for name, one in EXPORTERS.items() if one.is_personal]
ALICE = Wish(person=subject("alice@example.org"), name="Alice")

IMAP = setting(verdict=Verdict.RECOMMENDED)
IMAP143 = setting("imap://imap.example.org:143", "starttls")
POP3 = setting("pop3://pop.example.org:995")
SMTP = setting("smtp://smtp.example.org:465", verdict=Verdict.RECOMMENDED)
SMTP587 = setting("smtp://smtp.example.org:587", "starttls")
CLEAR = setting("imap://imap.example.org:143", "none", verdict=Verdict.FORBIDDEN)
CLEAR587 = setting("smtp://smtp.example.org:587", "none", verdict=Verdict.FORBIDDEN)

every = pytest.mark.parametrize("name", EXPORTERS)
personal = pytest.mark.parametrize("name", PERSONAL)


def exported(name: str, found: Report, wish: Wish = ALICE) -> Export:
    """*found* in the format *name*."""
    return EXPORTERS[name].render(found, wish)


def outcome(name: str, found: Report, wish: Wish = ALICE) -> bytes | str:
    """The document, or the sentence that says why there is none."""
    try:
        return exported(name, found, wish).document
    except ExportError as error:
        return str(error)


def ways(name: str, found: Report, wish: Wish = ALICE) -> set[tuple[str, str, int, str]]:
    """The endpoints that the document names."""
    return {one[:4] for one in READERS[name](exported(name, found, wish).document)}


def told(*settings: Setting) -> set[tuple[str, str, int, str]]:
    """The endpoints of *settings*."""
    return {(str(one.protocol), one.host, one.port, str(one.security)) for one in settings}


def test_every_format_can_be_read_back() -> None:
    """A new one needs a reader here."""
    assert set(READERS) | DRAWN == set(ALL)


@every
def test_one_account_is_the_same_in_all_formats(name: str) -> None:
    """Each names the recommended servers that it has words for, and no other."""
    made = exported(name, report(IMAP, SMTP))
    is_half = any("another program" in one for one in made.lost)
    found = {one[:4] for one in READERS[name](made.document)}
    assert found <= told(IMAP, SMTP)
    assert len(found) == (1 if is_half else 2)


@every
def test_starttls_is_the_same_in_all_formats(name: str) -> None:
    """Or it is said that there is no way to say it."""
    found = report(IMAP143, SMTP587)
    if name in ("getmail", "offlineimap", "pacc"):
        with pytest.raises(ExportError, match=r"STARTTLS|TLS from the first byte"):
            exported(name, found)
    else:
        assert ways(name, found)
        assert ways(name, found) <= told(IMAP143, SMTP587)


@personal
def test_a_program_gets_the_recommended_server(name: str) -> None:
    """One for each direction: the first that it can be told."""
    found = ways(name, report(IMAP, IMAP143, POP3, SMTP, SMTP587))
    assert found <= told(IMAP, SMTP)


@personal
@pytest.mark.parametrize(
    ("form", "username", "expected"),
    [
        (UsernameForm.ADDRESS, "alice@example.org", "alice@example.org"),
        (UsernameForm.UNKNOWN, "", "alice@example.org"),
        (UsernameForm.LOCALPART, "alice", "alice"),
        (UsernameForm.OTHER, "shared", "shared"),
    ],
)
def test_user_names_are_real(name: str, form: UsernameForm, username: str, expected: str) -> None:
    """A program knows no placeholders."""
    user: dict[str, Any] = {"username": username, "username_form": form}
    found = report(replace(IMAP, **user), replace(SMTP, **user))
    names = {one[4] for one in READERS[name](exported(name, found).document)}
    assert names == {expected}


def test_a_domain_has_placeholders_and_a_person_has_none() -> None:
    """In autoconfig; a profile without a person lets the device ask."""
    found = report(IMAP, SMTP)
    assert b"%EMAILADDRESS%" in exported("autoconfig", found, Wish()).document
    assert b"alice@example.org" in exported("autoconfig", found).document
    assert b"%EMAIL" not in exported("autoconfig", found).document
    assert b"Username" not in exported("mobileconfig", found, Wish()).document


@personal
def test_nobody_has_no_configuration(name: str) -> None:
    """One sentence with the next step."""
    with pytest.raises(ExportError, match="for one person"):
        exported(name, report(IMAP, SMTP), Wish())


@every
def test_the_same_report_gives_the_same_bytes(name: str) -> None:
    """There is no clock and no chance in it."""
    found = report(IMAP, IMAP143, POP3, SMTP, SMTP587)
    assert exported(name, found) == exported(name, found)


@every
def test_what_is_forbidden_is_exported_on_request_only(name: str) -> None:
    """And then it is marked; the whole report shows it always, as what it is."""
    found = report(CLEAR, CLEAR587)
    if name in WHOLE:
        return
    with pytest.raises(ExportError):
        exported(name, found)
    if name in ("pacc", "srv"):  # they have no words for that
        return
    made = exported(name, found, replace(ALICE, even_if_unsafe=True))
    assert b"UNSAFE" in made.document or "UNSAFE" in " ".join(made.lost)
    assert {one[3] for one in READERS[name](made.document)} == {"none"}


@every
def test_on_request_the_good_ones_stay_first(name: str) -> None:
    """Nobody is led to a forbidden server who need not be."""
    found = report(IMAP, CLEAR, SMTP, CLEAR587)
    if name in WHOLE:
        return
    assert ways(name, found, replace(ALICE, even_if_unsafe=True)) <= told(IMAP, SMTP)


def test_a_starttls_that_leaks_is_exported_on_request_only() -> None:
    """OfflineIMAP sends the password in the clear where the offer is taken out."""
    made = exported(
        "offlineimap", report(IMAP143, SMTP), replace(ALICE, even_if_unsafe=True)
    ).document
    assert b"# UNSAFE, exported on request: OfflineIMAP cannot be told to insist" in made
    assert READERS["offlineimap"](made) == {(*told(IMAP143).pop(), "alice@example.org")}


def test_a_starttls_that_leaks_comes_last() -> None:
    """Also on request: somebody who insists on one unsafe thing is not led to another."""
    wish = replace(ALICE, even_if_unsafe=True)
    assert ways("offlineimap", report(IMAP143, IMAP, SMTP), wish) == told(IMAP)


@pytest.mark.parametrize("name", ["getmail", "offlineimap"])
def test_implicit_tls_is_taken_instead(name: str) -> None:
    """Where the recommended server cannot be told; and that is said."""
    made = exported(name, report(IMAP143, IMAP, SMTP))
    assert {one[2] for one in READERS[name](made.document)} == {993}
    assert any("IMAP on imap.example.org:143 with STARTTLS" in one for one in made.lost)


def test_a_profile_prefers_what_it_can_say() -> None:
    """One bit stands for both ways of TLS."""
    assert ways("mobileconfig", report(IMAP143, IMAP, SMTP587, SMTP)) == told(IMAP, SMTP)
    lost = exported("mobileconfig", report(IMAP143, SMTP587)).lost
    assert [one.split(" (")[0] for one in lost] == [
        "that TLS begins with STARTTLS on imap.example.org:143",
        "that TLS begins with STARTTLS on smtp.example.org:587",
    ]


@pytest.mark.parametrize("name", ["mutt", "neomutt"])
def test_no_configuration_is_weaker_than_its_servers(name: str) -> None:
    """Mutt has one switch for both directions: without it, STARTTLS could be stripped."""
    with pytest.raises(ExportError, match="not be compulsory"):
        exported(name, report(IMAP143, CLEAR587), replace(ALICE, even_if_unsafe=True))


@personal
def test_oauth2_alone_is_said_or_refused(name: str) -> None:
    """No program is told to send a password that does not exist."""
    way: dict[str, Any] = {"auth": (AuthMethod.OAUTH2,), "mechanisms": ("XOAUTH2",)}
    found = report(replace(IMAP, **way), replace(SMTP, **way))
    if name in ("fetchmail", "getmail", "offlineimap", "thunderbird-qr"):
        with pytest.raises(ExportError, match="asks for oauth2"):
            exported(name, found)
        return
    made = exported(name, found)
    assert b"oauth" in made.document.lower()
    assert any("token" in one for one in made.lost)


def test_a_telephone_fetches_tokens_for_the_providers_that_it_knows() -> None:
    """Elsewhere a password is what works."""
    both = (AuthMethod.OAUTH2, AuthMethod.PASSWORD)
    known = setting("imap://imap.gmail.com:993", auth=both)
    document = exported("thunderbird-qr", report(known, replace(SMTP, auth=both))).document
    _, _, incoming, [[outgoing, _]] = json.loads(document)
    assert (incoming[4], outgoing[4]) == (6, 1)


def test_a_profile_has_no_oauth2() -> None:
    """It is refused, not written as a password."""
    with pytest.raises(ExportError, match="asks for oauth2"):
        exported("mobileconfig", report(replace(IMAP, auth=(AuthMethod.OAUTH2,)), SMTP))


HOSTILE = [
    "</x><key>y</key>",
    "]]>&amp;<!-- -->",
    "\"'; rm -rf ~ #",
    "$(id)`id`${HOME}",
    "%s%(x)s%EMAIL%n",
    'a\\\\" b',
    "a = b # c ; d",
]
UNSEEN = ["a\nset x=y", "a\r\n[section]", "\u202egnp.exe", "a\x00b", "a\x1b[31mb", "\u200b", " "]


@every
@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_user_name_stays_a_user_name(name: str, text: str) -> None:
    """It leads nowhere else, and is read again to the letter where the format can hold it."""
    user: dict[str, Any] = {"username": text, "username_form": UsernameForm.OTHER}
    found = report(replace(IMAP, **user), replace(SMTP, **user))
    document = outcome(name, found)
    if isinstance(document, str):
        assert name in ("getmail", "pacc")
        assert "\n" not in document
        return
    if name in ("fetchmail", "mbsync", "mbsync@1.4", "msmtp"):
        assert len(document.splitlines()) == len(
            exported(name, report(IMAP, SMTP)).document.splitlines()
        )
        return  # their own parsers say the rest: test_programs.py
    assert {one[4] for one in READERS[name](document)} <= {text, ""}
    assert ways(name, found) <= told(IMAP, SMTP)


@every
@pytest.mark.parametrize("text", UNSEEN, ids=ascii)
def test_what_nobody_can_see_is_in_no_document(name: str, text: str) -> None:
    """A user name with it is refused or escaped, never written."""
    user: dict[str, Any] = {"username": text, "username_form": UsernameForm.OTHER}
    found = report(replace(IMAP, **user), replace(SMTP, **user))
    document = outcome(name, found)
    if isinstance(document, str):
        assert printable(document) == document
        return
    assert name in (*WHOLE, "autoconfig", "srv")
    assert text.strip() == "" or text not in document.decode()


@every
@pytest.mark.parametrize("text", [*HOSTILE, *UNSEEN[:-1]], ids=ascii)
def test_a_hostile_name_stays_a_name(name: str, text: str) -> None:
    """The sender's, and the provider's."""
    found = report(IMAP, SMTP, provider=ProviderRow(None, text, f"https://example.org/?{text}"))
    document = outcome(name, found, replace(ALICE, name=text))
    if isinstance(document, str):
        assert text in UNSEEN
        assert printable(document) == document
        document = exported(name, found).document
    assert ways(name, found) <= told(IMAP, SMTP)
    plain = re.sub(r"[\n\t]", " ", document.decode())
    assert printable(plain, len(plain)) == plain


@personal
@pytest.mark.parametrize(
    "host", ["a b", "a\nb.example.org", "x';rm", "-oProxy=x", "é.example.org", ""]
)
def test_a_hostile_host_is_refused(name: str, host: str) -> None:
    """It is no name of a server."""
    with pytest.raises(ExportError, match="no host name"):
        exported(name, report(replace(IMAP, host=host), replace(SMTP, host=host)))


@personal
@pytest.mark.parametrize("path", ["/tmp/a\nb", "/tmp/\u202eb"])
def test_a_hostile_ca_file_is_refused(name: str, path: str) -> None:
    """Its path would be a line of its own."""
    if name in ("aerc", "thunderbird-qr"):  # they name no file
        return
    with pytest.raises(ExportError, match="CA file"):
        exported(name, report(IMAP, SMTP), replace(ALICE, ca_file=path))


@personal
def test_a_bridge_on_the_own_computer_is_fine_for_its_owner(name: str) -> None:
    """It is the owner's own program that is set up."""
    found = report(replace(IMAP, host="127.0.0.1"), replace(SMTP, host="::1"))
    assert {one[1] for one in READERS[name](exported(name, found).document)} <= {"127.0.0.1", "::1"}


@every
def test_what_is_lost_can_be_read(name: str) -> None:
    """Phrases of one line without a full stop, to go into one sentence."""
    for found in (report(IMAP, SMTP), report(IMAP143, IMAP, SMTP587, SMTP, POP3)):
        for one in exported(name, found, replace(ALICE, ca_file="/etc/ca.pem")).lost:
            assert printable(one, 400) == one
            assert not one.endswith(".")


def test_the_two_versions_of_mbsync_differ_by_one_word() -> None:
    """What 1.4 reads, as the lab tries, is what 1.5 reads with TLSType in the place of SSLType."""
    older, newer = (
        exported(name, report(IMAP143, SMTP)).document.decode().splitlines()
        for name in ("mbsync@1.4", "mbsync")
    )
    differing = [pair for pair in zip(older, newer, strict=True) if pair[0] != pair[1]]
    assert [old.split(".")[0] for old, _ in differing] == ["# For mbsync 1", "SSLType STARTTLS"]
    assert differing[1][1] == "TLSType STARTTLS"


def test_himalaya_gets_only_what_its_sample_names() -> None:
    """config.sample.toml of 2.1, for there is no package of the program to ask."""
    known = {
        *("default", "email", "display-name"),
        *("server", "starttls", "tls.cert"),
        *("sasl.plain.username", "sasl.plain.password.command"),
        *("sasl.oauthbearer.username", "sasl.oauthbearer.token.command"),
    }
    way: dict[str, Any] = {"auth": (AuthMethod.OAUTH2,), "mechanisms": ("OAUTHBEARER",)}
    found = report(replace(IMAP, **way), SMTP587)
    document = exported("himalaya", found, replace(ALICE, ca_file="/etc/ca.pem")).document.decode()
    keys = {line.partition(" = ")[0] for line in document.splitlines() if " = " in line}
    assert {re.sub(r"^(imap|smtp)\.", "", key) for key in keys} == known
