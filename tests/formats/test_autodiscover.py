"""Reading Autodiscover: one minimal answer, and one change to it per test."""

from __future__ import annotations

import pytest

from advisor.errors import FormatError
from advisor.formats.autodiscover import Refusal, Settings, parse
from advisor.model.auth import AuthMethod, Username
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Candidate, Problem
from tests.formats.autodiscover_sample import IMAP, JANE, MINIMAL, PASSWORD, SMTP


def changed(old: str, new: str) -> Settings:
    """The minimal answer with the first *old* replaced by *new*."""
    assert old in MINIMAL
    return parse(MINIMAL.replace(old, new, 1).encode(), address=JANE)


def imap_with(old: str, new: str) -> Candidate:
    """The IMAP server of such an answer."""
    return changed(old, new).candidates[0]


def wrapped(account: str, response: str = "") -> Settings:
    """An answer with this in its <Account>, and beside it."""
    document = (
        f"<Autodiscover><Response>{response}<Account>{account}</Account></Response></Autodiscover>"
    )
    return parse(document.encode(), address=JANE)


def imap_at(port: int | str, ssl: str | None, encryption: str | None, more: str = "") -> Settings:
    """An answer with one IMAP section; None leaves an element out."""
    switches = "".join(
        f"<{name}>{text}</{name}>"
        for name, text in (("SSL", ssl), ("Encryption", encryption))
        if text is not None
    )
    where = f"<Server>imap.example.org</Server><Port>{port}</Port>"
    return wrapped(f"<Protocol><Type>IMAP</Type>{where}<SPA>off</SPA>{switches}{more}</Protocol>")


def refusal(document: bytes | str) -> FormatError:
    """The error that *document* is refused with."""
    with pytest.raises(FormatError) as caught:
        parse(document.encode() if isinstance(document, str) else document)
    return caught.value


def test_the_minimal_answer_is_read() -> None:
    """Every part of it, and nothing is wrong with it."""
    assert parse(MINIMAL.encode(), address=JANE) == Settings((IMAP, SMTP), "Jane")


@pytest.mark.parametrize(
    ("login", "template"),
    [
        ("jane@example.org", "%EMAILADDRESS%"),
        ("Jane@Example.ORG", "%EMAILADDRESS%"),
        ("jane", "%EMAILLOCALPART%"),
        ("EXAMPLE.ORG\\jane", "%EMAILDOMAIN%\\%EMAILLOCALPART%"),
        ("CORP\\jane", "CORP\\%EMAILLOCALPART%"),
        ("jane@tenant.example", "%EMAILLOCALPART%@tenant.example"),
        ("u_jane.example.org", "u_%EMAILLOCALPART%.example.org"),
        ("janet", "janet"),
        ("4711", "4711"),
    ],
)
def test_a_repeated_address_becomes_placeholders(login: str, template: str) -> None:
    """Only whole words of it."""
    told = imap_with("jane@example.org</Login", f"{login}</Login")
    assert told.username == Username(template)


@pytest.mark.parametrize(
    ("domain", "login", "template"),
    [
        ("", "", "%EMAILADDRESS%"),
        ("", "jane", "%EMAILADDRESS%"),
        ("CORP", "", "CORP\\%EMAILLOCALPART%"),
        ("CORP", "jane", "CORP\\%EMAILLOCALPART%"),
        ("example.org", "jane", "%EMAILDOMAIN%\\%EMAILLOCALPART%"),
        ("CORP", "jane@example.org", "%EMAILADDRESS%"),
        ("CORP", "OTHER\\jane", "OTHER\\%EMAILLOCALPART%"),
        ("", "4711", "4711"),
    ],
)
def test_a_required_domain_is_put_before_the_name(domain: str, login: str, template: str) -> None:
    """Unless the name has one; without a domain the address is used."""
    told = imap_with(
        "<LoginName>jane@example.org</LoginName>\n        <DomainRequired>off</DomainRequired>",
        f"<LoginName>{login}</LoginName><DomainRequired>on</DomainRequired>"
        f"<DomainName>{domain}</DomainName>",
    )
    assert told.username == Username(template)


def test_a_missing_login_name_is_left_open() -> None:
    """The format says local part, practice says address."""
    assert imap_with("<LoginName>jane@example.org</LoginName>", "").username == Username()


def test_without_an_address_user_names_stay_as_they_are() -> None:
    """When a file is read that nobody asked for."""
    assert parse(MINIMAL.encode()).candidates[0].username == Username(JANE)


