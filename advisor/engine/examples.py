"""Runs the examples that every rule carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from advisor.engine.evaluate import apply_one
from advisor.engine.rulebook import rule


@dataclass(frozen=True, slots=True)
class Outcome:
    """One example of one rule: *expected* and *given* in the words of ``gives``."""

    rule: str
    name: str
    expected: Any
    given: Any

    @property
    def passed(self) -> bool:
        """Does the rule do what its example says?"""
        return bool(self.expected == self.given)


def run(entries: Mapping[str, Mapping[str, Any]]) -> Iterator[Outcome]:
    """The outcomes of all examples of the rules in *entries* (checked knowledge)."""
    for key in sorted(entries):
        one = rule(entries[key])
        for example in entries[key]["examples"]:
            done = apply_one(one, example["given"])
            yield Outcome(one.id, example["name"], example["gives"], done or "nothing")
