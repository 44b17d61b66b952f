"""The same word, another meaning: what each label really does, program by program.

Each row is a fact of the trap table that the client catalogue was made from. It must be told
alike by the engine, by ``explain`` and by ``check``.
"""

from functools import cache

import pytest

from advisor.checking import check
from advisor.engine.settings import Entered, check_facts, meaning
from advisor.knowledge.library import Library
from advisor.model.endpoint import CONVENTIONAL, Protocol, Security
from advisor.options import Options
from advisor.terms import explain
from tests.make import NOW
from tests.run import advisor


@cache
def library() -> Library:
    """The bundled knowledge, read once."""
    return Library()


def entered(client: str | None, protocol: str, port: int, label: str) -> Entered:
    """Settings as they stand on the screen of *client*."""
    program = library().client(client) if client else None
    return Entered(Protocol(protocol), "mail.example.org", port, label, program)


# (client, protocol, port, label, what it does)
Row = tuple[str, str, int, str, str]

_OLD_BOX = "This server requires an encrypted connection (SSL)"
_EXPRESS_BOX = "This server requires a secure connection (SSL)"
_MAC_BOX = "Use SSL to connect (recommended)"
_CLAWS_NONE = "Don't use TLS (but, if necessary, use STARTTLS)"

MOZILLA: list[Row] = [
    # Up to version 2 “TLS” was the STARTTLS of today, and had to succeed.
    ("thunderbird@2", "imap", 143, "TLS", "starttls"),
    ("thunderbird@2", "pop3", 110, "TLS", "starttls"),
    ("thunderbird@2", "smtp", 587, "TLS", "starttls"),
    ("thunderbird@2.0.0.24", "imap", 143, "TLS", "starttls"),
    ("thunderbird@1.5", "imap", 143, "TLS", "starttls"),
    ("seamonkey@1.1", "imap", 143, "TLS", "starttls"),
    # “If available” went on in the clear without a word.
    ("thunderbird@2", "imap", 143, "TLS, if available", "opportunistic"),
    ("thunderbird@2", "pop3", 110, "TLS, if available", "opportunistic"),
    ("thunderbird@2", "smtp", 587, "TLS, if available", "opportunistic"),
    ("thunderbird@2", "imap", 993, "SSL", "implicit"),
    ("thunderbird@2", "pop3", 995, "SSL", "implicit"),
    ("thunderbird@2", "smtp", 465, "SSL", "implicit"),
    ("thunderbird@2", "imap", 143, "Never", "none"),
    # A word that only a test version of summer 2008 had.
    ("thunderbird@3.0", "smtp", 465, "SMTP-over-SSL", "implicit"),
    # The new words of 3.0, with the downgrade kept until 131.
    ("thunderbird@3.0", "imap", 143, "STARTTLS, if available", "opportunistic"),
    ("thunderbird@3.1", "pop3", 110, "STARTTLS, if available", "opportunistic"),
    ("thunderbird@78", "smtp", 587, "STARTTLS, if available", "opportunistic"),
    ("thunderbird@131", "imap", 143, "STARTTLS, if available", "opportunistic"),
    ("thunderbird@17", "imap", 143, "STARTTLS", "starttls"),
    ("thunderbird@17", "imap", 993, "SSL/TLS", "implicit"),
    ("thunderbird@140", "smtp", 587, "STARTTLS", "starttls"),
    ("thunderbird", "imap", 993, "SSL/TLS", "implicit"),
]
ANDROID: list[Row] = [
    ("k-9@4.508", "imap", 143, "TLS (always)", "starttls"),
    ("k-9@4.508", "imap", 143, "TLS (if available)", "opportunistic"),
    # Here “if available” never meant clear text: it meant any certificate.
    ("k-9@4.508", "imap", 993, "SSL (if available)", "implicit"),
    ("k-9@4.600", "imap", 993, "SSL/TLS (if available)", "implicit"),
    ("k-9@4.600", "imap", 143, "STARTTLS (if available)", "opportunistic"),
    ("k-9@4.902", "pop3", 995, "SSL/TLS (if available)", "implicit"),
    ("k-9@5.600", "smtp", 587, "STARTTLS", "starttls"),
    ("thunderbird-android", "smtp", 587, "StartTLS", "starttls"),
    ("aosp email", "imap", 993, "SSL/TLS (Accept all certificates)", "implicit"),
    ("aosp email", "imap", 143, "STARTTLS (accept all certificates)", "starttls"),
]
MICROSOFT: list[Row] = [
    *(
        row
        for year in (2007, 2010, 2013, 2016, 2019)
        for row in (
            (f"outlook@{year}", "imap", 993, "SSL", "implicit"),
            (f"outlook@{year}", "smtp", 465, "SSL", "implicit"),
            (f"outlook@{year}", "imap", 143, "TLS", "starttls"),
            (f"outlook@{year}", "smtp", 587, "TLS", "starttls"),
            (f"outlook@{year}", "smtp", 587, "Auto", "auto"),
            (f"outlook@{year}", "pop3", 995, _OLD_BOX, "implicit"),
        )
    ),
    # The same two choices, renamed; both spellings are met.
    ("outlook 365", "imap", 993, "SSL/TLS", "implicit"),
    ("outlook 365", "smtp", 587, "STARTTLS", "starttls"),
    ("outlook 2021", "imap", 993, "SSL", "implicit"),
    ("outlook 2024", "smtp", 587, "TLS", "starttls"),
    ("outlook 365", "imap", 993, "Auto", "auto"),
    ("outlook@2003", "imap", 993, _OLD_BOX, "implicit"),
    ("outlook@2003", "pop3", 995, _OLD_BOX, "implicit"),
    # For sending, the box is STARTTLS on 25 and TLS from the first byte anywhere else.
    ("outlook express", "imap", 993, _EXPRESS_BOX, "implicit"),
    ("outlook express", "pop3", 995, _EXPRESS_BOX, "implicit"),
    ("outlook express", "smtp", 25, _EXPRESS_BOX, "starttls"),
    ("outlook express", "smtp", 465, _EXPRESS_BOX, "implicit"),
    ("outlook express", "smtp", 587, _EXPRESS_BOX, "implicit"),
    ("windows live mail", "smtp", 25, _EXPRESS_BOX, "starttls"),
    ("windows live mail", "smtp", 587, _EXPRESS_BOX, "implicit"),
    ("windows live mail", "imap", 993, _EXPRESS_BOX, "implicit"),
    ("outlook mac", "imap", 993, _MAC_BOX, "implicit"),
    ("outlook mac", "smtp", 465, _MAC_BOX, "implicit"),
    ("outlook mac", "smtp", 587, _MAC_BOX, "starttls"),
    ("windows 10 mail", "imap", 993, "Require SSL for incoming email", "implicit"),
    ("windows 10 mail", "smtp", 465, "Require SSL for outgoing email", "implicit"),
    ("windows 10 mail", "smtp", 587, "Require SSL for outgoing email", "starttls"),
]
APPLE: list[Row] = [
    (client, protocol, port, label, does)
    for client, label in (("apple mail", "Use TLS/SSL"), ("iphone", "Use SSL"))
    for protocol, port, does in (
        ("imap", 993, "implicit"),
        ("pop3", 995, "implicit"),
        ("smtp", 465, "implicit"),
        ("imap", 143, "starttls"),
        ("pop3", 110, "starttls"),
        ("smtp", 587, "starttls"),
    )
]
OTHERS: list[Row] = [
    ("gmail web", "smtp", 587, "Secured connection using TLS (recommended)", "starttls"),
    ("gmail web", "smtp", 465, "Secured connection using SSL", "implicit"),
    (
        "gmail web", "pop3", 995,
        "Always use a secure connection (SSL) when retrieving mail", "implicit",
    ),
    # It says “don't”, and tries the password in the clear before it encrypts.
    ("claws mail 4.2", "smtp", 587, _CLAWS_NONE, "opportunistic"),
    ("claws mail 4.2", "imap", 993, "Use TLS", "implicit"),
    ("claws mail 4.0", "imap", 993, "Use SSL/TLS", "implicit"),
    ("claws mail 3.14", "imap", 993, "Use SSL for IMAP4 connection", "implicit"),
    ("geary", "imap", 993, "TLS", "implicit"),
    ("geary", "imap", 143, "StartTLS", "starttls"),
    ("nextcloud", "imap", 143, "STARTTLS", "starttls"),
    ("nextcloud", "smtp", 587, "tls", "starttls"),
    ("nextcloud", "imap", 993, "SSL/TLS", "implicit"),
    ("nextcloud", "smtp", 465, "ssl", "implicit"),
    ("eudora", "imap", 143, "Never", "none"),
    ("eudora", "smtp", 587, "If Available, STARTTLS", "opportunistic"),
    ("eudora", "imap", 993, "Required, Alternate Port", "implicit"),
    ("eudora", "imap", 143, "Required, STARTTLS", "starttls"),
]  # fmt: skip
FILES: list[Row] = [
    # Reading goes on in the clear where STARTTLS is missing; sending stops.
    ("roundcube", "imap", 143, "tls://", "opportunistic"),
    ("roundcube", "smtp", 587, "tls://", "starttls"),
    ("roundcube", "imap", 993, "ssl://", "implicit"),
    ("roundcube", "smtp", 465, "ssl://", "implicit"),
    ("phpmailer", "smtp", 587, "SMTPSecure = 'tls'", "starttls"),
    ("phpmailer", "smtp", 465, "SMTPSecure = 'ssl'", "implicit"),
    ("phpmailer", "smtp", 587, "SMTPAutoTLS = true", "opportunistic"),
    ("wordpress", "smtp", 587, "TLS", "starttls"),
    ("wordpress", "smtp", 465, "SSL", "implicit"),
    ("msmtp", "smtp", 587, "tls on", "starttls"),
    ("msmtp", "smtp", 465, "tls_starttls off", "implicit"),
    ("aerc", "imap", 143, "imap://", "starttls"),
    ("aerc", "imap", 143, "imap+insecure://", "none"),
    ("himalaya 2", "imap", 143, "imap://", "none"),
    ("himalaya 2", "imap", 143, "imap.starttls = true", "starttls"),
    ("mutt 1.14", "imap", 143, "imap://", "opportunistic"),
    ("mutt 2.2", "imap", 143, "imap://", "starttls"),
    ("mutt 2.2", "smtp", 587, "smtp://", "starttls"),
    ("mutt 2.2", "imap", 143, "set ssl_force_tls = no", "opportunistic"),
    ("mutt 2.2", "imap", 143, "set ssl_starttls = no", "none"),
    ("neomutt 20231103", "imap", 143, "imap://", "starttls"),
    ("neomutt 20200501", "imap", 143, "imap://", "opportunistic"),
    ("offlineimap", "imap", 143, "ssl = no", "opportunistic"),
    ("offlineimap", "imap", 143, "starttls = yes", "opportunistic"),
    ("offlineimap", "imap", 993, "ssl = yes", "implicit"),
    *(
        (client, "imap", port, flag, does)
        for client in ("alpine", "php imap")
        for port, flag, does in (
            (143, "/tls", "starttls"),
            (143, "(no flag)", "opportunistic"),
            (993, "/ssl", "implicit"),
            (143, "/notls", "none"),
        )
    ),
]
ROWS = MOZILLA + ANDROID + MICROSOFT + APPLE + OTHERS + FILES
each_row = pytest.mark.parametrize(
    ("client", "protocol", "port", "label", "does"),
    ROWS,
    ids=[f"{r[0]}-{r[1]}-{r[2]}-{r[3]}" for r in ROWS],
)

