"""Names and versions as people write them, ranges, and the files of clients."""

from functools import cache
from pathlib import Path

import pytest

from advisor.engine.settings import Entered, meaning
from advisor.knowledge.checks import check
from advisor.knowledge.clients import Clients, Unknown, covers, numbers
from advisor.knowledge.kinds.clients import LIMITS
from advisor.knowledge.library import Library
from advisor.model.endpoint import Protocol


@cache
def clients() -> Clients:
    """The bundled clients, read once."""
    return Clients(Library().entries("clients"))


# What people write, and (client, range) it was meant for.
WRITTEN = [
    ("outlook 2016", "outlook", "2013-2019"),
    ("Outlook 2010", "outlook", "2007-2010"),
    ("MS Outlook 2013", "outlook", "2013-2019"),
    ("Microsoft Outlook 2003", "outlook", "2003-2003"),
    ("outlook@2016", "outlook", "2013-2019"),
    ("Outlook 2016 (64 bit)", "outlook", "2013-2019"),
    ("Outlook 365", "outlook-365", "*"),
    ("Outlook 2021", "outlook-365", "*"),
    ("new outlook", "outlook-new", "*"),
    ("Outlook (new)", "outlook-new", "*"),
    ("outlook for mac", "outlook-mac", "*"),
    ("Outlook 2011", "outlook-mac", "*"),
    ("OE 6", "outlook-express", "*"),
    ("Windows Live Mail 2012", "windows-live-mail", "2009-2012"),
    ("Windows 10 Mail", "windows-mail", "*"),
    ("tb 2", "thunderbird", "<3"),
    ("TB@2", "thunderbird", "<3"),
    ("Thunderbird 2.0.0.24", "thunderbird", "<3"),
    ("thunderbird@115.3", "thunderbird", "3.1-131"),
    ("Thunderbird v128", "thunderbird", "3.1-131"),
    ("thunderbird 140 on linux", "thunderbird", ">=132"),
    ("  THUNDERBIRD  ", "thunderbird", ">=132"),
    ("k-9", "thunderbird-android", ">=6.700"),
    ("K9 Mail 4.5", "thunderbird-android", "<4.509"),
    ("k-9@5.206", "thunderbird-android", "4.903-6.699"),
    ("iPhone", "ios-mail", ">=18"),
    ("iPad", "ios-mail", ">=18"),
    ("iOS 17", "ios-mail", "14-17"),
    ("Apple Mail 10.11", "apple-mail", "10.11-12"),
    ("mail.app", "apple-mail", ">=13"),
    ("Gmail", "gmail-app", "*"),
    ("PHPMailer 6.9", "phpmailer", "*"),
    ("Django 5", "django", "4.2-6.0"),
    ("smtplib", "python-smtplib", "*"),
    ("C#", "dotnet", "*"),
    ("the bat! 11", "the-bat", "*"),
    ("scanner", "printer", "*"),
    ("mbsync 1.3", "mbsync", "1.2-1.4"),
    ("k-9 5.206", "thunderbird-android", "4.903-6.699"),
    ("K-9 Mail 5.600", "thunderbird-android", "4.903-6.699"),
    ("K9 6.802", "thunderbird-android", ">=6.700"),
    ("Thunderbird for Android 10.1", "thunderbird-android", ">=6.700"),
    ("thunderbird mobile", "thunderbird-android", ">=6.700"),
    ("Outlook 2016 mac", "outlook-mac", "*"),
    ("Outlook 2016 for Mac", "outlook-mac", "*"),
    ("Outlook 2019 for Mac OS X 10.14", "outlook-mac", "*"),
    ("Microsoft Outlook for Mac", "outlook-mac", "*"),
    ("TB2", "thunderbird", "<3"),
    ("Thunderbird128", "thunderbird", "3.1-131"),
    ("Thunderbird 128.0esr", "thunderbird", "3.1-131"),
    ("thunderbird 115 ESR", "thunderbird", "3.1-131"),
    ("thunderbird 3.0b2", "thunderbird", "3-3.0"),
    ("Mozilla Thunderbird 140.4.0 (64-bit)", "thunderbird", ">=132"),
    ("Thunderbird on Windows", "thunderbird", ">=132"),
    ("the Thunderbird email client", "thunderbird", ">=132"),
    ("my thunderbird", "thunderbird", ">=132"),
    ("tb@", "thunderbird", ">=132"),
    ("thunderbird@esr", "thunderbird", ">=132"),
    ("outlook2010", "outlook", "2007-2010"),
    ("Outlook-2007", "outlook", "2007-2010"),
    ("Microsoft® Outlook® 2013", "outlook", "2013-2019"),
    ("Outlook 2019 desktop app", "outlook", "2013-2019"),
    ("Outlook 2021 (64-bit)", "outlook-365", "*"),
    ("outlook@2024", "outlook-365", "*"),
    ("Outlook (classic)", "outlook-365", "*"),
    ("Microsoft 365", "outlook-365", "*"),
    ("Outlook app on my iPhone", "outlook-mobile", "*"),
    ("Microsoft Outlook for Android", "outlook-mobile", "*"),
    ("hotmail app", "outlook-mobile", "*"),
    ("Outlook Express", "outlook-express", "*"),
    ("Windows Live Mail", "windows-live-mail", "2009-2012"),
    ("windows mail", "windows-mail", "*"),
    ("Windows 11 Mail app", "windows-mail", "*"),
    ("apple mail 16", "apple-mail", ">=13"),
    ("Mac Mail", "apple-mail", ">=13"),
    ("Mail.app 10.9", "apple-mail", "<10.11"),
    ("iphone 15 pro max", "ios-mail", ">=18"),
    ("iphone@15", "ios-mail", "14-17"),
    ("Apple Mail on my iPhone", "ios-mail", ">=18"),
    ("iOS17", "ios-mail", "14-17"),
    ("iPhone iOS 12.5.7", "ios-mail", "11-13"),
    ("iPhone 6 mail", "ios-mail", ">=18"),
    ("iPadOS 26", "ios-mail", ">=18"),
    ("gmail app on android", "gmail-app", "*"),
    ("Gmail (web)", "gmail-web", "*"),
    ("gmail.com", "gmail-web", "*"),
    ("Samsung Galaxy email app", "samsung-email", "*"),
    ("Claws Mail 4.3", "claws-mail", ">=4.1"),
    ("claws", "claws-mail", ">=4.1"),
    ("mutt 2.2", "mutt", ">=2"),
    ("mutt 1.14.7", "mutt", "<2"),
    ("neomutt 20240425", "neomutt", ">=20211001"),
    ("neomutt-20200501", "neomutt", "20200401-20210930"),
    ("isync 1.4", "mbsync", "1.2-1.4"),
    ("himalaya v1.1.0", "himalaya", "<2"),
    ("roundcube 1.5", "roundcube", "<1.6"),
    ("Roundcube webmail 1.6.9", "roundcube", ">=1.6"),
    ("Nextcloud Mail app", "nextcloud-mail", "*"),
    ("the bat", "the-bat", "*"),
    ("eM Client 10", "em-client", "*"),
    ("wp mail smtp", "wordpress", "*"),
    ("WP-Mail-SMTP plugin", "wordpress", "*"),
    ("canon printer", "printer", "*"),
    ("HP LaserJet", "printer", "*"),
    ("Brother MFC", "printer", "*"),
    ("scan to email", "printer", "*"),
    ("EPSON WF-3720", "printer", "*"),
    ("Ricoh MP C3003", "printer", "*"),
    (".NET", "dotnet", "*"),
    (".NET 8", "dotnet", "*"),
    ("System.Net.Mail.SmtpClient", "dotnet", "*"),
    ("SmtpClient (C#)", "dotnet", "*"),
    ("MailKit", "mailkit", "*"),
    ("MailKit 4.7", "mailkit", "*"),
    ("Spring Boot 3", "jakarta-mail", "*"),
    ("NodeMailer 6.9", "nodemailer", "*"),
    ("golang", "go-smtp", "*"),
    ("Ruby on Rails 7", "rails", "*"),
    ("Python 3.12 smtplib", "python-smtplib", "*"),
]


