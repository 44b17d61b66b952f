"""The autoconfig file that a domain could publish, made from a report."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.discovery.ranking import merge
from advisor.engine.evaluate import judge
from advisor.errors import ExportError
from advisor.exporters._exporter import Wish
from advisor.exporters.autoconfig import EXPORTER
from advisor.formats.autoconfig import ClientConfig, parse
from advisor.model.address import subject
from advisor.model.auth import AuthMethod, OAuth2, Username, UsernameForm
from advisor.model.observation import Live
from advisor.model.report import ProviderRow, Report, Setting, Verdict
from tests.make import answer, candidate, case, report, rule, rules, setting

IMAP = setting(verdict=Verdict.RECOMMENDED)
IMAP143 = setting("imap://imap.example.org:143", "starttls")
POP3 = setting("pop3://pop.example.org:995")
SMTP = setting("smtp://smtp.example.org:465", verdict=Verdict.RECOMMENDED)
SMTP587 = setting("smtp://smtp.example.org:587", "starttls")
CLEAR = setting("imap://imap.example.org:143", "none", verdict=Verdict.FORBIDDEN)
DAV = setting("caldav://dav.example.org:443", url="https://dav.example.org/?a=1&b=2")


def exported(found: Report, *, even_if_unsafe: bool = False) -> bytes:
    """The document for *found*."""
    return EXPORTER.render(found, Wish(even_if_unsafe)).document


def read(found: Report, *, even_if_unsafe: bool = False) -> ClientConfig:
    """The same, read again; it must be free of faults."""
    config = parse(exported(found, even_if_unsafe=even_if_unsafe))
    assert not config.remarks
    return config


def imap_with(**changes: Any) -> Report:
    """A report whose IMAP setting has these values."""
    return report(replace(IMAP, **changes), SMTP)


def test_what_is_written_is_what_the_report_says() -> None:
    """parse(render(report)) has the best endpoint of each protocol, and the rest is told."""
    found = report(IMAP, IMAP143, POP3, SMTP, SMTP587, DAV)
    config = read(found)
    assert [one.place for one in config.candidates] == [
        one.endpoint for one in (IMAP, POP3, SMTP, DAV)
    ]
    assert config.candidates[-1].url == DAV.url
    [lost] = EXPORTER.render(found, Wish()).lost
    assert lost.endswith(f": {IMAP143.endpoint}, {SMTP587.endpoint}")


def test_the_reports_order_decides() -> None:
    """Where the rules say 587 first, it is 587 that is named."""
    config = read(report(IMAP, SMTP587, SMTP))
    assert [one.endpoint.port for one in config.candidates] == [993, 587]


def test_it_is_for_the_whole_domain() -> None:
    """The domain, its name, and nobody's address."""
    config = read(report(IMAP, SMTP, address="alice@xn--bcher-kva.example"))
    assert (config.id, config.domains) == ("xn--bcher-kva.example", ("xn--bcher-kva.example",))
    assert config.name == "bücher.example"
    assert b"alice" not in exported(report(IMAP, SMTP))


def test_the_provider_gives_its_name_and_its_help() -> None:
    """Where one is known."""
    who = ProviderRow("example", "Example Mail", "https://example.org/help")
    config = read(report(IMAP, SMTP, provider=who))
    assert (config.name, config.documentation) == ("Example Mail", ("https://example.org/help",))


@pytest.mark.parametrize(
    ("form", "username", "template"),
    [
        (UsernameForm.ADDRESS, "alice@example.org", "%EMAILADDRESS%"),
        (UsernameForm.UNKNOWN, "", "%EMAILADDRESS%"),
        (UsernameForm.LOCALPART, "alice", "%EMAILLOCALPART%"),
        (
            UsernameForm.DOMAIN_LOCALPART,
            "example.org\\alice",
            "%EMAILDOMAIN%\\%EMAILLOCALPART%",
        ),
        (UsernameForm.OTHER, "shared", "shared"),
        (UsernameForm.OTHER, "%EMAILLOCALPART%+x", "%EMAILLOCALPART%+x"),
    ],
)
def test_user_names_become_placeholders(form: UsernameForm, username: str, template: str) -> None:
    """Draft §3.7.5: what is the user's own stands for everybody's."""
    config = read(imap_with(username=username, username_form=form))
    assert config.candidates[0].username.template == template


@pytest.mark.parametrize(
    ("username", "template"),
    [("e-e", "e-%EMAILLOCALPART%"), ("shared", "shared"), ("mail\\e", "mail\\%EMAILLOCALPART%")],
)
def test_an_unusual_user_name_is_exported_as_it_was_published(username: str, template: str) -> None:
    """Not guessed back from the letters of one user's own name."""
    odd = replace(
        IMAP, username=username, username_form=UsernameForm.OTHER, username_template=template
    )
    config = read(report(odd, SMTP, address="e@example.org"))
    assert config.candidates[0].username.template == template


