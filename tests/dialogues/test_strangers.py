"""Guessing the software behind a greeting."""

from __future__ import annotations

import pytest

from advisor.dialogues._strangers import software


@pytest.mark.parametrize(
    ("greeting", "name"),
    [
        ("* OK Dovecot (Debian) ready.", "Dovecot"),
        ("* OK [CAPABILITY IMAP4rev1] Dovecot ready.", "Dovecot"),
        ("220 mx.example.org ESMTP Exim 4.96", "Exim"),
        ("220 mx.example.org ESMTP Sendmail 8.17.1/8.17.1", "Sendmail"),
        ("* OK mail Cyrus IMAP v2.4.17 server ready", "Cyrus"),
        ("* OK Courier-IMAP ready. Copyright 1998", "Courier"),
    ],
)
def test_a_product_is_recognised_by_its_own_spelling(greeting: str, name: str) -> None:
    """Programs name themselves in their greetings."""
    assert software(greeting) == name


@pytest.mark.parametrize(
    "greeting",
    ["220 postfix.example.org ESMTP", "220 mx-exim.example.org", "* OK ready", "", None],
)
def test_a_host_name_is_no_evidence(greeting: str | None) -> None:
    """A server called postfix.example.org may run anything."""
    assert software(greeting) is None