@pytest.mark.parametrize(("written", "client", "span"), WRITTEN)
def test_names_and_versions_are_forgiving(written: str, client: str, span: str) -> None:
    """However it is written, the right client in the right range is taken."""
    found = clients().find(written)
    assert not isinstance(found, Unknown), found.near
    assert (found.id, found.range) == (client, span)


NEAR = [
    ("thunderbrd", "thunderbird"),
    ("outlok", "outlook"),
    ("claws mial", "claws-mail"),
    ("evolutoin", "evolution"),
    ("roundcub", "roundcube"),
    ("Apple Mail Pro Monterey", "apple-mail"),
    ("outlook web access", "outlook"),
]


@pytest.mark.parametrize(("written", "near"), NEAR)
def test_an_unknown_name_gets_the_nearest(written: str, near: str) -> None:
    """At most three, the meant one among them."""
    found = clients().find(written)
    assert isinstance(found, Unknown)
    assert near in found.near
    assert len(set(found.near)) == len(found.near) <= 3


@pytest.mark.parametrize(
    "written", ["", "  ", "@", "@2", "\x00", "☃" * 50, "9" * 5000, "x" * 10**5]
)
def test_nonsense_is_unknown(written: str) -> None:
    """And takes neither a crash nor long."""
    assert isinstance(clients().find(written), Unknown)


