"""Mistakes in the data on which versions of TLS programs offer."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.knowledge.lint import check

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
    ],
)
def test_a_mistake_is_told(change: tuple[str, str], told: str) -> None:
    """Each in words."""
    assert any(told in one for one in mistakes(GOOD.replace(*change)))


def test_a_client_stands_in_one_stack() -> None:
    """Two cannot both be right."""
    assert any("stands in" in one for one in mistakes(GOOD, GOOD))
