"""clientConfig XML: one minimal document, and one change to it per test."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from shutil import which

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.errors import FormatError
from advisor.formats.autoconfig import ClientConfig, Part, parse, render
from advisor.model.auth import AuthMethod, OAuth2, Username
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Candidate, Problem

MINIMAL = """<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="example.org">
    <domain>example.org</domain>
    <displayName>Example Mail</displayName>
    <displayShortName>Example</displayShortName>
    <incomingServer type="imap">
      <hostname>imap.example.org</hostname>
      <port>993</port>
      <socketType>SSL</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </incomingServer>
    <outgoingServer type="smtp">
      <hostname>smtp.example.org</hostname>
      <port>465</port>
      <socketType>SSL</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </outgoingServer>
  </emailProvider>
</clientConfig>
"""
IMAP = Candidate(
    Endpoint(Protocol.IMAP, "imap.example.org", 993, Security.TLS),
    Username("%EMAILADDRESS%"),
    (AuthMethod.PASSWORD,),
)
SMTP = Candidate(
    Endpoint(Protocol.SMTP, "smtp.example.org", 465, Security.TLS),
    Username("%EMAILADDRESS%"),
    (AuthMethod.PASSWORD,),
)


def changed(old: str, new: str, *, domain: str = "") -> ClientConfig:
    """The minimal document with the first *old* replaced by *new*."""
    assert old in MINIMAL
    return parse(MINIMAL.replace(old, new, 1).encode(), domain=domain)


def imap_with(old: str, new: str) -> Candidate:
    """The IMAP server of such a document."""
    return changed(old, new).candidates[0]


def refusal(document: bytes | str) -> FormatError:
    """The error that *document* is refused with."""
    with pytest.raises(FormatError) as caught:
        parse(document.encode() if isinstance(document, str) else document)
    return caught.value


def test_the_minimal_document_is_read() -> None:
    """Every part of it."""
    assert parse(MINIMAL.encode()) == ClientConfig(
        id="example.org",
        domains=("example.org",),
        name="Example Mail",
        short_name="Example",
        candidates=(IMAP, SMTP),
    )


@pytest.mark.parametrize("version", ["1.1", "1.2", "9", ""])
def test_no_version_is_refused(version: str) -> None:
    """Draft §3.2.1: a client MUST NOT reject a file for its version number alone."""
    assert changed('version="1.1"', f'version="{version}"').candidates == (IMAP, SMTP)


@pytest.mark.parametrize(
    ("written", "security"),
    [
        ("SSL", Security.TLS),
        ("ssl", Security.TLS),
        ("STARTTLS", Security.STARTTLS),
        (" StartTLS ", Security.STARTTLS),
        ("plain", Security.NONE),
        ("Plain", Security.NONE),
    ],
)
def test_socket_types_are_read_in_any_case(written: str, security: Security) -> None:
    """Only the three words of §3.7.3, however they are spelled."""
    assert imap_with("SSL", written).endpoint.security is security


def test_the_first_known_socket_type_counts() -> None:
    """Several are alternatives in their order."""
    several = "TLS</socketType><socketType>STARTTLS</socketType><socketType>SSL"
    assert imap_with("SSL", several).endpoint.security is Security.STARTTLS


@pytest.mark.parametrize(
    ("written", "method"),
    [
        ("password-cleartext", AuthMethod.PASSWORD),
        ("plain", AuthMethod.PASSWORD),
        ("password-encrypted", AuthMethod.CHALLENGE),
        ("secure", AuthMethod.CHALLENGE),
        ("NTLM", AuthMethod.NTLM),
        ("GSSAPI", AuthMethod.GSSAPI),
        ("OAuth2", AuthMethod.OAUTH2),
        ("OAuth", AuthMethod.OAUTH2),
        ("TLS-client-cert", AuthMethod.EXTERNAL),
        ("client-IP-address", AuthMethod.NONE),
        ("none", AuthMethod.NONE),
        ("PASSWORD-CLEARTEXT", AuthMethod.PASSWORD),
    ],
)
def test_authentication_words_are_understood(written: str, method: AuthMethod) -> None:
    """Those of §3.7.4, and those of older files."""
    assert imap_with("password-cleartext", written).auth == (method,)


def test_methods_keep_their_order() -> None:
    """Draft §3.7.4.2: several elements are ordered alternatives; what is unknown is skipped."""
    several = "OAuth2</authentication><authentication>x</authentication><authentication>secure"
    assert imap_with("password-cleartext", several).auth == (
        AuthMethod.OAUTH2,
        AuthMethod.CHALLENGE,
    )


def test_sasl_mechanisms_are_kept() -> None:
    """A generic word after a mechanism is the fallback for old readers."""
    found = changed(
        "<authentication>password-cleartext",
        '<authentication system="sasl">SCRAM-SHA-256</authentication>'
        "<authentication>password-encrypted",
    ).candidates[0]
    assert found.auth == (AuthMethod.SCRAM,)
    assert found.mechanisms == ("SCRAM-SHA-256",)


def test_a_missing_authentication_is_unknown() -> None:
    """Nobody said."""
    whole = "<authentication>password-cleartext</authentication>"
    assert imap_with(whole, "").auth == ()


@pytest.mark.parametrize(
    "template",
    [
        *("%EMAILLOCALPART%", r"DOMAIN\%EMAILLOCALPART%", "%REALNAME%", "shared", "First  Last"),
        *("ünï@example.org", "a" * 254),
    ],
)
def test_user_names_keep_their_placeholders(template: str) -> None:
    """They are filled in when somebody's address is known."""
    assert imap_with("%EMAILADDRESS%", template).username == Username(template)