@pytest.mark.parametrize(
    ("sentence", "client", "version"),
    [
        ("which port for outgoing mail in Thunderbird?", "thunderbird", None),
        ("imap on my iPhone, please", "ios-mail", None),
        ("port for Thunderbird 2 incoming", "thunderbird", "2"),
        ("imap in K-9 Mail 5.206?", "thunderbird-android", "5.206"),
        ("port for Outlook 2016 for Mac", "outlook-mac", "2016"),
        ("thunderbird 110 or 995?", "thunderbird", None),
        ("is 587 the port of outlook 2010?", "outlook", "2010"),
    ],
)
def test_a_sentence_can_name_a_client(sentence: str, client: str, version: str | None) -> None:
    """With the version that follows its name."""
    found = clients().within(sentence)
    assert found is not None
    assert (found.id, found.version) == (client, version)


def test_a_sentence_keeps_the_year_of_outlook() -> None:
    """Outlook 2003 and 2016 have different words, so the year must not get lost."""
    found = clients().within("which port for smtp in outlook 2003 please")
    assert found is not None
    assert found.range == "2003-2003"


def test_a_sentence_without_a_client_names_none() -> None:
    """Nothing is read into it."""
    assert clients().within("which port for outgoing mail?") is None


COVERED = [
    ("*", "0", True),
    ("<3", "2.0.0.24", True),
    ("<3", "3", False),
    ("<3", "3.0", False),
    ("<=3", "3.9", True),
    ("<=3", "4", False),
    (">=132", "132", True),
    (">=132", "131.9", False),
    (">=132", "140.3", True),
    (">3", "3.1", False),
    (">3", "4", True),
    ("2-2", "2.0.0.24", True),
    ("2.0-2.0", "2.0.0.24", True),
    ("3.1-131", "3.0", False),
    ("3.1-131", "3.1.20", True),
    ("3.1-131", "131.0.1", True),
    ("3.1-131", "132", False),
    ("10.11-12", "10.11", True),
    ("10.11-12", "10.11.6", True),
    ("10.11-12", "10.9", False),
    ("10.11-12", "11", True),
    ("10.11-12", "12.7", True),
    ("10.11-12", "13", False),
    ("2007-2010", "2010", True),
    ("2007-2010", "2013", False),
    ("4.903-6.699", "4.10", False),
    ("7.1", "7.1", True),
    ("7.1", "7.2", False),
]