# What explain and check say of each.
EXPLAINED = {
    "implicit": "from the first byte",
    "starttls": "STARTTLS, required",
    "opportunistic": "otherwise clear text",
    "none": "no encryption",
    "auto": "decides by itself",
}
SECURITY = {
    "implicit": "tls",
    "starttls": "starttls",
    "opportunistic": "starttls",
    "none": "none",
    "auto": None,
}


@each_row
def test_a_label_means_what_it_does(
    client: str, protocol: str, port: int, label: str, does: str
) -> None:
    """The engine reads the label as that version of that program does."""
    found, known_as = meaning(entered(client, protocol, port, label))
    assert found == does
    assert known_as is not None
    assert known_as.label == label


@each_row
def test_explain_tells_the_row(
    client: str, protocol: str, port: int, label: str, does: str
) -> None:
    """The word's own meaning there stands first, with its source."""
    told = explain(label, library(), client).meanings
    assert told
    fitting = [one for one in told if EXPLAINED[does] in one.means]
    assert fitting, [one.means for one in told]
    assert "Source: " in fitting[0].because


@each_row
async def test_check_tells_the_row(
    client: str, protocol: str, port: int, label: str, does: str
) -> None:
    """What somebody entered is judged by what it does, not by what it is called."""
    given = entered(client, protocol, port, label)
    report = await check(given, Options(offline=True), library=library())
    told = report.means
    assert (told.security, told.opportunistic) == (SECURITY[does], does == "opportunistic")
    stands_for = CONVENTIONAL.get((Protocol(protocol), port))
    if does in ("none", "opportunistic"):
        assert report.verdict != "right"
    if does == "implicit" and stands_for is Security.STARTTLS:
        assert report.verdict == "wrong"