def test_a_missing_user_name_is_unknown() -> None:
    """No name is made up."""
    assert imap_with("<username>%EMAILADDRESS%</username>", "").username == Username()


def test_the_domain_is_filled_into_host_names() -> None:
    """And what comes of it is checked."""
    found = changed("imap.example.org", "imap.%EMAILDOMAIN%", domain="example.net")
    assert found.candidates[0].endpoint.host == "imap.example.net"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("imap.example.org", "%EMAILLOCALPART%.example.org", "no host name"),
        ("imap.example.org", "imap.%EMAILDOMAIN%", "no host name"),
        ("imap.example.org", "192.0.2.1", "no host name"),
        ("imap.example.org", "localhost", "no host name"),
        ("imap.example.org", "a b.example.org", "no host name"),
        ("imap.example.org", "", "no <hostname>"),
        ("imap.example.org", "imap.exam\u00adple.org", "no host name"),
        ("imap.example.org", "imap\u200b.example.org", "no host name"),
        ("imap.example.org", "imap.\nexample.org", "no host name"),
        ("%EMAILADDRESS%", "alice\nbob", "its <username> has line breaks"),
        ("%EMAILADDRESS%", "alice\tbob", "its <username>"),
        ("%EMAILADDRESS%", "alice\u202ebob", "its <username>"),
        ("%EMAILADDRESS%", "alice\u200b", "its <username>"),
        ("%EMAILADDRESS%", "alice\u00adbob", "its <username>"),
        ("%EMAILADDRESS%", "alice\u009b31m", "its <username>"),
        ("%EMAILADDRESS%", "alice\u00a0bob", "its <username>"),
        ("%EMAILADDRESS%", "a" * 255, "longer than 254"),
        ("993", "0", "no port"),
        ("993", "65536", "no port"),
        ("993", "٩٩٣", "no port"),
        ("993", "+993", "no port"),
        ("<port>993</port>", "", "no <port>"),
        (">SSL<", ">TLS<", "socketType"),
        ("<socketType>SSL</socketType>", "", "no <socketType>"),
        ("password-cleartext", "telepathy", "no <authentication>"),
    ],
)
def test_a_bad_section_is_dropped_and_the_rest_stays(old: str, new: str, says: str) -> None:
    """Draft §3.9; the remark names the section and what is wrong."""
    found = changed(old, new)
    assert found.candidates == (SMTP,)
    ((problem, remark),) = found.remarks
    assert problem is Problem.BAD_DOCUMENT
    assert remark.startswith("section 1 (imap server")
    assert says in remark


