"""The condition language: from plain data to predicates over facts.

A fact that is absent or None makes every comparison false; only ``not`` turns that around.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Facts = Mapping[str, Any]
Predicate = Callable[[Facts], bool]
Check = Callable[[Any], bool]

# What a hostile server can put into a fact that a pattern is tried on, in characters.
_MATCHED = 1000


def _exists(wanted: bool) -> Check:
    return lambda value: (
        (value not in (None, "", "unknown") and value != [] and value != ()) is wanted
    )


def _equals(wanted: Any) -> Check:
    return lambda value: bool(value == wanted)


def _in(wanted: list[Any]) -> Check:
    allowed = frozenset(wanted)
    return lambda value: (tuple(value) if isinstance(value, list) else value) in allowed


def _contains(wanted: list[Any]) -> Check:
    if len(wanted) == 1:
        return lambda value: value is not None and wanted[0] in value
    items = frozenset(wanted)

    def contains(value: Any) -> bool:
        if isinstance(value, str):
            return any(item in value for item in wanted)
        return value is not None and not items.isdisjoint(value)

    return contains


def _above(limit: float) -> Check:
    return lambda value: value is not None and value > limit


def _below(limit: float) -> Check:
    return lambda value: value is not None and value < limit


def _matches(pattern: str) -> Check:
    search = re.compile(pattern).search
    return lambda value: value is not None and search(str(value)[:_MATCHED]) is not None


def _not(test: Mapping[str, Any]) -> Check:
    check = _check(test)
    return lambda value: not check(value)


OPERATORS: dict[str, Callable[[Any], Check]] = {
    "equals": _equals,
    "in": _in,
    "not": _not,
    "contains": _contains,
    "above": _above,
    "below": _below,
    "exists": _exists,
    "matches": _matches,
}


def _check(test: Mapping[str, Any]) -> Check:
    checks = [OPERATORS[name](operand) for name, operand in test.items()]
    if len(checks) == 1:
        return checks[0]
    return lambda value: all(check(value) for check in checks)


def _either(alternatives: list[Predicate]) -> Predicate:
    def holds(facts: Facts) -> bool:
        for alternative in alternatives:  # noqa: SIM110 - any() with a generator takes twice as long
            if alternative(facts):
                return True
        return False

    return holds


def keys(when: Mapping[str, Any] | list[Any]) -> list[tuple[str, Any]] | None:
    """Facts of which one must equal its value for the condition to hold, or None if there are none.

    Rules are looked up by them, so that most are never tried.
    """
    found = []
    for part in when if isinstance(when, list) else [when]:
        equals = ((name, test["equals"]) for name, test in part.items() if _is_equality(name, test))
        first = next(equals, None)
        if first is None:
            return None
        found.append(first)
    return found


def _is_equality(name: str, test: Any) -> bool:
    return name != "not" and list(test) == ["equals"]


def compile_condition(when: Mapping[str, Any] | list[Any]) -> Predicate:
    """A predicate for a condition as the linter hands it on (every test an operator mapping)."""
    if isinstance(when, list):
        return _either([compile_condition(part) for part in when])
    equals = [(name, test["equals"]) for name, test in when.items() if _is_equality(name, test)]
    rest = [
        (name, _check(test))
        for name, test in when.items()
        if name != "not" and not _is_equality(name, test)
    ]
    denied = compile_condition(when["not"]) if "not" in when else None

    def holds(facts: Facts) -> bool:
        get = facts.get
        for name, wanted in equals:
            if get(name) != wanted:
                return False
        for name, check in rest:
            if not check(get(name)):
                return False
        return denied is None or not denied(facts)

    return holds