@pytest.mark.parametrize("client", ["thunderbird@132", "thunderbird@140", "thunderbird"])
def test_what_a_version_no_longer_has_is_not_invented(client: str) -> None:
    """From 132 on there is no “STARTTLS, if available”."""
    does, label = meaning(entered(client, "imap", 143, "STARTTLS, if available"))
    assert (does, label) == ("unknown", None)


@pytest.mark.parametrize("word", ["TLS", "SSL", "SPA", "Use SSL", "TLS (always)", "SSL if any"])
def test_a_word_of_many_meanings_needs_the_program(word: str) -> None:
    """Without a client, nobody can tell what it does."""
    assert meaning(entered(None, "imap", 143, word))[0] == "unknown"


WITHOUT_CHECK = ["k-9@4.508", "k-9@4.600"]


@pytest.mark.parametrize("client", WITHOUT_CHECK)
def test_old_k9_took_any_certificate(client: str) -> None:
    """Its “if available” choices checked no certificate at all."""
    assert library().client(client).limit("no-certificate-check", "imap")


def test_a_label_that_takes_every_certificate_says_so() -> None:
    """“Accept all certificates” encrypts, and proves nothing."""
    for name in ("SSL/TLS (Accept all certificates)", "STARTTLS (accept all certificates)"):
        _, label = meaning(entered("aosp email", "imap", 993, name))
        assert label is not None
        assert label.note is not None
        assert "certificate" in label.note


