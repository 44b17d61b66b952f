"""Rules ready to be applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from advisor.engine.vocabulary import SCOPES
from advisor.engine.when import Predicate, compile_condition
from advisor.model.report import Reference, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: *holds* is its condition, *then* what it does (see ``rules/README.md``)."""

    id: str
    title: str
    severity: Severity
    each: str
    holds: Predicate
    then: Mapping[str, Any]
    because: str
    references: tuple[Reference, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The applied rules by scope, in the order of their ids, and the order of what they judge."""

    rules: Mapping[str, tuple[Rule, ...]]
    setting_keys: tuple[str, ...]
    source_order: tuple[str, ...]

    def source_rank(self, source: str) -> int:
        """The place of a source in the order of the rules; unknown ones come last."""
        order = self.source_order
        return order.index(source) if source in order else len(order)


def rule(entry: Mapping[str, Any]) -> Rule:
    """The rule of one checked entry of knowledge."""
    return Rule(
        id=entry["id"],
        title=entry["title"],
        severity=Severity(entry["severity"]),
        each=entry["each"],
        holds=compile_condition(entry["when"]),
        then=entry["then"],
        because=entry["because"],
        references=references(entry["references"]),
        origin=entry["origin"],
    )


def references(entries: Iterable[Mapping[str, str]]) -> tuple[Reference, ...]:
    """References as the model has them."""
    return tuple(Reference(ref["id"], ref["section"], ref["says"]) for ref in entries)


def rulebook(entries: Mapping[str, Mapping[str, Any]], order: Mapping[str, Any]) -> Rulebook:
    """The stable rules among *entries*, with *order* as ``rules/order.yaml`` has it."""
    stable = [rule(entries[key]) for key in sorted(entries) if entries[key]["status"] == "stable"]
    return Rulebook(
        {scope: tuple(one for one in stable if one.each == scope) for scope in SCOPES},
        tuple(order["settings"]),
        tuple(order["sources"]),
    )