def test_a_web_address_with_hidden_characters_drops_its_section() -> None:
    """Of a service as of a server; links and OAuth2 with such addresses are left out."""
    hidden = "https://dav.example.org/\u202ex"
    service = f"<calendar type='caldav'><serverURL>{hidden}</serverURL></calendar>"
    oauth2 = "<oAuth2><issuer>id.example\u00ad.org</issuer></oAuth2>"
    found = changed("</emailProvider>", f"{service}{oauth2}</emailProvider>")
    assert found.candidates == (IMAP, SMTP)
    assert found.oauth2 is None
    assert [problem for problem, _ in found.remarks] == [Problem.BAD_DOCUMENT] * 2
    assert all(remark.isprintable() for _, remark in found.remarks)


def test_a_display_name_is_shown_escaped() -> None:
    """It is never entered anywhere."""
    assert changed("<displayName>Example", "<displayName>Ex\u202eample").name.startswith(
        "Ex\\u202e"
    )


def test_a_remark_carries_no_escape_sequence() -> None:
    """What a stranger wrote is shown safely."""
    found = changed("imap.example.org", "imap\u202e\u009b31m.example.org")
    assert found.remarks[0][1].isprintable()


@pytest.mark.parametrize(
    "extra",
    [
        "<webMail><loginPage url='https://example.org'/></webMail>",
        "<incomingServer type='owa'><url>https://example.org/owa</url></incomingServer>",
        "<incomingServer/>",
        "<x xmlns='urn:x'><hostname>evil.example.net</hostname></x>",
        "<!-- comment --><?pi data?>",
    ],
)
def test_unknown_parts_are_skipped_silently(extra: str) -> None:
    """Draft §3.4.1: what is unsupported is no error."""
    found = changed("</emailProvider>", f"{extra}</emailProvider>")
    assert replace(found, extras=()) == parse(MINIMAL.encode())


def test_a_namespace_changes_nothing() -> None:
    """Some publishers add one."""
    assert changed("<clientConfig", '<clientConfig xmlns="urn:x"') == parse(MINIMAL.encode())


def test_a_byte_order_mark_changes_nothing() -> None:
    """It should not be there."""
    assert parse(b"\xef\xbb\xbf" + MINIMAL.encode()) == parse(MINIMAL.encode())


def test_host_names_become_a_labels() -> None:
    """Internationalised names in any case and form."""
    found = changed("imap.example.org", "IMAP.Bücher.example.")
    assert found.candidates[0].endpoint.host == "imap.xn--bcher-kva.example"


def test_names_are_cut_and_made_safe() -> None:
    """Draft §3.2.4: 60 and 20 characters at most."""
    found = changed("Example Mail", "x" * 100 + "\u202e")
    assert found.name == "x" * 60
    assert changed("Example Mail", " a\n  b ").name == "a b"
    assert changed(">Example<", f">{'y' * 30}<").short_name == "y" * 20


def test_domains_are_checked() -> None:
    """Each once; what is no domain is left out with a remark."""
    several = "<domain>EXAMPLE.org</domain><domain>no domain</domain><domain>a.example</domain>"
    found = changed("<domain>example.org</domain>", several)
    assert found.domains == ("example.org", "a.example")
    assert len(found.remarks) == 1


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://u@example.org/", "https://10.0.0.1/", "data:x", "//x"]
)
def test_only_web_addresses_are_documentation(link: str) -> None:
    """A link that is shown to people must be harmless."""
    part = f'<documentation url="{link}"/><documentation url="https://example.org/help"/>'
    found = changed("</emailProvider>", f"{part}</emailProvider>")
    assert found.documentation == ("https://example.org/help",)


