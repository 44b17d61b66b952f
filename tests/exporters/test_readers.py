"""What known programs make of the documents that a domain publishes, by what is known of them.

The rules are those of a study of thirteen readers and eight publishers; ``rules/readers/`` is the
same knowledge as data.
"""

from __future__ import annotations

import json
import plistlib
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from advisor.exporters._exporter import Exporter, Wish
from advisor.exporters.autoconfig import EXPORTER as AUTOCONFIG
from advisor.exporters.autodiscover import EXPORTER as AUTODISCOVER
from advisor.exporters.mobileconfig import EXPORTER as PROFILE
from advisor.exporters.pacc import EXPORTER as PACC
from advisor.exporters.srv import EXPORTER as ZONE
from advisor.knowledge.library import Library
from advisor.linter import lint
from advisor.model.auth import AuthMethod, UsernameForm
from advisor.model.observation import Live
from advisor.model.report import Report, Verdict
from advisor.publishing import kit
from tests.make import report, setting

PUBLISHED = (AUTOCONFIG, AUTODISCOVER, PROFILE, PACC, ZONE)
# They ask for the labels of STARTTLS first: aerc always, FairEmail where priorities are equal,
# which here they are not. Other programs know those labels only, so they have to be there.
HEADSTRONG = {("zone", "aerc"), ("zone", "fairemail")}

BOTH = (AuthMethod.CHALLENGE, AuthMethod.PASSWORD)
IMAP = setting(verdict=Verdict.RECOMMENDED, auth=BOTH, live=Live.CONFIRMED)
IMAP143 = setting("imap://imap.example.org:143", "starttls")
POP3 = setting("pop3://pop.example.org:995")
SMTP = setting("smtp://smtp.example.org:465", verdict=Verdict.RECOMMENDED, auth=BOTH)
SMTP587 = setting("smtp://smtp.example.org:587", "starttls")
SIEVE = setting("managesieve://imap.example.org:4190", "starttls")
CLEAR = setting("imap://imap.example.org:143", "none", verdict=Verdict.FORBIDDEN)
FOUND = report(IMAP, IMAP143, POP3, CLEAR, SMTP, SMTP587, SIEVE, address="example.org")


def autoconfig(found: Report = FOUND) -> ElementTree.Element:
    """The autoconfig file, as the XML that it is."""
    return ElementTree.fromstring(AUTOCONFIG.render(found, Wish()).document)


def texts(element: ElementTree.Element, path: str) -> list[str]:
    """The text of every element at *path*."""
    return [one.text or "" for one in element.findall(path)]


def zone(found: Report = FOUND) -> list[list[str]]:
    """The words of each service record."""
    lines = ZONE.render(found, Wish()).document.decode().splitlines()
    return [line.split() for line in lines if not line.startswith(";")]


@pytest.mark.parametrize("one", PUBLISHED, ids=lambda one: str(one.id))
def test_every_known_program_lands_on_the_recommended_servers(one: Exporter) -> None:
    """The first, the last or the one with STARTTLS: it is the same server."""
    told = lint(one.render(FOUND, Wish()).document, one.filename, Library())
    expected = {("imap.example.org", 993, "tls"), ("smtp.example.org", 465, "tls")}
    readers = [
        row
        for row in told.readers
        if row.outcome != "ignores" and (told.format, row.id) not in HEADSTRONG
    ]
    assert readers
    for row in readers:
        assert row.outcome == "uses", row
        taken = [server for server in (row.incoming, row.outgoing) if server]
        assert {(s.host, s.port, str(s.security)) for s in taken} <= expected, row
        assert len(taken) == 2, row


def test_imap_comes_first() -> None:
    """Geary gives up where it does not; and so it is where POP3 is liked better."""
    for found in (FOUND, report(POP3, IMAP, SMTP)):
        kinds = [one.attrib["type"] for one in autoconfig(found).iter("incomingServer")]
        assert kinds == ["imap", "pop3"]


def test_there_is_one_server_of_each_kind() -> None:
    """aerc, Evolution and FairEmail take the last of several, KMail the one with STARTTLS."""
    assert texts(autoconfig(), "emailProvider//socketType") == ["SSL", "SSL", "SSL"]
    assert len(autoconfig().findall(".//outgoingServer")) == 1


def test_no_entry_makes_a_reader_refuse_the_file() -> None:
    """Thunderbird for Android refuses all for one plain entry or one sign-in it does not know."""
    assert "plain" not in texts(autoconfig(), ".//socketType")
    for server in autoconfig().iter("incomingServer"):
        assert "password-cleartext" in texts(server, "authentication")


