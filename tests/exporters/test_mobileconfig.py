"""The configuration profile: Apple's own schema, and what a device would make of it."""

from __future__ import annotations

import os
import plistlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.errors import ExportError
from advisor.exporters._exporter import Wish
from advisor.exporters.mobileconfig import EXPORTER
from advisor.model.address import subject
from advisor.model.auth import AuthMethod, UsernameForm
from advisor.model.report import ProviderRow, Report, Verdict
from tests.make import report, setting

SCHEMAS = Path(
    os.environ.get("ADVISOR_SCHEMAS") or Path(__file__).parents[2].parent / "shared" / "schemas"
)
APPLE = SCHEMAS / "apple"
ALICE = Wish(person=subject("alice@example.org"), name="Alice Döe")
IMAP = setting()
POP3 = setting("pop3://pop.example.org:995")
SMTP = setting("smtp://smtp.example.org:465")
CALENDAR = setting("caldav://dav.example.org:443", url="https://dav.example.org/dav/alice")
CONTACTS = setting("carddav://dav.example.org:8443")
SIEVE = setting("managesieve://imap.example.org:4190", "starttls")
TYPES = {"<string>": str, "<integer>": int, "<boolean>": bool, "<array>": list}


def profile(found: Report, wish: Wish = ALICE) -> dict[str, Any]:
    """The profile as a device reads it."""
    read: dict[str, Any] = plistlib.loads(EXPORTER.render(found, wish).document)
    return read


def keys(name: str) -> dict[str, dict[str, Any]]:
    """The keys that Apple's schema lists."""
    plain = yaml.safe_load((APPLE / f"{name}.yaml").read_text())
    return {one["key"]: one for one in plain["payloadkeys"]}


def check(payload: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> None:
    """Every key listed, of its type and in its range; every required one there."""
    for key, value in payload.items():
        assert key in known
        assert type(value) is TYPES[known[key]["type"]], key
        assert value in known[key].get("rangelist", [value]), key
    assert {key for key, one in known.items() if one.get("presence") == "required"} <= set(payload)


@pytest.mark.skipif(not APPLE.exists(), reason=f"Apple's schema is not at {APPLE}")
@pytest.mark.parametrize("wish", [ALICE, Wish()], ids=["person", "domain"])
@pytest.mark.parametrize("incoming", [IMAP, POP3], ids=["imap", "pop3"])
def test_it_is_valid_by_apples_schema(incoming: Any, wish: Wish) -> None:
    """The profile, and each payload in it."""
    read = profile(report(incoming, SMTP, CALENDAR, CONTACTS), wish)
    check(read, keys("TopLevel"))
    mail, *dav = read["PayloadContent"]
    common = keys("CommonPayloadKeys")
    check(mail, common | keys("com.apple.mail.managed"))
    assert [one["PayloadType"] for one in dav] == [
        "com.apple.caldav.account",
        "com.apple.carddav.account",
    ]
    for one in dav:
        check(one, common | keys(one["PayloadType"]))


def test_identifiers_are_unique_and_stay() -> None:
    """So that a newer profile of the same account replaces the older one, and no other."""
    read = profile(report(IMAP, SMTP, CALENDAR, CONTACTS))
    again = profile(report(POP3, SMTP, CALENDAR, CONTACTS))
    for part in ("PayloadIdentifier", "PayloadUUID"):
        mine = [one[part] for one in (read, *read["PayloadContent"])]
        assert len(set(mine)) == 4
        assert mine == [one[part] for one in (again, *again["PayloadContent"])]
    others = (Wish(), Wish(person=subject("bob@example.org")))
    assert len({profile(report(IMAP, SMTP), wish)["PayloadUUID"] for wish in (ALICE, *others)}) == 3
    assert read["PayloadIdentifier"].startswith("org.example.mail")


def test_the_device_asks_for_the_password_once() -> None:
    """There is none in it."""
    mail = profile(report(IMAP, SMTP))["PayloadContent"][0]
    assert mail["OutgoingPasswordSameAsIncomingPassword"] is True
    assert not {"IncomingPassword", "OutgoingPassword"} & set(mail)


def test_it_names_the_person_and_the_provider() -> None:
    """As the device will show them."""
    read = profile(report(IMAP, SMTP, provider=ProviderRow(None, "Example & Söhne", None)))
    mail = read["PayloadContent"][0]
    assert (mail["EmailAddress"], mail["EmailAccountName"]) == ("alice@example.org", "Alice Döe")
    assert read["PayloadOrganization"] == mail["EmailAccountDescription"] == "Example & Söhne"


def test_what_a_profile_has_no_account_for_is_told() -> None:
    """And so is a user name that the device cannot guess."""
    local = {"username": "alice", "username_form": UsernameForm.LOCALPART}
    found = report(replace(IMAP, **local), SMTP, SIEVE)  # type: ignore[arg-type]
    lost = EXPORTER.render(found, Wish()).lost
    assert any("user name is not the address" in one for one in lost)
    assert any("managesieve://imap.example.org:4190" in one for one in lost)
    assert not any("user name" in one for one in EXPORTER.render(found, ALICE).lost)


@pytest.mark.parametrize(
    ("method", "word"),
    [
        (AuthMethod.PASSWORD, "EmailAuthPassword"),
        (AuthMethod.CHALLENGE, "EmailAuthCRAMMD5"),
        (AuthMethod.NTLM, "EmailAuthNTLM"),
    ],
)
def test_the_way_to_sign_in_is_apples(method: AuthMethod, word: str) -> None:
    """One of its five words."""
    mail = profile(report(replace(IMAP, auth=(method,)), SMTP))["PayloadContent"][0]
    assert mail["IncomingMailServerAuthentication"] == word


def test_a_port_that_misleads_the_device_is_avoided_or_told() -> None:
    """TLS at once on 587 looks like STARTTLS to it."""
    odd = setting("smtp://smtp.example.org:587", "tls")
    mail = profile(report(IMAP, odd, SMTP))["PayloadContent"][0]
    assert mail["OutgoingMailServerPortNumber"] == 465
    [lost] = EXPORTER.render(report(IMAP, odd), ALICE).lost
    assert lost.startswith("how TLS begins on smtp.example.org:587 ")


def test_no_profile_leads_home() -> None:
    """A telephone has no bridge."""
    with pytest.raises(ExportError, match="on the user's own computer"):
        profile(report(replace(IMAP, host="127.0.0.1"), SMTP))


def test_what_is_forbidden_is_marked() -> None:
    """In a comment that a device passes over."""
    clear = setting("imap://imap.example.org:143", "none", verdict=Verdict.FORBIDDEN)
    found = report(clear, SMTP)
    document = EXPORTER.render(found, replace(ALICE, even_if_unsafe=True)).document
    assert b"<!-- UNSAFE, exported on request, do not publish: imap://imap.example.org:143" in (
        document
    )
    assert plistlib.loads(document)["PayloadContent"][0]["IncomingMailServerUseSSL"] is False
