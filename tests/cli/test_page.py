"""The page of a report and its Markdown, made in process."""

from __future__ import annotations

import re
from typing import Any

import pytest

from advisor.cli import _page, _probe_page
from advisor.cli._markdown import cited, escaped
from advisor.cli._output import Paint
from advisor.model.endpoint import Protocol, Security
from advisor.model.observation import Live
from advisor.model.report import (
    Finding,
    Network,
    ProbedEndpoint,
    ProbeReport,
    Reason,
    Reference,
    Report,
    Setting,
    Severity,
    Verdict,
)
from tests.make import observation, report, setting

HOSTILE = "<img src=x onerror=y> [a](http://evil.example) | `code` https://evil.example *b*"
ONLINE = Network(offline=False)


def page(found: Report, **how: Any) -> str:
    """The text page, without colours, in one line."""
    return " ".join(_page.text(found, Paint(on=False), **how).split())


def reason(rule: str, points: int, origin: str = "bundled", because: str = "") -> Reason:
    """A reason of *rule*."""
    said = because or f"Because of {rule}."
    return Reason(
        rule, f"prefer {points:+d}", said, (Reference("RFC 8314", "3", "so"),), points, origin
    )


def best(text: str = "imap://imap.example.org:993", **changes: Any) -> Setting:
    """The recommended setting, confirmed."""
    return setting(text, verdict=Verdict.RECOMMENDED, live=Live.CONFIRMED, **changes)


SMTP = best("smtp://smtp.example.org:465")


def test_only_what_was_confirmed_works() -> None:
    """The rest is possible."""
    works = setting("imap://imap.example.org:143", "starttls", live=Live.CONFIRMED)
    perhaps = setting("pop3://imap.example.org:995")
    said = page(report(best(), works, perhaps, SMTP, network=ONLINE))
    assert "Also works: IMAP 143 STARTTLS." in said
    assert "Also possible: POP3 995 SSL/TLS." in said


def test_another_host_is_named() -> None:
    """The same port elsewhere is not the chosen one, and neither is the other way's host."""
    elsewhere = setting("imap://old.example.org:993", live=Live.CONFIRMED)
    there = setting("imap://smtp.example.org:143", "starttls", live=Live.CONFIRMED)
    said = page(report(best(), elsewhere, there, SMTP, network=ONLINE))
    assert "IMAP 993 SSL/TLS (old.example.org)" in said
    assert "IMAP 143 STARTTLS (smtp.example.org)" in said


def test_services_are_mentioned_and_listed_on_request() -> None:
    """One line on the page, each in full with --verbose."""
    jmap = setting("jmap://api.example.org:443", url="https://api.example.org/jmap")
    found = report(best(), SMTP, jmap)
    assert "Also published: JMAP https://api.example.org/jmap." in page(found)
    verbose = page(found, verbose=True).partition(" Settings ")[2]
    assert "JMAP https://api.example.org/jmap SSL/TLS" in verbose


def test_markdown_gives_the_same_reasons_as_the_page() -> None:
    """The one that tells the choice from its rival, not the one that both share."""
    first = best(reasons=(reason("both", 100), reason("this-one", 20)))
    rival = setting("imap://imap.example.org:143", "starttls", reasons=(reason("both", 100),))
    found = report(first, rival, SMTP)
    for said in (page(found), _page.markdown(found)):
        assert "Because of this-one." in said
        assert "Because of both." not in said
    assert "- **993 and not 143**: Because of this-one. (RFC 8314 §3)" in _page.markdown(found)


def test_markdown_names_the_rule_of_ones_own() -> None:
    """As the page does."""
    found = report(best(reasons=(reason("mine", 30, "overlay"),)), SMTP)
    assert "(your rule mine)" in page(found)
    assert "(your rule mine)" in _page.markdown(found)


def test_nothing_of_a_stranger_is_markup_in_a_report() -> None:
    """Titles, user names, findings and reasons are text."""
    finding = Finding("odd", Severity.WARNING, HOSTILE, "", ("imap://a:1",), ())
    first = best(username=HOSTILE, reasons=(reason("r", 1, because=HOSTILE),))
    is_tame(_page.markdown(report(first, SMTP, findings=(finding,))))


def test_nothing_of_a_server_is_markup_in_a_probe() -> None:
    """Its software, its mechanisms and what the rules make of them."""
    finding = Finding("odd", Severity.WARNING, HOSTILE, "", ("imap://a:1",), ())
    seen = observation(software=HOSTILE, mechanisms_after=(HOSTILE,))
    end = ProbedEndpoint(
        Protocol.IMAP, "a.example", None, 993, Security.TLS, Live.CONFIRMED, seen, (finding,)
    )
    text = _probe_page.markdown(ProbeReport("a.example", (end,), (finding,), "0"))
    is_tame(text)
    (row,) = (line for line in text.splitlines() if line.startswith("| IMAP"))
    assert row.replace("\\|", "").count("|") == 6


def is_tame(text: str) -> None:
    """The hostile text is in it, and nothing of it is markup."""
    assert "evil.example" in text
    bare = re.sub(r"\\.", "", text)
    for markup in ("<img", "[a", "](", "://evil", "`code"):
        assert markup not in bare


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain, text (1.5)", "plain, text (1.5)"),
        ("127.0.0.1", "127.0.0.1"),
        ("1. item", "1\\. item"),
        ("- item", "\\- item"),
        ("# head", "\\# head"),
        ("a_b*c|d", "a\\_b\\*c\\|d"),
        ("<b>&lt;", "\\<b\\>\\&lt;"),
        ("http://a.example", "http\\://a.example"),
        ("www.a.example", "www\\.a.example"),
        ("a\nb\x1b", "a\\\\x0ab\\\\x1b"),
    ],
)
def test_escaping(text: str, safe: str) -> None:
    """Signs that mean something, where they do."""
    assert escaped(text) == safe


@pytest.mark.parametrize(
    ("reference", "written"),
    [
        ("RFC 8314 §3.3", "RFC 8314 §3.3"),
        ("https://example.org/a_b", "<https://example.org/a_b>"),
        ("https://example.org/ §2", "<https://example.org/> §2"),
        ("https://example.org/|x", "https\\://example.org/\\|x"),
        ("javascript:x", "javascript:x"),
    ],
)
def test_references_may_be_links(reference: str, written: str) -> None:
    """Those of rules, which are checked; nothing else."""
    assert cited(reference) == written