@pytest.mark.parametrize(("span", "version", "held"), COVERED)
def test_a_range_holds_its_versions(span: str, version: str, held: bool) -> None:
    """A bound with fewer numbers covers all below it."""
    assert covers(span, numbers(version)) is held


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("eudora 99", "6-7.1"),
        ("eudora 3", "6-7.1"),
        ("outlook 2000", "2003-2003"),
        ("outlook 97", "2003-2003"),
        ("outlook 2012", "2007-2010"),
        ("outlook 2030", "2013-2019"),
    ],
)
def test_a_version_in_no_range_is_taken_for_the_one_below(written: str, span: str) -> None:
    """And for the oldest where none is below; the version stays as it was written."""
    found = clients().find(written)
    assert not isinstance(found, Unknown)
    assert (found.version, found.range) == (written.split()[-1], span)


# Ports that each fills in: (implicit, STARTTLS) for IMAP and POP3, and (implicit, STARTTLS, none)
# for sending; 0 where it has no such thing.
FILLED_IN = [
    ("thunderbird 140", (993, 143), (995, 110), (465, 587, 587)),
    ("thunderbird 2", (993, 143), (995, 110), (465, 25, 25)),
    ("thunderbird for android", (993, 143), (995, 110), (465, 587, 587)),
    ("k-9 4.1", (993, 143), (995, 110), (465, 587, 587)),
    ("fairemail", (993, 143), (995, 110), (465, 587, 25)),
    ("outlook 2016", (143, 143), (995, 0), (25, 25, 25)),
    ("outlook 2003", (993, 0), (995, 0), (0, 25, 25)),
    ("outlook express", (993, 0), (995, 0), (0, 25, 25)),
    ("windows live mail", (993, 0), (995, 0), (0, 25, 25)),
    ("evolution", (993, 143), (995, 110), (465, 25, 25)),
    ("geary", (993, 143), (0, 0), (465, 587, 25)),
    ("kmail", (993, 143), (995, 110), (465, 587, 25)),
    ("claws mail", (993, 143), (995, 110), (465, 25, 25)),
    ("sylpheed", (993, 143), (995, 110), (465, 25, 25)),
    ("mutt", (993, 143), (995, 110), (465, 25, 25)),
    ("neomutt", (993, 143), (995, 110), (465, 25, 25)),
    ("msmtp", (0, 0), (0, 0), (465, 25, 25)),
    ("mbsync", (993, 143), (0, 0), (0, 0, 0)),
    ("getmail", (993, 0), (995, 0), (0, 0, 0)),
    ("fetchmail", (993, 143), (995, 110), (0, 0, 0)),
    ("roundcube 1.6", (993, 143), (0, 0), (465, 587, 587)),
    ("nextcloud mail", (993, 143), (0, 0), (465, 587, 587)),
    ("delta chat", (993, 143), (0, 0), (465, 587, 587)),
    ("eudora", (993, 143), (995, 110), (465, 25, 25)),
    ("printer", (0, 0), (0, 0), (25, 25, 25)),
    ("mailkit", (993, 143), (995, 110), (465, 25, 25)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "imap", "pop3", "smtp"), FILLED_IN, ids=[r[0] for r in FILLED_IN])
def test_the_ports_it_fills_in(
    name: str, imap: tuple[int, ...], pop3: tuple[int, ...], smtp: tuple[int, ...]
) -> None:
    """Where they stay at 25 or 143, the port has to be typed."""
    client = clients().find(name)
    assert not isinstance(client, Unknown)
    told = {
        protocol: tuple(client.ports.get(f"{protocol}:{mode}", 0) for mode in modes)
        for protocol, modes in (
            ("imap", ("implicit", "starttls")),
            ("pop3", ("implicit", "starttls")),
            ("smtp", ("implicit", "starttls", "none")),
        )
    }
    assert told == {"imap": imap, "pop3": pop3, "smtp": smtp}


