"""Registrable domains by the Public Suffix List."""

from __future__ import annotations

import pytest

from advisor.knowledge.suffixes import is_public_suffix, registrable, same_organisation


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("imap.example.org", "example.org"),
        ("example.org", "example.org"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("org", "org"),
        ("mx.xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("x.alice.github.io", "alice.github.io"),
        ("shop.foo.ck", "shop.foo.ck"),
        ("mail.shop.foo.ck", "shop.foo.ck"),
        ("mail.www.ck", "www.ck"),
        ("mx.shop.xn--55qx5d.xn--j6w193g", "shop.xn--55qx5d.xn--j6w193g"),
        ("imap.example.nosuchtld", "example.nosuchtld"),
        ("localhost", "localhost"),
    ],
)
def test_the_registrable_part_is_found(host: str, found: str) -> None:
    """Or the host itself where it has none."""
    assert registrable(host) == found


@pytest.mark.parametrize(
    ("label", "known"), [("org", True), ("ck", True), ("xn--j6w193g", True), ("nosuchtld", False)]
)
def test_top_level_domains_are_known(label: str, known: bool) -> None:
    """Those of the list, and no others."""
    assert is_public_suffix(label) is known


def test_organisations_are_told_apart() -> None:
    """Two names below one public suffix belong to two."""
    assert same_organisation("imap.example.co.uk", "www.example.co.uk")
    assert not same_organisation("a.co.uk", "b.co.uk")
    assert not same_organisation("alice.github.io", "bob.github.io")
