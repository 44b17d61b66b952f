"""The condition language, operator by operator."""

from typing import Any

import pytest

from advisor.engine.when import compile_condition

FACTS = {
    "port": 465,
    "security": "tls",
    "names": ["imap", "smtp"],
    "empty": [],
    "unknown": "unknown",
    "flag": True,
    "absent": None,
}

HOLD: list[Any] = [
    {},
    {"port": {"equals": 465}},
    {"port": {"in": [465, 587]}},
    {"port": {"above": 464}},
    {"port": {"below": 466}},
    {"port": {"above": 400, "below": 500}},
    {"port": {"not": {"equals": 587}}},
    {"names": {"contains": ["smtp"]}},
    {"names": {"contains": ["pop3", "imap"]}},
    {"security": {"contains": ["ls"]}},
    {"security": {"matches": "^t.s$"}},
    {"security": {"exists": True}},
    {"absent": {"exists": False}},
    {"missing": {"exists": False}},
    {"empty": {"exists": False}},
    {"unknown": {"exists": False}},
    {"missing": {"not": {"equals": "tls"}}},
    {"port": {"equals": 465}, "security": {"equals": "tls"}},
    [{"port": {"equals": 1}}, {"flag": {"equals": True}}],
    {"not": {"port": {"equals": 587}}},
    {"port": {"equals": 465}, "not": [{"flag": {"equals": False}}, {"port": {"equals": 1}}]},
]

FAIL: list[Any] = [
    {"port": {"equals": 587}},
    {"port": {"in": [25, 587]}},
    {"port": {"above": 465}},
    {"port": {"below": 465}},
    {"absent": {"above": 0}},
    {"absent": {"below": 9}},
    {"missing": {"contains": ["x"]}},
    {"missing": {"matches": ""}},
    {"names": {"contains": ["pop3"]}},
    {"names": {"in": ["imap"]}},
    {"empty": {"exists": True}},
    {"unknown": {"exists": True}},
    {"port": {"equals": 465}, "security": {"equals": "starttls"}},
    [],
    {"not": {}},
    {"port": {"not": {"in": [465]}}},
]


@pytest.mark.parametrize("when", HOLD, ids=str)
def test_condition_holds(when: Any) -> None:
    """Each operator says yes where it should."""
    assert compile_condition(when)(FACTS)


@pytest.mark.parametrize("when", FAIL, ids=str)
def test_condition_does_not_hold(when: Any) -> None:
    """Each operator says no where it should, above all for absent facts."""
    assert not compile_condition(when)(FACTS)


def test_a_pattern_is_tried_on_a_bounded_text_only() -> None:
    """What a hostile server sends cannot make matching take for ever."""
    assert not compile_condition({"long": {"matches": "b$"}})({"long": "a" * 5000 + "b"})