TAKEN_FROM = [
    ("thunderbird", "autoconfig ispdb autodiscover guess"),
    ("thunderbird for android", "autoconfig ispdb"),
    ("fairemail", "autoconfig ispdb autodiscover srv guess"),
    ("outlook 2016", "autodiscover guess"),
    ("outlook 365", "autodiscover guess"),
    ("new outlook", "autodiscover"),
    ("outlook mobile", "autodiscover"),
    ("apple mail", "autodiscover mobileconfig guess"),
    ("iphone", "autodiscover mobileconfig guess"),
    ("gmail app", "autodiscover guess"),
    ("em client", "autoconfig ispdb autodiscover guess"),
    ("evolution", "autoconfig ispdb autodiscover srv jmap"),
    ("geary", "autoconfig ispdb"),
    ("kmail", "autoconfig ispdb"),
    ("claws mail", "srv"),
    ("himalaya", "autoconfig ispdb srv pacc jmap"),
    ("aerc", "autoconfig srv jmap"),
    ("nextcloud mail", "autoconfig ispdb guess"),
    ("delta chat", "autoconfig autodiscover guess"),
    ("mutt", ""),
    ("neomutt", ""),
    ("mbsync", ""),
    ("offlineimap", ""),
    ("fetchmail", ""),
    ("getmail", ""),
    ("msmtp", "srv"),
    ("alpine", ""),
    ("sylpheed", ""),
    ("roundcube", ""),
]


@pytest.mark.parametrize(("name", "sources"), TAKEN_FROM, ids=[r[0] for r in TAKEN_FROM])
def test_what_it_can_set_itself_up_from(name: str, sources: str) -> None:
    """What a provider has to publish for its users."""
    client = clients().find(name)
    assert not isinstance(client, Unknown)
    assert client.reads == tuple(sources.split())


LIMITED = [
    ("outlook express", "smtp", "smtp-starttls-on-25-only"),
    ("windows live mail", "smtp", "smtp-starttls-on-25-only"),
    ("outlook 2003", "smtp", "smtp-starttls-on-25-only"),
    ("getmail", "imap", "implicit-only"),
    ("getmail", "pop3", "implicit-only"),
    (".net", "smtp", "starttls-only"),
    ("camera", "smtp", "starttls-only"),
    ("outlook 2016", "imap", "tls-old"),
    ("windows live mail", "imap", "tls-old"),
    ("printer", "smtp", "tls-old"),
    ("sylpheed 3.7", "imap", "no-oauth2"),
    ("outlook 2010", "imap", "no-oauth2"),
    ("printer", "smtp", "no-oauth2"),
    ("windows live mail", "imap", "no-oauth2"),
    ("eudora", "imap", "no-oauth2"),
    ("outlook express", "imap", "no-oauth2"),
    ("thunderbird", "imap", "oauth2-built-in-providers-only"),
    ("k-9 4.6", "imap", "ignores-logindisabled"),
    ("thunderbird 2", "imap", "leaks-when-stripped"),
    ("roundcube", "imap", "leaks-when-stripped"),
    ("offlineimap", "imap", "leaks-when-stripped"),
    ("fetchmail 6.3", "imap", "leaks-when-stripped"),
    ("claws mail", "smtp", "leaks-when-stripped"),
    ("gmail web", "pop3", "discontinued"),
    ("gmail web", "smtp", "no-private-ca"),
    ("fairemail", "imap", "no-private-ca"),
    ("apple mail", "smtp", "one-switch-for-both-modes"),
    ("iphone", "imap", "one-switch-for-both-modes"),
    ("new outlook", "imap", "credentials-through-cloud"),
    ("claws mail", "smtp", "port-must-be-typed"),
    ("sylpheed", "smtp", "port-must-be-typed"),
    ("msmtp", "smtp", "port-must-be-typed"),
    ("mutt", "smtp", "port-must-be-typed"),
    ("phpmailer", "smtp", "port-must-be-typed"),
    ("printer", "smtp", "port-must-be-typed"),
]