OAUTH2 = """<oAuth2><issuer>auth.example.org</issuer><scope>mail offline</scope>
<authURL>https://auth.example.org/a</authURL><tokenURL>https://auth.example.org/t</tokenURL>
<clientID>id</clientID><clientSecret>secret</clientSecret></oAuth2>"""


def test_oauth2_is_read_without_client_secrets() -> None:
    """Draft §6.4: nobody may need one."""
    found = changed("</clientConfig>", f"{OAUTH2}</clientConfig>")
    assert found.oauth2 == OAuth2(
        "auth.example.org",
        "https://auth.example.org/a",
        "https://auth.example.org/t",
        ("mail", "offline"),
        "id",
    )
    assert "secret" not in repr(found)
    assert found.candidates[0].oauth2 is None


def test_oauth2_goes_to_the_servers_that_take_it() -> None:
    """Where it is among the methods."""
    document = MINIMAL.replace("password-cleartext", "OAuth2", 1)
    found = parse(document.replace("</clientConfig>", f"{OAUTH2}</clientConfig>").encode())
    assert [one.oauth2 == found.oauth2 for one in found.candidates] == [True, False]


def test_oauth2_over_plain_http_is_dropped() -> None:
    """A token must not be sent there."""
    block = OAUTH2.replace("https://auth.example.org/t", "http://auth.example.org/t")
    found = changed("</clientConfig>", f"{block}</clientConfig>")
    assert found.oauth2 is None
    assert "tokenURL" in found.remarks[0][1]


@pytest.mark.parametrize(
    ("section", "protocol"),
    [
        ('<calendar type="caldav"><url>{}</url></calendar>', Protocol.CALDAV),
        ('<addressbook type="carddav"><url>{}</url></addressbook>', Protocol.CARDDAV),
        ('<addressBook type="carddav"><serverURL>{}</serverURL></addressBook>', Protocol.CARDDAV),
        ('<incomingServer type="jmap"><url>{}</url></incomingServer>', Protocol.JMAP),
        ('<incomingServer type="activesync"><url>{}</url></incomingServer>', Protocol.ACTIVESYNC),
    ],
)
def test_services_with_a_web_address_are_read(section: str, protocol: Protocol) -> None:
    """Under the root or beside the mail servers, old and new spelling."""
    url = "https://dav.example.org:8443/x"
    found = changed("</clientConfig>", f"{section.format(url)}</clientConfig>").candidates[2]
    assert found.url == url
    assert found.endpoint == Endpoint(protocol, "dav.example.org", 8443, Security.TLS)


def test_managesieve_is_read() -> None:
    """A setupServer with host and port."""
    section = """<setupServer type="managesieve"><hostname>imap.example.org</hostname>
    <port>4190</port><socketType>STARTTLS</socketType></setupServer>"""
    found = changed("</clientConfig>", f"{section}</clientConfig>").candidates[2]
    assert str(found.endpoint) == "managesieve://imap.example.org:4190"


@pytest.mark.parametrize(
    "page",
    ["<!DOCTYPE html><html><body>x</body></html>", "\n<HTML>", "<!-- x --><html lang='en'>"],
)
def test_a_web_page_is_called_a_web_page(page: str) -> None:
    """Catch-all web servers answer everything with one."""
    error = refusal(page)
    assert error.problem is Problem.BAD_DOCUMENT
    assert str(error).endswith("is a web page, not autoconfig XML")


