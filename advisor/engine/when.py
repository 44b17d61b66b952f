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
    return lambda value: _hashable(value) in allowed


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _contains(wanted: list[Any]) -> Check:
    return lambda value: value is not None and any(item in value for item in wanted)


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


def compile_condition(when: Mapping[str, Any] | list[Any]) -> Predicate:
    """A predicate for a condition as the linter hands it on (every test an operator mapping)."""
    if isinstance(when, list):
        alternatives = [compile_condition(part) for part in when]
        return lambda facts: any(holds(facts) for holds in alternatives)
    equals = [(name, test["equals"]) for name, test in when.items() if list(test) == ["equals"]]
    rest = [
        (name, _check(test))
        for name, test in when.items()
        if name != "not" and list(test) != ["equals"]
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