@pytest.mark.parametrize(("name", "protocol", "limit"), LIMITED)
def test_what_it_cannot_do(name: str, protocol: str, limit: str) -> None:
    """Limits that change the advice."""
    client = clients().find(name)
    assert not isinstance(client, Unknown)
    assert client.limit(limit, protocol)


# The clients and families that people asked for by name.
ASKED_FOR = [
    "Thunderbird", "Thunderbird for Android", "K-9 Mail", "Outlook 2003", "Outlook 2016",
    "Outlook 365", "New Outlook", "Outlook for Mac", "Outlook mobile", "Outlook Express",
    "Windows Live Mail", "Apple Mail", "iPhone", "Gmail app", "Gmail web", "Samsung Email",
    "Evolution", "KMail", "Geary", "Claws Mail", "Sylpheed", "Eudora", "The Bat!", "eM Client",
    "Mutt", "NeoMutt", "Alpine", "mbsync", "OfflineIMAP", "fetchmail", "getmail", "msmtp",
    "Himalaya", "aerc", "Roundcube", "Nextcloud Mail", "Delta Chat", "FairEmail", "PHPMailer",
    "WordPress", "Nodemailer", ".NET", "Jakarta Mail", "Django", "Python smtplib", "Rails",
    "MailKit", "Go net/smtp", "Home Assistant", "Grafana", "GitLab", "printer", "scanner",
]  # fmt: skip


@pytest.mark.parametrize("name", ASKED_FOR)
def test_everybody_asked_for_is_there(name: str) -> None:
    """By the name that people know it by."""
    assert not isinstance(clients().find(name), Unknown)


def test_there_are_at_least_45() -> None:
    """Clients, not versions."""
    assert len(Library().entries("clients")) >= 45


def test_two_that_are_named_alike_are_kept_apart() -> None:
    """What MailKit can choose, .NET's own SmtpClient has not got, and the other way round."""
    own, kit = (clients().find(name) for name in ("System.Net.Mail", "MailKit"))
    assert not isinstance(own, Unknown)
    assert not isinstance(kit, Unknown)
    assert not {one.label for one in own.labels} & {one.label for one in kit.labels}
    assert "implicit" not in {one.does for one in own.labels}


def test_names_lead_to_one_client_each() -> None:
    """Ids, names and other names, without regard to case, blanks and hyphens."""
    owners: dict[str, str] = {}
    for key, entry in Library().entries("clients").items():
        for name in {key, entry["name"], *entry["also"]}:
            folded = " ".join(name.lower().replace("-", " ").replace("_", " ").split())
            assert owners.setdefault(folded, key) == key, name


def test_every_name_is_found() -> None:
    """What the data say people type is understood."""
    for key, entry in Library().entries("clients").items():
        for name in (key, entry["name"], *entry["also"]):
            found = clients().find(name)
            assert not isinstance(found, Unknown)
            assert found.id == key, name


def test_every_label_can_be_typed_back() -> None:
    """Found again by its own words, on one of the ports where it does what it says."""
    for client in clients().every():
        for label in client.labels:
            for protocol in label.protocols:
                port = label.ports[0] if label.ports else 2525
                given = Entered(Protocol(protocol), None, port, label.label.upper(), client)
                assert meaning(given)[0] == label.does, (client.id, client.range, label.label)


def test_every_range_can_be_reached() -> None:
    """No section is hidden behind an earlier one, and no two overlap."""
    for key, entry in Library().entries("clients").items():
        for section in entry["versions"]:
            bounds = [numbers(part) for part in section["range"].strip("<>=").split("-")]
            at = ".".join(map(str, bounds[0])) if bounds[0] else "1"
            if section["range"].startswith("<"):
                at = "0.1"
            held = [s["range"] for s in entry["versions"] if covers(s["range"], numbers(at))]
            assert held == [section["range"]], (key, at)


GOOD = """\
name: Example Mail
also: [example]
kind: desktop
protocols: [imap, smtp]
versions:
  - range: ">=2"
    labels:
      - label: Secure
        protocols: [imap]
        does: implicit
        confidence: source
        source: its manual
    sign_in: []
    limits:
      - limit: no-oauth2
        says: It has no OAuth2.
        confidence: vendor
        source: its manual
verified: 2026-11-20
"""