def test_what_a_source_published_is_what_is_exported() -> None:
    """From the document through the report: one letter of a local part corrupts nothing."""
    told = [
        candidate(text, username=Username("e-%EMAILLOCALPART%"))
        for text in ("imap://imap.example.org:993", "smtp://smtp.example.org:465")
    ]
    who = subject("e@example.org")
    merged = merge(who, [answer("autoconfig-https", *told)], {}, lambda _: 0)
    assert [one.username for one in merged] == ["e-e", "e-e"]
    config = read(report(*merged, address="e@example.org"))
    assert {one.username.template for one in config.candidates} == {"e-%EMAILLOCALPART%"}


def test_a_user_name_that_a_rule_gave_is_exported() -> None:
    """As the rule has it, not as it came out for one user."""
    ours = rules(rule("ours", then={"use": {"username": "mail-%EMAILLOCALPART%"}}))
    bare = [replace(one, username="", username_form=UsernameForm.UNKNOWN) for one in (IMAP, SMTP)]
    judged = judge(case(*bare, address="m@example.org"), ours).settings
    assert {one.username for one in judged} == {"mail-m"}
    config = read(report(*judged, address="m@example.org"))
    assert {one.username.template for one in config.candidates} == {"mail-%EMAILLOCALPART%"}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "::1"])
def test_a_program_on_the_own_computer_is_nothing_to_publish(host: str) -> None:
    """One sentence, even on request, and even if only one way leads there."""
    for found in (
        report(replace(IMAP, host=host), replace(SMTP, host=host)),
        report(replace(IMAP, host=host), SMTP),
    ):
        for unsafe in (False, True):
            with pytest.raises(ExportError, match="on the user's own computer"):
                exported(found, even_if_unsafe=unsafe)


def test_beside_a_public_server_it_is_left_out() -> None:
    """The public one is what others can use; a name may begin with 127."""
    public = replace(IMAP143, host="127.0.example.org")
    config = read(report(replace(IMAP, host="127.0.0.1"), public, SMTP))
    assert [one.endpoint.port for one in config.candidates] == [143, 465]


def test_for_a_bare_domain_an_unusual_user_name_stays() -> None:
    """There is nothing of anybody's in it."""
    odd = replace(IMAP, username="CORP\\%EMAILLOCALPART%", username_form=UsernameForm.OTHER)
    config = read(report(odd, SMTP, address="example.org"))
    assert config.candidates[0].username.template == "CORP\\%EMAILLOCALPART%"


@pytest.mark.parametrize(
    ("methods", "written"),
    [
        ((AuthMethod.PASSWORD,), (AuthMethod.PASSWORD,)),
        ((AuthMethod.OAUTH2, AuthMethod.PASSWORD), (AuthMethod.OAUTH2, AuthMethod.PASSWORD)),
        ((AuthMethod.CHALLENGE, AuthMethod.PASSWORD), (AuthMethod.PASSWORD,)),
        ((AuthMethod.CHALLENGE,), (AuthMethod.CHALLENGE,)),
        ((), (AuthMethod.PASSWORD,)),
    ],
)
def test_methods_are_those_to_use(
    methods: tuple[AuthMethod, ...], written: tuple[AuthMethod, ...]
) -> None:
    """Inside TLS a plain password does it; the element is never missing (draft §3.7.4)."""
    assert read(imap_with(auth=methods)).candidates[0].auth == written


def test_oauth2_comes_with_its_issuer() -> None:
    """Where the report knows it."""
    known = OAuth2("auth.example.org", "https://a.example/a", "https://a.example/t", ("mail",))
    config = read(imap_with(auth=(AuthMethod.OAUTH2,), oauth2=known))
    assert config.oauth2 == known


def with_verdict(one: Setting, verdict: Verdict) -> Setting:
    """*one* with another verdict."""
    return replace(one, verdict=verdict)


def test_what_is_discouraged_is_left_out() -> None:
    """As long as there is something better."""
    worse = with_verdict(IMAP143, Verdict.DISCOURAGED)
    config = read(report(IMAP, worse, SMTP))
    assert [one.endpoint.port for one in config.candidates] == [993, 465]


def test_what_is_discouraged_is_better_than_nothing() -> None:
    """It is safe enough to be used."""
    config = read(report(with_verdict(IMAP143, Verdict.DISCOURAGED), SMTP))
    assert [one.endpoint.port for one in config.candidates] == [143, 465]


def test_what_failed_is_never_written() -> None:
    """Not even on request: it does not work."""
    found = report(IMAP, replace(POP3, live=Live.FAILED), SMTP)
    for unsafe in (False, True):
        config = read(found, even_if_unsafe=unsafe)
        assert [one.endpoint.port for one in config.candidates] == [993, 465]


