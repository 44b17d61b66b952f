"""Autodiscover from strangers: whatever is sent is read or refused, and harmless."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.errors import FormatError
from advisor.formats.autodiscover import Settings, parse, parse_json
from advisor.model.text import printable
from tests.formats.autodiscover_sample import JANE, MINIMAL

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)
NAMES = st.sampled_from(
    [
        "Autodiscover",
        "Response",
        "Account",
        "Action",
        "Protocol",
        "Type",
        "Server",
        "Port",
        "LoginName",
        "DomainName",
        "SPA",
        "SSL",
        "Encryption",
        "AuthRequired",
        "UsePOPAuth",
        "SMTPLast",
        "Settings",
        "Url",
        "RedirectUrl",
        "RedirectAddr",
        "Error",
        "ErrorCode",
        "Message",
        "User",
        "DisplayName",
        "EwsUrl",
        "DomainRequired",
    ]
)
WORDS = st.one_of(
    TEXTS,
    st.sampled_from(
        [
            "IMAP",
            "POP3",
            "SMTP",
            "EXCH",
            "MobileSync",
            "CalDAV",
            "on",
            "off",
            "SSL",
            "TLS",
            "Auto",
            "None",
            "993",
            "587",
            "0",
            "settings",
            "redirectUrl",
            "redirectAddr",
            "imap.example.org",
            "https://a.example/",
            "j@b.example",
        ]
    ),
)


def _tree(name: str, inside: list[str]) -> str:
    return f"<{name}>{''.join(inside)}</{name}>"


LEAVES = st.builds(
    lambda name, text: _tree(name, [text.replace("&", "&amp;").replace("<", "&lt;")]), NAMES, WORDS
)
TREES = st.recursive(
    LEAVES, lambda inner: st.builds(_tree, NAMES, st.lists(inner, max_size=6)), max_leaves=40
)


def is_sane(told: Settings) -> bool:
    """Whatever came of it can be shown, and used."""
    texts = [told.display_name, told.redirect_url, told.redirect_address]
    texts += [message for _, message in told.remarks]
    texts += [one.username.template for one in told.candidates]
    texts += [told.error.message] if told.error else []
    hosts = [one.endpoint.host for one in told.candidates]
    return all(printable(text, len(text)) == text for text in texts) and all(
        re.fullmatch(r"[a-z0-9_.-]+", host) for host in hosts
    )


@settings(max_examples=150, deadline=2000)
@given(st.lists(TREES, max_size=5))
def test_any_tree_is_read_or_refused(trees: list[str]) -> None:
    """With elements of the format in any place, and any text in them."""
    inside = "".join(trees)
    document = f"<Autodiscover><Response><Account>{inside}</Account></Response></Autodiscover>"
    try:
        told = parse(document.encode(), address=JANE)
    except FormatError:
        return
    assert is_sane(told)


@settings(max_examples=150, deadline=2000)
@given(st.data())
def test_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    """Cut short, with bytes put in or turned over, in any encoding."""
    encoding = data.draw(st.sampled_from(["utf-8", "utf-16", "latin-1", "utf-7"]))
    document = bytearray(MINIMAL.encode(encoding))
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(document)))
        document[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    cut = data.draw(st.integers(0, len(document)))
    for sent in (bytes(document), bytes(document[:cut])):
        try:
            assert is_sane(parse(sent, address=JANE))
        except FormatError:
            continue


@settings(max_examples=100, deadline=2000)
@given(st.one_of(st.binary(max_size=300), TEXTS.map(str.encode)))
def test_any_bytes_are_read_or_refused(document: bytes) -> None:
    """By both readers."""
    for read in (parse, parse_json):
        try:
            read(document)
        except FormatError:
            continue