BROKEN = [
    ('range: ">=2"', "range: 5-3", ":6:12: 5-3 holds no version"),
    ('range: ">=2"', "range: two", ":6:12: expected a range such as <3, 2007-2019 or *"),
    ('range: ">=2"', 'range: "2..3"', ":6:12: expected a range"),
    ('range: ">=2"', 'range: "<3-4"', ":6:12: expected a range"),
    ('range: ">=2"', "range: [2]", ":6:12: expected a range"),
    ("limit: no-oauth2", "limit: no-oauth", ":15:16: expected"),
    ("does: implicit", "does: ssl", ":10:15: expected implicit, starttls"),
    ("kind: desktop", "kind: laptop", ":3:7: expected desktop"),
    ("protocols: [imap]", "protocols: []", ":9:"),
    ("protocols: [imap]", "protocols: [nntp]", ":9:21: expected imap, pop3 or smtp"),
    ("confidence: source", "confidence: sure", ":11:21: expected measured, source"),
    ("        source: its manual\n    sign", "    sign", "the field “source” is missing"),
    ("label: Secure", "lable: Secure", "did you mean “label”?"),
    ("    sign_in: []\n", "", "the field “sign_in” is missing"),
    ("verified: 2026-11-20", "verified: soon", ":19:11: expected a day"),
    ("also: [example]", "also: example", ":2:7:"),
    ("does: implicit", "does: implicit\n        ports: [70000]", ":11:17:"),
]


def mistakes(text: str) -> list[str]:
    """The mistakes of one client's file, as printed."""
    base = Path("rules")
    _, found = check([(base / "clients" / "example-mail.yaml", text.encode())], "clients", base)
    return [str(one) for one in found]


def test_a_good_client_has_no_mistakes() -> None:
    """The example passes."""
    assert mistakes(GOOD) == []


@pytest.mark.parametrize(("old", "new", "expected"), BROKEN, ids=[b[1] for b in BROKEN])
def test_each_mistake_is_told_with_its_place(old: str, new: str, expected: str) -> None:
    """One thing is wrong, and the message says where and what was expected."""
    assert old in GOOD
    found = mistakes(GOOD.replace(old, new, 1))
    assert any(expected in line for line in found), found
    assert all(line.startswith("rules/clients/example-mail.yaml:") for line in found)


@pytest.mark.parametrize("limit", LIMITS)
def test_every_limit_is_accepted(limit: str) -> None:
    """The list of limits is what the linter takes."""
    assert mistakes(GOOD.replace("no-oauth2", limit)) == []


def test_a_name_belongs_to_one_client() -> None:
    """Two files that claim one name cannot both be meant."""
    base = Path("rules")
    files = [(base / "clients" / f"{name}.yaml", GOOD.encode()) for name in ("one", "two")]
    _, found = check(files, "clients", base)
    assert any("the name “example” leads to" in str(one) for one in found)


def test_the_shown_name_belongs_to_one_client_too() -> None:
    """It can be typed as well, so it must not lead to two."""
    base = Path("rules")
    texts = (GOOD, GOOD.replace("[example]", "[other]"))
    files = [
        (base / "clients" / f"{name}.yaml", text.encode())
        for name, text in zip(("one", "two"), texts, strict=True)
    ]
    assert check(files, "clients", base)[1]


def test_ranges_that_overlap_are_a_mistake() -> None:
    """The first of two wins, and the other is dead knowledge."""
    start = GOOD.index("  - range")
    section = GOOD[start : GOOD.index("verified")]
    (line,) = mistakes(GOOD.replace(section, section + section.replace(">=2", ">=3")))
    assert line.endswith(":19:12: >=3 and >=2 above have versions in common")
    for apart in ("<2", "1", "0.9-1.99"):
        assert not mistakes(GOOD.replace(section, section + section.replace(">=2", apart)))