S, T, N = Security.STARTTLS, Security.TLS, Security.NONE


@pytest.mark.parametrize(
    ("port", "ssl", "encryption", "security", "clear"),
    [
        # As it is defined.
        (993, "on", "SSL", T, True),
        (993, "ON", "ssl", T, True),
        (993, None, "SSL", T, True),
        (143, "on", "TLS", S, True),
        (143, "off", "TLS", S, True),
        (143, None, "TLS", S, True),
        (143, "off", "None", N, True),
        (2993, "on", "SSL", T, True),
        (2143, "on", "TLS", S, True),
        (2143, "off", "None", N, True),
        # Without Encryption: SSL alone says only whether.
        (993, "on", None, T, True),
        (993, None, None, T, True),
        (143, "on", None, S, False),
        (143, None, None, S, False),
        (143, "off", None, N, False),
        (993, "off", None, T, False),
        (2993, "on", None, T, False),
        (2993, None, None, T, False),
        (2993, "off", None, N, False),
        # Encryption against the port.
        (993, "on", "TLS", T, False),
        (993, None, "None", T, False),
        (143, "on", "SSL", S, False),
        # Encryption against SSL.
        (993, "off", "SSL", T, False),
        (143, "on", "None", N, False),
        # Other words.
        (993, "true", None, T, False),
        (993, "yes", None, T, False),
        (993, "", None, T, False),
        (143, "yes", None, S, False),
        (993, "true", "SSL", T, False),
        (143, "on", "STARTTLS", S, False),
        (993, "on", "", T, False),
        (993, "on", "Auto", T, False),
        (143, "on", "Auto", S, False),
    ],
)
def test_ssl_and_encryption_are_judged_together_with_the_port(
    port: int, ssl: str | None, encryption: str | None, security: Security, clear: bool
) -> None:
    """The port is believed where they contradict it; whatever is not clear is told."""
    told = imap_at(port, ssl, encryption)
    assert told.candidates[0].endpoint.security is security
    assert [problem for problem, _ in told.remarks] == ([] if clear else [Problem.DOUBTFUL])


@pytest.mark.parametrize(
    ("ssl", "encryption"), [("true", None), ("", ""), ("off", "Auto"), ("on", "STARTTLS")]
)
def test_nobody_can_know_what_odd_words_mean_on_an_odd_port(
    ssl: str | None, encryption: str | None
) -> None:
    """The section is dropped, and the remark shows the words."""
    told = imap_at(2993, ssl, encryption)
    assert told.candidates == ()
    assert [problem for problem, _ in told.remarks] == [Problem.BAD_DOCUMENT]
    assert f"“{ssl}”" in told.remarks[0][1]


@pytest.mark.parametrize(
    ("encryption", "port"), [("SSL", 993), ("TLS", 143), ("None", None), ("Auto", None)]
)
def test_a_missing_port_follows_from_the_encryption(encryption: str, port: int | None) -> None:
    """Where it can; and it is told."""
    told = imap_at("", None, encryption)
    assert [one.endpoint.port for one in told.candidates] == ([port] if port else [])
    assert len(told.remarks) == 1


@pytest.mark.parametrize(
    ("spa", "auth", "remarks"),
    [
        ("<SPA>on</SPA>", (AuthMethod.NTLM,), 0),
        ("<SPA>OFF</SPA>", PASSWORD, 0),
        ("", (), 1),
        ("<SPA>false</SPA>", (), 1),
    ],
)
def test_spa_decides_the_sign_in(spa: str, auth: tuple[AuthMethod, ...], remarks: int) -> None:
    """Left open, and told, where it is missing: the default is "on", which few mean."""
    told = changed("<SPA>off</SPA>", spa)
    assert told.candidates[0].auth == auth
    assert [problem for problem, _ in told.remarks] == [Problem.DOUBTFUL] * remarks


SENDING = "<AuthRequired>on</AuthRequired>\n      </Protocol>\n    </Account>"


def test_sending_without_sign_in_is_read() -> None:
    """AuthRequired off means it for SMTP, and nothing for IMAP."""
    off = "<AuthRequired>off</AuthRequired></Protocol></Account>"
    assert changed(SENDING, off).candidates[1].auth == (AuthMethod.NONE,)
    assert imap_with("<AuthRequired>on", "<AuthRequired>off").auth == PASSWORD