# (client, protocol, sign-in label, what it does)
SIGN_IN = [
    ("outlook@2016", "imap", "Require logon using Secure Password Authentication (SPA)", "ntlm"),
    ("outlook@2003", "pop3", "Log on using Secure Password Authentication (SPA)", "ntlm"),
    ("outlook@2016", "imap", "SPA", "ntlm"),
    ("outlook express", "imap", "Log on using Secure Password Authentication", "ntlm"),
    ("windows live mail", "pop3", "Log on using secure password authentication", "ntlm"),
    ("windows live mail", "pop3", "Log on using clear text authentication", "password"),
    ("thunderbird@115", "imap", "Encrypted password", "challenge"),
    ("k-9", "imap", "Encrypted password", "challenge"),
    ("thunderbird@115", "smtp", "Normal password", "password"),
    ("k-9", "smtp", "Normal password", "password"),
    ("thunderbird@115", "imap", "Password, transmitted insecurely", "password"),
    ("thunderbird@3.0", "imap", "Use secure authentication", "challenge"),
    ("thunderbird@2", "pop3", "Use secure authentication", "challenge"),
]


@pytest.mark.parametrize(
    ("client", "protocol", "label", "does"), SIGN_IN, ids=[f"{r[0]}-{r[2]}" for r in SIGN_IN]
)
def test_a_sign_in_label_means_what_it_does(
    client: str, protocol: str, label: str, does: str
) -> None:
    """SPA is NTLM, and an “encrypted password” is a challenge: neither is a password in TLS."""
    program = library().client(client)
    given = Entered(Protocol(protocol), "mail.example.org", 993, "SSL", program, label)
    assert check_facts(given, "implicit", None, {}, NOW)["check.sign_in_does"] == does


SAID = {
    "implicit": "TLS from the first byte",
    "starttls": "no connection if it is not offered",
    "opportunistic": "otherwise clear text without a word",
    "auto": "the program decides by itself",
}
PRINTED = [
    ("thunderbird@2", "imap", 143, "TLS", "starttls", 0),
    ("thunderbird@2", "imap", 143, "TLS, if available", "opportunistic", 1),
    ("outlook@2016", "smtp", 587, "TLS", "starttls", 0),
    ("outlook@2016", "smtp", 587, "SSL", "implicit", 1),
    ("outlook@2016", "smtp", 587, "Auto", "auto", 0),
    ("outlook express", "smtp", 587, _EXPRESS_BOX, "implicit", 1),
    ("iphone", "smtp", 587, "Use SSL", "starttls", 0),
    ("geary", "imap", 993, "TLS", "implicit", 0),
    ("roundcube", "imap", 143, "tls://", "opportunistic", 1),
    ("claws mail 4.2", "smtp", 587, _CLAWS_NONE, "opportunistic", 1),
]


@pytest.mark.parametrize(
    ("client", "protocol", "port", "label", "does", "code"),
    PRINTED,
    ids=[f"{r[0]}-{r[2]}-{r[3]}" for r in PRINTED],
)
def test_the_command_line_prints_the_row(
    client: str, protocol: str, port: int, label: str, does: str, code: int
) -> None:
    """The label stands there as entered, with what it does and the exit code that follows."""
    ran = advisor(
        "check", "--offline", "--protocol", protocol, "--host", "mail.example.org",
        "--port", str(port), "--security", label, "--client", client,
    )  # fmt: skip
    page = " ".join(ran.out.split())
    assert f"“{label}” in " in page
    assert SAID[does] in page
    assert ran.code == code, page