def test_what_is_forbidden_is_written_on_request_only() -> None:
    """Where there is nothing better, and after a comment that names it."""
    assert b"<!--" not in exported(report(IMAP, CLEAR, SMTP), even_if_unsafe=True)
    found = report(CLEAR, POP3, SMTP)
    assert [one.endpoint.port for one in read(found).candidates] == [995, 465]
    document = exported(found, even_if_unsafe=True)
    assert [one.endpoint.port for one in parse(document).candidates] == [143, 995, 465]
    head, comment, rest = document.split(b"\n", 2)
    assert head == b'<?xml version="1.0" encoding="UTF-8"?>'
    assert comment.startswith(b"<!-- UNSAFE")
    assert b"imap://imap.example.org:143" in comment
    assert rest.startswith(b"<clientConfig")


def test_on_request_nothing_safe_needs_no_comment() -> None:
    """It warns where there is something to warn of."""
    found = report(IMAP, SMTP)
    assert exported(found, even_if_unsafe=True) == exported(found)


@pytest.mark.parametrize(
    "host",
    [
        "xn--bcher-kva.example",
        "a---b.example.org",
    ],
)
def test_a_host_name_does_not_break_the_comment(host: str) -> None:
    """XML 1.0 §2.5: two hyphens in a row must not stand in a comment."""
    bad = replace(CLEAR, host=host)
    assert read(report(bad, SMTP), even_if_unsafe=True).candidates[0].endpoint.host == host


@pytest.mark.parametrize(
    ("found", "missing"),
    [
        ([SMTP], "incoming"),
        ([IMAP], "outgoing"),
        ([], "incoming"),
        ([CLEAR, SMTP], "incoming"),
        ([replace(IMAP, live=Live.FAILED), SMTP], "incoming"),
        ([DAV, SMTP], "incoming"),
    ],
)
def test_what_cannot_be_said_is_told(found: list[Setting], missing: str) -> None:
    """One sentence with the part, the domain and the next step."""
    with pytest.raises(ExportError) as caught:
        exported(report(*found))
    message = str(caught.value)
    assert message.startswith(f"no safe {missing} server is known for example.org")
    assert "advisor recommend" in message
    assert "\n" not in message


def test_on_request_a_forbidden_server_will_do() -> None:
    """Somebody asked for it."""
    config = read(report(CLEAR, SMTP), even_if_unsafe=True)
    assert [one.endpoint.port for one in config.candidates] == [143, 465]


HOSTILE = [
    "]]><incomingServer type='imap'/>",
    "</displayName><domain>evil.example</domain>",
    "<!-- --><?pi?>&entity;&#0;",
    "\"' onload='x",
    "\x1b[31m\u202e\x00\ud800",
]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_names_stay_text(text: str) -> None:
    """Whatever a document or an address brought in, it adds no element and no character."""
    who = ProviderRow(None, text, f"https://example.org/?{text}")
    odd = replace(IMAP, username=text, username_form=UsernameForm.OTHER)
    config = parse(exported(report(odd, SMTP, provider=who)))
    assert config.domains == ("example.org",)
    assert [one.place for one in config.candidates] == [IMAP.endpoint, SMTP.endpoint]


def test_a_plain_hostile_name_is_read_again() -> None:
    """Nothing is lost by escaping."""
    name = "<b>&amp;\"'"
    odd = replace(IMAP, username=name, username_form=UsernameForm.OTHER)
    config = read(report(odd, SMTP, provider=ProviderRow(None, name, None)))
    assert (config.name, config.candidates[0].username.template) == (name, name)


def test_the_same_report_gives_the_same_bytes() -> None:
    """UTF-8 without a byte order mark."""
    found = report(IMAP, POP3, SMTP)
    assert exported(found) == exported(found)
    assert exported(found).startswith(b"<?xml")


SCHEMAS = Path(
    os.environ.get("ADVISOR_SCHEMAS") or Path(__file__).parents[2].parent / "shared" / "schemas"
)
GRAMMAR = SCHEMAS / "autoconfig" / "autoconfig.rng"
SETTINGS = st.lists(
    st.sampled_from([IMAP143, POP3, SMTP587, DAV, CLEAR]).flatmap(
        lambda one: st.builds(
            replace,
            st.just(one),
            username=st.sampled_from(["alice", "a&b", "<x>"]),
            username_form=st.sampled_from(list(UsernameForm)),
            auth=st.lists(st.sampled_from(list(AuthMethod)), unique=True).map(tuple),
        )
    ),
    max_size=4,
)


@pytest.mark.skipif(not GRAMMAR.exists(), reason=f"the draft's grammar is not at {GRAMMAR}")
@pytest.mark.skipif(which("xmllint") is None, reason="xmllint is not installed")
@settings(max_examples=10, deadline=None)
@given(SETTINGS, st.sampled_from(["Example", "<&>", "\x1b"]), st.booleans())
def test_every_export_is_valid_under_the_draft(
    more: list[Setting], name: str, unsafe: bool
) -> None:
    """The RELAX NG grammar that comes with the draft, comment and all."""
    found = report(IMAP, SMTP, *more, provider=ProviderRow(None, name, "https://e.example/?a&b"))
    done = subprocess.run(
        ["xmllint", "--noout", "--nonet", "--relaxng", str(GRAMMAR), "-"],
        input=exported(found, even_if_unsafe=unsafe),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
