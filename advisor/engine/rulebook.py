"""Rules ready to be applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.engine.vocabulary import SCOPES
from advisor.engine.when import Facts, Predicate, compile_condition, keys
from advisor.model.endpoint import Security
from advisor.model.report import Reason, Reference, Severity, Verdict


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: *holds* is its condition, *then* what it does (see ``rules/README.md``).

    *keys* are facts of which one must have its value for *holds* to hold, None where there are
    no such facts. *reason* is what a judged setting says of the rule.
    """

    id: str
    title: str
    severity: Severity
    each: str
    keys: Sequence[tuple[str, Any]] | None
    holds: Predicate
    then: Mapping[str, Any]
    because: str
    references: tuple[Reference, ...]
    origin: str
    reason: Reason
    cap: Verdict | None


class RuleSet:
    """Rules of one scope, found by the facts that they cannot do without."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._places = {rule.id: place for place, rule in enumerate(rules)}
        self._rest = [rule for rule in rules if rule.keys is None]
        self._by_fact: dict[str, dict[Any, list[Rule]]] = {}
        for rule in rules:
            for name, value in dict.fromkeys(rule.keys or ()):
                self._by_fact.setdefault(name, {}).setdefault(value, []).append(rule)

    def speaking(self, facts: Facts) -> list[Rule]:
        """The rules whose conditions hold, in the order of their ids."""
        found = {rule.id: rule for rule in self._rest if rule.holds(facts)}
        for name, by_value in self._by_fact.items():
            for rule in by_value.get(facts.get(name), ()):
                if rule.id not in found and rule.holds(facts):
                    found[rule.id] = rule
        return sorted(found.values(), key=lambda rule: self._places[rule.id])


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The applied rules by scope, and the order of what they judge.

    *ways* are the ways to begin encryption in the order in which somebody is led to them.
    """

    rules: Mapping[str, RuleSet]
    setting_keys: tuple[str, ...]
    source_order: tuple[str, ...]
    ways: tuple[Security, ...]

    def source_rank(self, source: str) -> int:
        """The place of a source in the order of the rules; unknown ones come last."""
        order = self.source_order
        return order.index(source) if source in order else len(order)


def rule(entry: Mapping[str, Any]) -> Rule:
    """The rule of one checked entry of knowledge."""
    then = entry["then"]
    cited = references(entry["references"])
    points = then.get("prefer") or 0
    return Rule(
        id=entry["id"],
        title=entry["title"],
        severity=Severity(entry["severity"]),
        each=entry["each"],
        keys=keys(entry["when"]),
        holds=compile_condition(entry["when"]),
        then=then,
        because=entry["because"],
        references=cited,
        origin=entry["origin"],
        reason=Reason(entry["id"], effect(then), entry["because"], cited, points, entry["origin"]),
        cap=Verdict(then["verdict"]) if then.get("verdict") else None,
    )


def effect(then: Mapping[str, Any]) -> str:
    """What a rule does, in a few words."""
    said = []
    if then.get("verdict"):
        said.append(f"at best {then['verdict']}")
    if then.get("prefer"):
        said.append(f"prefer {then['prefer']:+d}")
    said += [f"use {name}" for name in then.get("use") or {}]
    if then.get("judge"):
        said.append(then["judge"])
    said += [f"change {name}" for name in then.get("change") or {}]
    if then.get("points"):
        said.append(f"{then['points']} points")
    said += [f"publish {one['format']}" for one in then.get("publish") or ()]
    if then.get("finding"):
        said.append("told as a finding")
    return ", ".join(said) or "noted"


def references(entries: Iterable[Mapping[str, str]]) -> tuple[Reference, ...]:
    """References as the model has them."""
    return tuple(Reference(ref["id"], ref["section"], ref["says"]) for ref in entries)


def rulebook(entries: Mapping[str, Mapping[str, Any]], order: Mapping[str, Any]) -> Rulebook:
    """The stable rules among *entries*, with *order* as ``rules/order.yaml`` has it."""
    stable = [rule(entries[key]) for key in sorted(entries) if entries[key]["status"] == "stable"]
    return Rulebook(
        {scope: RuleSet([one for one in stable if one.each == scope]) for scope in SCOPES},
        tuple(order["settings"]),
        tuple(order["sources"]),
        tuple(map(Security, order["ways"])),
    )