@pytest.mark.parametrize(
    "document",
    [
        "",
        "{}",
        "<clientConfig>",
        "<Autodiscover/>",
        "<a>" * 100 + "</a>" * 100,
        '<!DOCTYPE clientConfig SYSTEM "http://127.0.0.1/x"><clientConfig/>',
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><clientConfig>&b;</clientConfig>',
        '<?xml version="1.0" encoding="klingon"?><clientConfig/>',
        '<?xml version="1.0" encoding="utf-7"?><clientConfig/>',
    ],
)
def test_what_is_no_autoconfig_is_refused(document: str) -> None:
    """With one sentence, whatever it is."""
    error = refusal(document)
    assert error.problem is Problem.BAD_DOCUMENT
    assert "\n" not in str(error)


def test_deep_nesting_is_refused() -> None:
    """Nothing in the format is deep."""
    deep = "<x>" * 40 + "</x>" * 40
    assert "too deep" in str(refusal(f"<clientConfig>{deep}</clientConfig>"))


def test_a_huge_document_is_refused() -> None:
    """Before anything is read."""
    assert refusal(b"<clientConfig>" + b" " * 300_000).problem is Problem.TOO_LARGE


def test_many_sections_are_cut() -> None:
    """Sixty-four servers are enough for anybody."""
    section = "<incomingServer type='imap'/>" * 70
    found = changed("</emailProvider>", f"{section}</emailProvider>")
    assert found.remarks[0][1] == "only the first 64 server sections were read"


def test_imap_is_written_first() -> None:
    """Some readers take the first server, whatever it is."""
    pop3 = Candidate(Endpoint(Protocol.POP3, "pop.example.org", 995, Security.TLS))
    written = render(ClientConfig("example.org", candidates=(SMTP, pop3, IMAP))).decode()
    assert written.index('type="imap"') < written.index('type="pop3"') < written.index("smtp")


def test_what_is_written_is_escaped() -> None:
    """Names are text, never markup."""
    name = "<b>&\"'"
    assert parse(render(ClientConfig('a"b', name=name))).name == name


def _hosts() -> st.SearchStrategy[str]:
    return st.sampled_from(["imap.example.org", "a.b.example.net", "xn--bcher-kva.example"])


@st.composite
def _candidates(draw: st.DrawFn) -> Candidate:
    protocol = draw(st.sampled_from(list(Protocol)))
    host, port = draw(_hosts()), draw(st.integers(1, 65535))
    auth = draw(st.lists(st.sampled_from(list(AuthMethod)), unique=True).map(tuple))
    mechanisms: tuple[str, ...] = ()
    if AuthMethod.SCRAM in auth:
        auth = tuple(method for method in auth if method is not AuthMethod.CHALLENGE)
        mechanisms = ("SCRAM-SHA-256", "SCRAM-SHA-1")
    elif AuthMethod.CHALLENGE in auth:
        mechanisms = draw(st.sampled_from([(), ("CRAM-MD5",), ("DIGEST-MD5", "CRAM-MD5")]))
    username = Username(draw(st.sampled_from(["", "%EMAILADDRESS%", "a&b", "D\\%EMAILLOCALPART%"])))
    if protocol in (Protocol.IMAP, Protocol.POP3, Protocol.SMTP, Protocol.MANAGESIEVE):
        security = draw(st.sampled_from(list(Security)))
        return Candidate(Endpoint(protocol, host, port, security), username, auth, mechanisms)
    end = Endpoint(protocol, host, port, Security.TLS)
    return Candidate(end, username, auth, mechanisms, url=f"https://{host}:{port}/x?a=1&b=2")


_ORDER = [
    Protocol.IMAP, Protocol.POP3, Protocol.JMAP, Protocol.EWS, Protocol.ACTIVESYNC, Protocol.SMTP,
    Protocol.CALDAV, Protocol.CARDDAV, Protocol.MANAGESIEVE,
]  # fmt: skip
HELP = "https://example.org/?a=1&b=2"
_words = st.text(min_size=0, max_size=20).map(
    lambda text: parse(render(ClientConfig("x", short_name=" ".join(text.split())))).short_name
)


