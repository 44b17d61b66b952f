"""Mistakes in the data on which versions of TLS programs offer."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.knowledge.checks import check

GOOD = """\
name: Example
clients: [one]
offers:
  - on: Example 1
    lowest: TLSv1
    highest: TLSv1.2
    confidence: vendor
    source: its manual
verified: 2026-11-24
"""


def mistakes(*files: str) -> list[str]:
    """What the linter says of stacks with these contents."""
    contents = [
        (Path(f"rules/stacks/s{number}.yaml"), text.encode()) for number, text in enumerate(files)
    ]
    return [str(one) for one in check(contents, "stacks", Path("rules"))[1]]


def test_a_good_one_passes() -> None:
    """Nothing is said."""
    assert mistakes(GOOD) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("on: Example 1", 'sni: "no"'), "either on (a system) or versions"),
        (("on: Example 1", "on: a\n    versions: '*'"), "either on (a system) or versions"),
        (("lowest: TLSv1\n", "lowest: TLSv1.3\n"), "newer than the highest"),
        (("highest: TLSv1.2", "highest: TLS 1.2"), "expected SSLv3"),
        (("clients: [one]", "clients: []"), "at least 1"),
        (("lowest: TLSv1\n", "hello: some\n"), "say either hello, or lowest and highest"),
        (("    lowest: TLSv1\n", ""), "say either hello, or lowest and highest"),
    ],
)
def test_a_mistake_is_told(change: tuple[str, str], told: str) -> None:
    """Each in words."""
    assert any(told in one for one in mistakes(GOOD.replace(*change)))


def test_a_client_stands_in_one_stack() -> None:
    """Two cannot both be right."""
    assert any("stands in" in one for one in mistakes(GOOD, GOOD))


HELLO = """\
name: Example
lowest: TLSv1
highest: TLSv1.2
sni: "yes"
suites: [ECDHE-RSA-AES128-GCM-SHA256, AES128-SHA]
groups: [x25519]
signatures: [rsa_pkcs1_sha256]
confidence: measured
source: caught
verified: 2026-11-29
"""


def hello_mistakes(text: str) -> list[str]:
    """What the linter says of a hello like this."""
    found = check([(Path("rules/hellos/one.yaml"), text.encode())], "hellos", Path("rules"))
    return [str(one) for one in found[1]]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("", ""), ""),
        (("lowest: TLSv1\n", "lowest: TLSv1.3\n"), "newer than the highest"),
        (("AES128-SHA]", "TLS_RSA_WITH_AES_128_CBC_SHA]"), "AES128-SHA"),
        (("x25519", "curve25519"), "x25519"),
        (("suites: [ECDHE-RSA-AES128-GCM-SHA256, AES128-SHA]", "suites: []"), "at least 1"),
        (("verified", "least_rsa_bits: 3\nverified"), "whole number"),
    ],
)
def test_a_hello_is_checked_name_by_name(change: tuple[str, str], told: str) -> None:
    """In the words of OpenSSL and IANA."""
    found = hello_mistakes(HELLO.replace(*change))
    assert any(told in one for one in found) if told else found == []
