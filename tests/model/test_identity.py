"""Names in certificates, compared as RFC 9525 §6.3 and §6.4 say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.model.identity import matches


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("imap.example.org", "imap.example.org"),
        ("IMAP.example.org", "imap.EXAMPLE.org"),
        ("imap.example.org.", "imap.example.org"),
        ("imap.example.org", "*.example.org"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example.org", "*.example.org"),
        ("localhost", "localhost"),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:DB8:0:0:0:0:0:1"),
        ("[2001:db8::1]", "2001:db8::1"),
    ],
)
def test_a_name_stands_for_this_host(host: str, name: str) -> None:
    """Case, a final dot and the spelling of an IPv6 address make no difference."""
    assert matches(host, ("other.example", name))


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("example.org", "*.example.org"),
        ("a.b.example.org", "*.example.org"),
        ("imap.example.org", "i*.example.org"),
        ("imap.example.org", "*p.example.org"),
        ("imap.example.org", "imap.*.org"),
        ("imap.example.org", "*.*.org"),
        ("imap.example.org", "*"),
        ("org", "*"),
        ("*.example.org", "*.*.example.org"),
        (".example.org", "*.example.org.example.org"),
        ("imap.example.org", "imap.example.org\\x00.evil.example"),
        ("imap.example.org", "example.org"),
        ("192.0.2.1", "192.0.2.10"),
        ("192.0.2.1", "*.0.2.1"),
        ("192.0.2.1", "DNS:192.0.2.1"),
        ("bücher.example", "bücher.example"),
        ("", ""),
        ("", "*."),
    ],
)
def test_a_name_stands_for_another_host(host: str, name: str) -> None:
    """A wildcard is the whole left-most label and covers exactly one; IP addresses are exact."""
    assert not matches(host, (name,))


def test_no_names_match_nothing() -> None:
    """A certificate without alternative names is for nobody: the common name does not count."""
    assert not matches("imap.example.org", ())


@given(host=st.text(max_size=40), names=st.lists(st.text(max_size=40), max_size=4))
def test_any_text_is_compared_without_trouble(host: str, names: list[str]) -> None:
    """Whatever stands in a certificate, the comparison has an answer."""
    assert matches(host, names) in (True, False)