_NAMES = st.sampled_from(["webMail", "enable", "restriction", "pop3", "x.y-1", "displayNameShort"])
_leaves = st.builds(Part, _NAMES, text=st.sampled_from(["", "a & b", "<b>"]))
_parts = st.builds(
    Part,
    _NAMES,
    st.sampled_from([(), (("url", "https://example.org/?a=1&b=2"), ("lang", 'd"e'))]),
    parts=st.lists(_leaves, max_size=2).map(tuple),
)


@st.composite
def configs(draw: st.DrawFn) -> ClientConfig:
    """Any configuration that can be written."""
    known = OAuth2("i.example", "https://i.example/a", "https://i.example/t", ("s",), "c")
    oauth2 = draw(st.none() | st.just(known))
    found = sorted(
        draw(st.lists(_candidates(), max_size=6)), key=lambda c: _ORDER.index(c.endpoint.protocol)
    )
    domains = draw(st.lists(_hosts(), unique=True))
    helped = draw(st.booleans())
    return ClientConfig(
        id=draw(st.sampled_from(["", "example.org"])),
        domains=tuple(domains),
        mx_domains=tuple(domain for domain in domains if domain.startswith("a.")),
        name=draw(_words),
        short_name=draw(_words),
        documentation=(HELP,) if helped else (),
        descriptions=((HELP, "de", "Hilfe"), (HELP, "", "Help & more")) if helped else (),
        details=((0, draw(_parts)),) if found else (),
        extras=tuple(draw(st.lists(_parts, max_size=3))),
        candidates=tuple(
            replace(c, oauth2=oauth2 if AuthMethod.OAUTH2 in c.auth else None) for c in found
        ),
        oauth2=oauth2,
    )


@settings(max_examples=150, deadline=None)
@given(configs())
def test_what_is_written_is_read_again(config: ClientConfig) -> None:
    """parse(render(x)) == x, and the same bytes every time."""
    assert parse(render(config)) == config
    assert render(parse(render(config))) == render(config)


WHOLE = """<clientConfig version="1.1"><emailProvider id="example.org">
<domain purpose="mx">mx.example.org</domain><domain>example.org</domain>
<displayName>Example</displayName>
<incomingServer type="pop3"><hostname>pop.example.org</hostname><port>995</port>
<socketType>SSL</socketType><authentication>password-cleartext</authentication>
<username>%EMAILADDRESS%</username><password>hunter2</password>
<pop3><leaveMessagesOnServer>true</leaveMessagesOnServer></pop3></incomingServer>
<incomingServer type="graph"><url>https://graph.example.org/</url>
<authentication>OAuth2</authentication></incomingServer>
<incomingServer type="imap"><hostname>mail.%EMAILDOMAIN%</hostname><port>993</port>
<socketType>SSL</socketType><authentication>password-cleartext</authentication></incomingServer>
<documentation url="https://example.org/help"><descr lang="en">Help</descr>
<descr lang="de">Hilfe</descr></documentation>
<enable visiturl="https://example.org/on"><instruction lang="en">Switch it on</instruction></enable>
</emailProvider>
<fileShare type="webdav"><url>https://dav.example.org/</url></fileShare>
<chatServer type="xmpptcp"><hostname>x.example.org</hostname><port>5223</port></chatServer>
<webMail><loginPage url="https://example.org/login"/></webMail>
<clientConfigUpdate url="https://example.org/mail.xml"/>
<oAuth2><issuer>example.org</issuer><clientSecret>hunter2</clientSecret></oAuth2>
</clientConfig>"""