def test_sending_may_reuse_the_incoming_user_name() -> None:
    """UsePOPAuth, where the section has none of its own."""
    pop = "<UsePOPAuth>on</UsePOPAuth>"
    told = parse(
        MINIMAL.replace("<LoginName>jane@", "<LoginName>x.jane@", 1)
        .replace("<Server>smtp", f"{pop}<Server>smtp")
        .replace("<LoginName>jane@example.org</LoginName>", "")
        .encode(),
        address=JANE,
    )
    assert {one.username.template for one in told.candidates} == {"x.%EMAILADDRESS%"}


def test_fetching_before_sending_is_told() -> None:
    """SMTPLast: few programs do so."""
    told = changed(SENDING, f"<SMTPLast>on</SMTPLast>{SENDING}")
    assert told.candidates == (IMAP, SMTP)
    assert [problem for problem, _ in told.remarks] == [Problem.DOUBTFUL]
    assert "SMTPLast" in told.remarks[0][1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("imap.example.org", "192.0.2.1"),
        ("imap.example.org", ""),
        ("imap.example.org", "%EMAILDOMAIN%"),
        ("imap.example.org", "imap.example.org&#x202e;"),
        ("993", "0"),
        ("993", "99999"),
        ("993", "-1"),
        ("993", "٩٩٣"),
        ("<Type>IMAP</Type>", ""),
        ("jane@example.org</Login", "jane&#x200b;@example.org</Login"),
        ("jane@example.org</Login", f"{'x' * 300}</Login"),
    ],
)
def test_one_bad_section_does_not_spoil_the_rest(old: str, new: str) -> None:
    """It is dropped with a remark on one safe line."""
    told = changed(old, new)
    assert told.candidates == (SMTP,)
    ((problem, message),) = told.remarks
    assert problem is Problem.BAD_DOCUMENT
    assert message.isprintable()


@pytest.mark.parametrize("kind", ["WEB", "NNTP", "DAV", "mapiHttp", "X-NEW"])
def test_other_services_are_skipped(kind: str) -> None:
    """They are no mistake."""
    told = wrapped(f"<Protocol><Type>{kind}</Type><Server>x</Server></Protocol>")
    assert told == Settings()


def test_exchange_is_told_once() -> None:
    """The same address stands in several sections; a section without one is skipped."""
    url = "https://mail.example.org/EWS/Exchange.asmx"
    told = wrapped(
        f"<Protocol><Type>EXCH</Type><ASUrl>{url}</ASUrl></Protocol>"
        f"<Protocol><Type>EXPR</Type><EwsUrl>{url}</EwsUrl></Protocol>"
        "<Protocol><Type>EXHTTP</Type></Protocol><Protocol Type='mapiHttp' Version='1'/>"
    )
    at = Endpoint(Protocol.EWS, "mail.example.org", 443, Security.TLS)
    assert told == Settings((Candidate(at, url=url),))


def test_an_active_sync_answer_is_read() -> None:
    """What new Outlook and telephones are told."""
    url = "https://mail.example.org/Microsoft-Server-ActiveSync"
    document = f"""<Autodiscover><Response><Action><Settings><Server><Type>MobileSync</Type>
        <Url>{url}</Url><Name>{url}</Name></Server><Server><Type>CertEnroll</Type></Server>
        </Settings></Action></Response></Autodiscover>"""
    at = Endpoint(Protocol.ACTIVESYNC, "mail.example.org", 443, Security.TLS)
    assert parse(document.encode()) == Settings((Candidate(at, url=url),))


def test_calendars_of_em_client_are_read() -> None:
    """The server is a web address."""
    told = wrapped(
        "<Protocol><Type>CalDAV</Type><Server>https://dav.example.org/</Server></Protocol>"
    )
    assert told.candidates[0].endpoint.protocol is Protocol.CALDAV
    assert told.candidates[0].url == "https://dav.example.org/"


@pytest.mark.parametrize(
    ("account", "settings"),
    [
        (
            "<Action>redirectUrl</Action><RedirectUrl>https://a.example/x</RedirectUrl>",
            Settings(redirect_url="https://a.example/x"),
        ),
        (
            "<RedirectUrl>https://a.example/x</RedirectUrl>",
            Settings(redirect_url="https://a.example/x"),
        ),
        (
            "<Action>redirectAddr</Action><RedirectAddr>j@b.example</RedirectAddr>",
            Settings(redirect_address="j@b.example"),
        ),
        ("<Redirect>j@b.example</Redirect>", Settings(redirect_address="j@b.example")),
        (
            "<Action>settings</Action><RedirectUrl>https://a.example/x</RedirectUrl>",
            Settings(),
        ),
    ],
)
def test_redirects_are_told(account: str, settings: Settings) -> None:
    """By URL or by address; "settings" overrules what stands beside it."""
    assert wrapped(account) == settings