@pytest.mark.parametrize("form", [UsernameForm.ADDRESS, UsernameForm.LOCALPART])
def test_placeholders_stand_in_user_names_only_and_whole(form: UsernameForm) -> None:
    """FairEmail and aerc take anything else literally, and half a placeholder is none."""
    user = {"username": "", "username_form": form}
    found = report(replace(IMAP, **user), replace(SMTP, **user))  # type: ignore[arg-type]
    document = AUTOCONFIG.render(found, Wish()).document.decode()
    names = set(texts(autoconfig(found), ".//username"))
    assert names <= {"%EMAILADDRESS%", "%EMAILLOCALPART%"}
    assert len(names) == 1
    assert re.sub("<username>[^<]*</username>", "", document).count("%") == 0


def test_there_is_a_plain_domain() -> None:
    """Without a purpose, for those that do not know the attribute."""
    assert [one.attrib for one in autoconfig().iter("domain")] == [{}]


def test_both_addresses_are_served_over_https_whatever_is_asked() -> None:
    """The host of its own, and the well-known path at the domain."""
    assert all(place.startswith("https://") for place in AUTOCONFIG.places)
    assert [place.split("/")[2] for place in AUTOCONFIG.places] == [
        "autoconfig.{domain}",
        "{domain}",
    ]
    for example in ("nginx.conf", "Caddyfile"):
        text = kit(FOUND, Wish())[example].decode()
        assert text.count("config-v1.1.xml") >= 4
        assert "emailaddress" not in text


def test_a_password_goes_before_a_challenge() -> None:
    """Inside TLS it is as good, and many servers announce a challenge that fails."""
    assert set(texts(autoconfig(), ".//authentication")) == {"password-cleartext"}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (report(IMAP, SMTP), {("993", "SSL", "on"), ("465", "SSL", "on")}),
        (report(IMAP143, SMTP587), {("143", "TLS", "on"), ("587", "TLS", "on")}),
    ],
    ids=["implicit", "starttls"],
)  # fmt: skip
def test_autodiscover_says_each_way_in_both_words(
    found: Report, expected: set[tuple[str, str, str]]
) -> None:
    """Encryption is SSL from the first byte and TLS for STARTTLS; SSL is on or off, never else.

    It is on for both: who does not know Encryption takes "off" for clear text.
    """
    document = ElementTree.fromstring(AUTODISCOVER.render(found, Wish()).document)
    said = [
        {child.tag.partition("}")[2]: child.text for child in one}
        for one in document.iter()
        if one.tag.endswith("}Protocol")
    ]
    assert {(one["Port"], one["Encryption"], one["SSL"]) for one in said} == expected


def test_the_zone_says_what_is_not_offered_and_by_the_right_labels() -> None:
    """A full stop for what is not there; _submissions, for nobody standardised _smtps."""
    records = {words[0].split(".")[0]: words[-1] for words in zone(report(IMAP, SMTP))}
    assert records["_imap"] == records["_submission"] == "."
    assert records["_submissions"] == "smtp.example.org."
    assert "_smtps" not in records


def test_sieve_is_no_server_for_mail() -> None:
    """It stands where the draft has it and old readers do not look; and in the zone."""
    assert "managesieve" not in {
        one.attrib.get("type") for one in autoconfig().iter("incomingServer")
    }
    assert [one.attrib["type"] for one in autoconfig().findall("setupServer")] == ["managesieve"]
    assert any(words[0].startswith("_sieve._tcp") for words in zone())


def test_all_published_documents_name_the_same_servers() -> None:
    """Read by what others have written, not by ours."""
    profile = plistlib.loads(PROFILE.render(FOUND, Wish()).document)["PayloadContent"][0]
    pacc = json.loads(PACC.render(FOUND, Wish()).document)["protocols"]
    root = autoconfig()
    hosts = {
        "autoconfig": (
            texts(root, ".//incomingServer[@type='imap']/hostname")
            + texts(root, ".//outgoingServer/hostname")
        ),
        "profile": [profile["IncomingMailServerHostName"], profile["OutgoingMailServerHostName"]],
        "pacc": [pacc["imap"]["host"], pacc["submit"]["host"]],
        "zone": [
            next(words[-1].rstrip(".") for words in zone() if words[0].startswith(label))
            for label in ("_imaps.", "_submissions.")
        ],
    }
    assert set(map(tuple, hosts.values())) == {("imap.example.org", "smtp.example.org")}
