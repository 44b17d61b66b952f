"""What each known program makes of a document: quirk by quirk, on documents that show it."""

from __future__ import annotations

import pytest

from advisor.engine.readers import rows
from advisor.model.endpoint import Protocol, Security
from advisor.model.published import Entry, Reading
from tests.linting.documents import changed, good, library, linted, row, taken

AUTOCONFIG, ZONE = "autoconfig-good.xml", "zone-good.txt"
IMAP, SMTP = "imap imap.example.org 993 tls", "smtp smtp.example.org 465 tls"
SECOND = """<outgoingServer type="smtp"><hostname>second.example.org</hostname><port>587</port>
<socketType>STARTTLS</socketType><authentication>password-cleartext</authentication>
<username>%EMAILADDRESS%</username></outgoingServer>"""
POP = """<incomingServer type="pop3"><hostname>pop.example.org</hostname><port>995</port>
<socketType>SSL</socketType><authentication>password-cleartext</authentication>
<username>%EMAILADDRESS%</username></incomingServer>"""
READERS = [one for one, entry in library().entries("readers").items()
           if "autoconfig" in entry["reads"] and one != "mailspring"]  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_a_good_document_is_read_alike_by_all(reader: str) -> None:
    """That is what the rules for publishing are for."""
    assert taken(row(linted(good(AUTOCONFIG)), reader)) == (IMAP, SMTP)


# (reader, what is replaced, by what, what it receives with, what it sends with)
QUIRKS = [
    ("geary", "<incomingServer", POP + "<incomingServer", "refuses", "refuses"),
    ("thunderbird", "<incomingServer", POP + "<incomingServer",
     "pop3 pop.example.org 995 tls", SMTP),
    ("aerc", "</outgoingServer>", "</outgoingServer>" + SECOND, IMAP,
     "smtp second.example.org 587 starttls"),
    ("kmail", "</outgoingServer>", "</outgoingServer>" + SECOND, IMAP,
     "smtp second.example.org 587 starttls"),
    ("fairemail", "</outgoingServer>", "</outgoingServer>" + SECOND, IMAP,
     "smtp second.example.org 587 starttls"),
    ("evolution", "</outgoingServer>", "</outgoingServer>" + SECOND, IMAP,
     "smtp second.example.org 587 starttls"),
    ("thunderbird", "</outgoingServer>", "</outgoingServer>" + SECOND, IMAP, SMTP),
    ("geary", "</outgoingServer>", "</outgoingServer>" + SECOND, IMAP, SMTP),
    ("thunderbird-android", ">SSL<", ">plain<", "refuses", "refuses"),
    ("thunderbird-android", "password-cleartext", "GSSAPI", "refuses", "refuses"),
    ("thunderbird-android", "<username>%EMAILADDRESS%</username>", "", "refuses", "refuses"),
    ("thunderbird-android", "<domain>example.org</domain>", "", "refuses", "refuses"),
    ("thunderbird-android", "<incomingServer", POP.replace("SSL", "plain") + "<incomingServer",
     IMAP, SMTP),
    ("thunderbird", "<domain>example.org</domain>", "", "refuses", "refuses"),
    ("thunderbird", ' id="example.org"', "", "refuses", "refuses"),
    ("thunderbird", ">SSL<", ">ssl<", "refuses", "refuses"),
    ("geary", ">SSL<", ">ssl<", "imap imap.example.org 993 none", SMTP),
    ("aerc", ">SSL<", ">TLS<", "imap imap.example.org 993 starttls", SMTP),
    ("nextcloud-mail", ">SSL<", ">TLS<", "imap imap.example.org 993 starttls", SMTP),
    ("nextcloud-mail", ">SSL<", ">x<", "imap imap.example.org 993 none", SMTP),
    ("delta-chat", ">SSL<", ">x<", "imap imap.example.org 993 None", SMTP),
    ("fairemail", ">SSL<", ">plain<", IMAP, SMTP),
    ("mailspring", ">SSL<", ">SSL<", "ignores", "ignores"),
]  # fmt: skip


@pytest.mark.parametrize(("reader", "old", "new", "receives", "sends"), QUIRKS)
def test_each_quirk_has_its_effect(
    reader: str, old: str, new: str, receives: str, sends: str
) -> None:
    """As it was read in the program itself."""
    one = row(changed(AUTOCONFIG, old, new), reader)
    assert taken(one) == (receives, sends)
    assert one.says or one.outcome == "uses"


@pytest.mark.parametrize(
    ("reader", "username", "says"),
    [
        ("thunderbird", "", "undefined"),
        ("aerc", "%EMAILLOCALPART%", "literally"),
        ("fairemail", r"CORP\%EMAILLOCALPART%", "literally"),
        ("nextcloud-mail", "%EMAILLOCALPART%", "something else"),
    ],
)
def test_what_becomes_of_the_user_name_is_told(reader: str, username: str, says: str) -> None:
    """Missing, or with placeholders that are not filled in."""
    whole = "<username>%EMAILADDRESS%</username>"
    new = whole.replace("%EMAILADDRESS%", username) if username else ""
    assert says in " ".join(row(changed(AUTOCONFIG, whole, new), reader).says)


@pytest.mark.parametrize(
    ("reader", "receives", "sends"),
    [
        ("aerc", IMAP, "smtp smtp.example.org 587 starttls"),
        ("fairemail", IMAP, "smtp smtp.example.org 587 starttls"),
        ("evolution", IMAP, SMTP),
        ("himalaya", IMAP, SMTP),
        ("thunderbird", "ignores", "ignores"),
    ],
)
def test_service_records_are_read_by_label(reader: str, receives: str, sends: str) -> None:
    """Some put the labels of STARTTLS first; a denied service is none."""
    assert taken(row(linted(good(ZONE)), reader)) == (receives, sends)


def test_a_reader_is_data() -> None:
    """A new one needs no code."""
    quirk = {"published.port": {"equals": 993}}
    reader = {
        "name": "Mine",
        "reads": {
            "zone": {
                "protocols": ["imap"],
                "takes": {"incoming": "last", "outgoing": "first"},
                "confidence": "source",
                "skips-section-with": [{"when": quirk, "says": "Not {published.port}."}],
            }
        },
    }
    entries = [Entry(Protocol.IMAP, port=port, host="a.example", security=Security.TLS)
               for port in (1, 2, 993)]  # fmt: skip
    (one,) = rows(Reading(tuple(entries)), "zone", {"mine": reader})
    assert one.incoming is not None
    assert (one.incoming.port, one.says) == (2, ("Not 993.",))