@pytest.mark.parametrize(
    "account",
    [
        "<Action>redirectUrl</Action>",
        "<Action>redirectUrl</Action><RedirectUrl>http://a.example/</RedirectUrl>",
        "<Action>redirectUrl</Action><RedirectUrl>https://a.example/&#x202e;</RedirectUrl>",
        "<Action>redirectAddr</Action><RedirectAddr>nobody</RedirectAddr>",
        "<Action>redirectAddr</Action><RedirectAddr>a@[192.0.2.1]</RedirectAddr>",
    ],
)
def test_a_redirect_to_nowhere_is_a_remark(account: str) -> None:
    """And leads nowhere."""
    told = wrapped(account)
    assert (told.redirect_url, told.redirect_address) == ("", "")
    assert [problem for problem, _ in told.remarks] == [Problem.BAD_DOCUMENT]
    assert told.remarks[0][1].isprintable()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("<ErrorCode>500</ErrorCode><Message>No\nsuch\x1bthing</Message>", None),
        (
            "<ErrorCode>600</ErrorCode><Message>Invalid Request</Message>",
            Refusal(600, "Invalid Request"),
        ),
        ("<ErrorCode>x</ErrorCode>", Refusal()),
        ("", Refusal()),
    ],
)
def test_an_error_is_told_with_its_code(error: str, told: Refusal | None) -> None:
    """In either place; control characters make it no XML."""
    document = f"<Autodiscover><Response><Error>{error}</Error></Response></Autodiscover>"
    if told is None:
        refusal(document)
    else:
        assert parse(document.encode()) == Settings(error=told)
        inside = document.replace("<Error>", "<Action><Error>").replace(
            "</Error>", "</Error></Action>"
        )
        assert parse(inside.encode()) == Settings(error=told)


def test_an_empty_answer_is_a_remark() -> None:
    """XML of the right kind, with nothing in it."""
    for document in ("<Autodiscover/>", "<Autodiscover><Response/></Autodiscover>"):
        told = parse(document.encode())
        assert (told.candidates, len(told.remarks)) == ((), 1)


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("<!doctype html><html><body/></html>", Problem.BAD_DOCUMENT),
        ("<clientConfig/>", Problem.BAD_DOCUMENT),
        (MINIMAL[:-20], Problem.BAD_DOCUMENT),
        ("", Problem.BAD_DOCUMENT),
        (
            '<!DOCTYPE x [<!ENTITY a "b">]><Autodiscover>&a;</Autodiscover>',
            Problem.BAD_DOCUMENT,
        ),
        ("<Autodiscover>" + "<a>" * 100 + "</a>" * 100 + "</Autodiscover>", Problem.BAD_DOCUMENT),
        ("<Autodiscover>" + " " * 300_000 + "</Autodiscover>", Problem.TOO_LARGE),
        ("<Autodiscover>\0</Autodiscover>", Problem.BAD_DOCUMENT),
    ],
    ids=["web page", "autoconfig", "cut", "empty", "entities", "deep", "huge", "NUL"],
)
def test_what_is_no_autodiscover_is_refused(document: str, problem: Problem) -> None:
    """In one line that says what it is instead."""
    error = refusal(document)
    assert error.problem is problem
    assert str(error).isprintable()


def test_another_encoding_is_read() -> None:
    """UTF-16 with its mark, as Windows programs write it."""
    document = MINIMAL.replace("utf-8", "utf-16").encode("utf-16")
    assert parse(document, address=JANE).candidates == (IMAP, SMTP)


def test_many_sections_are_bounded() -> None:
    """A thousand more are not read."""
    one = MINIMAL[MINIMAL.index("<Protocol>") : MINIMAL.index("</Protocol>") + len("</Protocol>")]
    many = "".join(one.replace("imap.", f"imap{number}.") for number in range(400))
    told = parse(MINIMAL.replace("<Protocol>", f"{many}<Protocol>", 1).encode(), address=JANE)
    assert len(told.candidates) == 64
    assert "only the first 64" in told.remarks[0][1]
