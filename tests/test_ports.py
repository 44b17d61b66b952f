"""Which port? Questions as people put them, without a network."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from advisor.errors import InputError
from advisor.knowledge.library import Library
from advisor.model.answers import PortAnswer
from advisor.ports import which_port

HELPDESK = Path(__file__).parent / "data" / "helpdesk"

IMAP = "IMAP: port 993 with SSL/TLS (implicit TLS)"
POP3 = "POP3: port 995 with SSL/TLS (implicit TLS)"
SMTP = "Outgoing mail (SMTP): port 465 with SSL/TLS (implicit TLS)"
ALL = f"{IMAP}; {POP3}; {SMTP}"


@cache
def library(*overlays: Path) -> Library:
    """The bundled knowledge, and *overlays* over it."""
    return Library(overlays)


def ask(question: str, client: str | None = None) -> PortAnswer:
    """The answer to one sentence."""
    named = library().client(client) if client else None
    return which_port(question.split(), library(), named)


# (what somebody asks, the first line of the answer)
SENTENCES = [
    ("", ALL),
    ("imap", IMAP),
    ("IMAPS", IMAP),
    ("imap4", IMAP),
    ("secure imap port", IMAP),
    ("imap ssl", IMAP),
    ("which SSL port for pop?", POP3),
    ("default smtp port", SMTP),
    ("encrypted smtp", SMTP),
    ("smtp relay", SMTP),
    ("outgoing server port for bt mail", SMTP),
    ("which port do I send through", SMTP),
    ("incoming", f"{IMAP}; {POP3}"),
    ("inbound", f"{IMAP}; {POP3}"),
    ("imap or pop3?", f"{IMAP}; {POP3}"),
    ("tls port", ALL),
    ("ssl", ALL),
    ("mail server ports", ALL),
    ("ports to open in my firewall", ALL),
    ("sieve", "ManageSieve: port 4190 with STARTTLS (required)"),
    ("imap starttls", "IMAP: port 143 with STARTTLS (required)"),
    ("stls", "IMAP: port 143 with STARTTLS (required); POP3: port 110 with STARTTLS (required)"),
    ("smtp with STARTTLS", "Outgoing mail (SMTP): port 587 with STARTTLS (required)"),
    ("unencrypted port for pop3", f"Never without encryption. {POP3}"),
    ("smtp without ssl", f"Never without encryption. {SMTP}"),
    ("plain-text imap", f"Never without encryption. {IMAP}"),
    ("is 465 deprecated?", "Port 465 is for sending mail with TLS from the first byte (“SSL/TLS”"),
    ("what is port 993", "Port 993 is for reading mail by IMAP with TLS from the first byte"),
    ("587 tls or ssl", "Port 587 is for sending mail with STARTTLS: the connection begins plain"),
    ("can I use 25 for sending", "Mail servers hand mail to each other on port 25"),
    ("why is port 25 blocked", "Mail servers hand mail to each other on port 25"),
    ("143 vs 993", "Port 993 with SSL/TLS (implicit TLS) first, then 143"),
    ("difference between 465 and 587", "Port 465 with SSL/TLS (implicit TLS) first, then 587"),
    ("465,587", "Port 465 with SSL/TLS (implicit TLS) first, then 587"),
    ("25 465 587", "Port 465 with SSL/TLS (implicit TLS) first, then 587 and 25"),
    ("imap 993 smtp 465", "Port 993 is for reading mail by IMAP with TLS from the first byte"),
    ("imap 465", "465 belongs to SMTP, not to IMAP. Port 465 is for sending mail"),
    ("pop3 993", "993 belongs to IMAP, not to POP3. Port 993 is for reading mail"),
    # With a client in the sentence.
    ("the SSL port for incoming mail on my iphone", "IMAP: port 993 with “Use SSL” (implicit TLS)"),
    ("iphone", "IMAP: port 993 with “Use SSL” (implicit TLS); POP3: port 995 with “Use SSL”"),
    ("mutt smtp", "Outgoing mail (SMTP): port 465 with “smtps://” (implicit TLS)"),
    ("imap in claws mail", "IMAP: port 993 with “Use TLS” (implicit TLS)"),
    ("tb 2 imap", "IMAP: port 993 with “SSL” (implicit TLS)"),
    ("printer scan to email", "Outgoing mail (SMTP): port 465 with “SSL/TLS” (implicit TLS)"),
    ("pop3 in geary", "POP3: not in Geary, which has IMAP and SMTP only"),
    ("getmail smtp", "Outgoing mail (SMTP): not in getmail (getmail6), which has IMAP and POP3"),
    ("thunderbird 128 smtp", "Outgoing mail (SMTP): port 465 with “SSL/TLS” (implicit TLS)"),
]


@pytest.mark.parametrize(("question", "first"), SENTENCES)
def test_the_first_line_answers(question: str, first: str) -> None:
    """Directly, whatever the words around it."""
    assert ask(question).answer.startswith(first)


# (what somebody asks, how the first line ends)
ENDINGS = [
    ("imap 465", IMAP),
    ("465 for imap in outlook", "IMAP: port 993 with “SSL” (implicit TLS)"),
    ("465 with starttls", "It begins with TLS at once, not with STARTTLS."),
    ("is 465 deprecated?", "it is not deprecated."),
    ("thunderbird 465", "In Mozilla Thunderbird choose “SSL/TLS”."),
    ("thunderbird 115 port 587", "In Mozilla Thunderbird 115 choose “STARTTLS”."),
    ("apple mail smtp port 587", "In Apple Mail (macOS) choose “Use TLS/SSL”."),
    ("windows live mail 587", "Windows Live Mail cannot use it."),
]


@pytest.mark.parametrize(("question", "last"), ENDINGS)
def test_the_first_line_ends_with_what_to_do(question: str, last: str) -> None:
    """The port that belongs there, or what to choose on the screen."""
    assert ask(question).answer.endswith(last)


# (what somebody asks, part of the refusal)
REFUSED = [
    ("hello", "no protocol or port in “hello”: ask for imap, pop3"),
    ("which port for xmpp", "ask for imap, pop3"),
    ("webmail", "“webmail” goes over the web, HTTPS on port 443"),
    ("exchange", "“exchange” goes over the web"),
    ("port 2525", "port 2525 is no standard port of mail"),
    ("8080 smtp", "advisor probe HOST:8080 tells what a server has there"),
    ("99999", "99999 is no port"),
    ("0", "0 is no port"),
]


@pytest.mark.parametrize(("question", "says"), REFUSED)
def test_what_cannot_be_answered_says_what_to_ask(question: str, says: str) -> None:
    """In one line."""
    with pytest.raises(InputError) as refused:
        ask(question)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_option_outweighs_the_client_in_the_sentence() -> None:
    """What stands after --client is meant."""
    assert ask("smtp in thunderbird", "geary").client == "Geary"


def findings(answer: PortAnswer) -> Sequence[str]:
    """The codes of what is told beside an answer."""
    return [one.code for one in answer.findings]


def test_only_what_concerns_the_answer_is_told() -> None:
    """The choice for 143 is nobody's business who is told 993."""
    answer = ask("imap", "claws mail")
    assert not any("STARTTLS" in one.message for one in answer.findings)
    assert not any("example.org" in one.message for one in ask("", "iphone").findings)


def test_a_port_that_the_client_cannot_use_is_passed_over_with_the_reason() -> None:
    """Postfix before 3 cannot begin with TLS, so 587 comes first."""
    answer = ask("smtp", "postfix@2.11")
    assert answer.answer.startswith("Outgoing mail (SMTP): port 587")
    assert "client-cannot" in findings(answer)


def test_each_finding_is_told_once() -> None:
    """One switch for three protocols is one note."""
    told = findings(ask("", "iphone"))
    assert told.count("client-one-switch") == 1
    assert "ambiguous-label" not in told


def test_a_house_rule_holds_a_port_back_by_name() -> None:
    """In the first line where nothing is left, in the reason otherwise."""
    house = library(HELPDESK)
    sending = which_port(["smtp"], house)
    assert sending.answer.startswith("Outgoing mail (SMTP): port 587")
    assert "Your rule our-vpn-blocks-465:" in sending.because
    reading = which_port(["incoming"], house)
    assert reading.answer == f"{IMAP}; POP3: forbidden by your rule we-do-not-allow-pop3"