@pytest.mark.parametrize(
    "kept",
    [
        '<domain purpose="mx">mx.example.org</domain>',
        "<leaveMessagesOnServer>true</leaveMessagesOnServer>",
        '<incomingServer type="graph">',
        "<hostname>mail.%EMAILDOMAIN%</hostname>",
        '<descr lang="de">Hilfe</descr>',
        '<enable visiturl="https://example.org/on">',
        '<instruction lang="en">Switch it on</instruction>',
        '<fileShare type="webdav">',
        '<chatServer type="xmpptcp">',
        '<loginPage url="https://example.org/login"/>',
        '<clientConfigUpdate url="https://example.org/mail.xml"/>',
    ],
)
def test_what_is_read_can_be_published_again(kept: str) -> None:
    """Also what advisor makes no use of, and sections that need the domain to make sense."""
    assert kept in render(parse(WHOLE.encode())).decode()


def test_secrets_are_never_written_again() -> None:
    """Version 1.1 had passwords, and a client's secret is one too."""
    assert "hunter2" in WHOLE
    assert b"hunter2" not in render(parse(WHOLE.encode()))


def test_a_section_that_breaks_the_grammar_is_not_handed_on() -> None:
    """What is published again is valid under the draft."""
    broken = (
        '<fileShare type="webdav"><port>none</port></fileShare><fileShare><url>x</url></fileShare>'
    )
    found = parse(WHOLE.replace("<webMail>", f"{broken}<webMail>").encode())
    assert [part.name for part in found.extras].count("fileShare") == 1


def test_a_remark_tells_the_line() -> None:
    """So that whoever runs the site finds the section."""
    assert "line 10)" in parse(WHOLE.encode()).remarks[0][1]


def test_web_servers_have_words_of_their_own() -> None:
    """Draft §3.6.2: Basic and Digest, marked as belonging to HTTP."""
    section = """<incomingServer type="jmap"><url>https://example.org/jmap</url>
    <authentication>OAuth2</authentication><authentication system="http">Basic</authentication>
    </incomingServer>"""
    found = changed("</emailProvider>", f"{section}</emailProvider>")
    assert found.candidates[2].auth == (AuthMethod.OAUTH2, AuthMethod.PASSWORD)
    assert b'<authentication system="http">Basic</authentication>' in render(found)


_FRAGMENTS = st.sampled_from(
    ["<clientConfig>", "</clientConfig>", "<emailProvider id='x'>", "<incomingServer type='imap'>",
     "</incomingServer>", "<port>", "993", "<!DOCTYPE x>", "&amp;", "<![CDATA[", "]]>",
     "<hostname>", "%EMAILDOMAIN%", "\x00", "é", "<a:b>"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300) | st.lists(_FRAGMENTS, max_size=20).map(lambda p: "".join(p).encode())
)
def test_any_bytes_are_read_or_refused(document: bytes) -> None:
    """Nothing but FormatError comes out of a hostile document."""
    with suppress(FormatError):
        parse(document, domain="example.org")


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(MINIMAL) - 1), st.text(max_size=8), st.integers(0, 30))
def test_a_damaged_document_is_read_or_refused(at: int, put: str, cut: int) -> None:
    """Wherever the minimal document is broken."""
    document = (MINIMAL[:at] + put + MINIMAL[at + cut :]).encode("utf-8", "surrogatepass")
    try:
        found = parse(document)
    except FormatError:
        return
    assert all(1 <= one.endpoint.port <= 65535 for one in found.candidates)


SCHEMAS = Path(
    os.environ.get("ADVISOR_SCHEMAS") or Path(__file__).parents[2].parent / "shared" / "schemas"
)
GRAMMAR = SCHEMAS / "autoconfig" / "autoconfig.rng"


@pytest.mark.skipif(not GRAMMAR.exists(), reason=f"the draft's grammar is not at {GRAMMAR}")
@pytest.mark.skipif(which("xmllint") is None, reason="xmllint is not installed")
@settings(max_examples=10, deadline=None)
@given(configs())
def test_what_is_written_is_valid_under_the_draft(config: ClientConfig) -> None:
    """The RELAX NG grammar that comes with the draft."""
    done = subprocess.run(
        ["xmllint", "--noout", "--nonet", "--relaxng", str(GRAMMAR), "-"],
        input=render(config),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
