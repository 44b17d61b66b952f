"""Rules: conditions, effects, reasons and examples; see ``rules/README.md``."""

from __future__ import annotations

import re
from typing import Any

import yaml

from advisor.engine.vocabulary import FACTS, NUMBERS, SCOPES, TEXTS, YES_NO
from advisor.engine.when import OPERATORS
from advisor.knowledge.kinds._fields import AUTH, REFERENCES
from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import (
    Reader,
    Shape,
    choice,
    kind_of,
    listing,
    nearest,
    number,
    pairs,
    plain,
    record,
    text,
)

# The fields that advice about somebody's settings can change.
CHANGEABLE = ("protocol", "host", "port", "security", "sign-in", "username", "login")

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def rule(node: yaml.Node, reader: Reader) -> Any:
    """A rule; its conditions and placeholders may use the facts of its scope only."""
    scope = _scope_of(node)
    then = {
        "verdict": choice("acceptable", "discouraged", "forbidden"),
        "prefer": number(-1000, 1000),
        "use": record({}, optional={"username": text(200), "auth": AUTH}),
        "finding": _template(scope),
    }
    if scope == "check":
        then = {
            "judge": choice("wrong", "risky", "cannot-tell"),
            "change": record({}, optional=dict.fromkeys(CHANGEABLE, _template(scope))),
            "finding": _template(scope),
        }
    if scope == "audit":
        then = {
            "points": number(-100, 0),
            "publish": listing(record({"format": text(40), "where": _template(scope)}), at_least=1),
            "finding": _template(scope),
        }
    if scope in ("document", "published"):
        then = {"finding": _template(scope), "instead": _template(scope)}
    shape = record(
        {
            "title": text(120),
            "status": choice("draft", "stable", "retired"),
            "severity": choice("error", "warning", "note"),
            "each": choice(*SCOPES),
            "when": condition(scope),
            "then": record({}, optional=then),
            "because": text(),
            "references": REFERENCES,
            "examples": listing(_example(scope, then), at_least=2),
        }
    )
    found = shape(node, reader)
    _check_rule(node, found, scope, reader)
    return found


def _scope_of(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "each" and value.value in SCOPES:
                return str(value.value)
    return "setting"


def _check_rule(node: yaml.Node, found: Any, scope: str, reader: Reader) -> None:
    if reader.mistakes or not isinstance(found, dict):
        return
    if not found["then"]:
        reader.wrong(node, "“then” does nothing: expected verdict, prefer, use or finding")
    alone = {"finding", "instead"}
    if scope not in ("setting", "check", "audit") and set(found["then"]) - alone:
        reader.wrong(node, f"a rule for each {scope} can only tell a finding")
    gives = [example["gives"] for example in found["examples"]]
    if "nothing" not in gives or all(given == "nothing" for given in gives):
        reader.wrong(node, "expected one example that speaks and one that gives “nothing”")


def _template(scope: str) -> Shape:
    def shape(node: yaml.Node, reader: Reader) -> Any:
        value = text(400)(node, reader)
        for name in _PLACEHOLDER.findall(value or ""):
            if name not in FACTS[scope]:
                hint = nearest(name, FACTS[scope])
                reader.wrong(node, f"there is no fact “{name}” for each {scope}{hint}")
        return value

    return shape


def condition(scope: str) -> Shape:
    """A condition over the facts of *scope*."""

    def shape(node: yaml.Node, reader: Reader) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return [shape(item, reader) for item in node.value]
        found = {}
        for name, key, value in pairs(node, reader):
            if name == "not":
                found[name] = shape(value, reader)
            elif name in FACTS[scope]:
                found[name] = _test(FACTS[scope][name][0])(value, reader)
            else:
                hint = nearest(name, FACTS[scope])
                reader.wrong(key, f"there is no fact “{name}” for each {scope}{hint}")
        return found

    return shape


def _test(kind: str) -> Shape:
    def shape(node: yaml.Node, reader: Reader) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return {"in": [_value(kind, item, reader) for item in node.value]}
        if isinstance(node, yaml.MappingNode):
            return {
                name: _operand(name, kind, key, value, reader)
                for name, key, value in pairs(node, reader)
            }
        if kind in (TEXTS, NUMBERS):
            reader.wrong(node, f"this fact is a list of {kind}: use {{contains: …}}")
        return {"equals": _value(kind, node, reader)}

    return shape


def _operand(name: str, kind: str, key: yaml.Node, node: yaml.Node, reader: Reader) -> Any:
    match name:
        case "not":
            return _test(kind)(node, reader)
        case "in" | "contains" if isinstance(node, yaml.SequenceNode):
            return [_value(kind, item, reader) for item in node.value]
        case "contains" | "equals":
            value = _value(kind, node, reader)
            return [value] if name == "contains" else value
        case "exists":
            return _value(YES_NO, node, reader)
        case "above" | "below":
            value = plain(node) if isinstance(node, yaml.ScalarNode) else None
            if isinstance(value, bool) or not isinstance(value, int | float):
                reader.wrong(node, f"expected a number, found {kind_of(node)}")
            return value
        case "matches":
            return _pattern(node, reader)
    known = ", ".join(OPERATORS)
    reader.wrong(key, f"unknown operator “{name}”{nearest(name, OPERATORS)}; known: {known}")
    return None


def _pattern(node: yaml.Node, reader: Reader) -> Any:
    try:
        re.compile(str(node.value))
    except re.error as error:
        reader.wrong(node, f"is not a regular expression: {error}")
    return str(node.value)


def _value(kind: str, node: yaml.Node, reader: Reader) -> Any:
    value = plain(node) if isinstance(node, yaml.ScalarNode) else None
    if kind == YES_NO:
        fits = isinstance(value, bool)
    elif kind in ("number", NUMBERS):
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    else:
        fits = isinstance(value, str)
        if isinstance(value, bool):
            reader.wrong(node, f"YAML reads this as {value}: put it in quotes")
            return None
    if not fits:
        wanted = {"yes/no": "true or false", TEXTS: "a text", NUMBERS: "a number"}.get(
            kind, f"a {kind}"
        )
        reader.wrong(node, f"expected {wanted}, found {kind_of(node)}")
    return value


def _example(scope: str, then: dict[str, Shape]) -> Shape:
    gives = record({}, optional={**then, "finding": text(600), **_finished(then)})

    def outcome(node: yaml.Node, reader: Reader) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return choice("nothing")(node, reader)
        return gives(node, reader)

    def given(node: yaml.Node, reader: Reader) -> Any:
        return {
            f"{group}.{name}": _fact(scope, f"{group}.{name}", key, value, reader)
            for group, _, inner in pairs(node, reader)
            for name, key, value in pairs(inner, reader)
        }

    return record({"name": text(200), "given": given, "gives": outcome})


def _finished(then: dict[str, Shape]) -> dict[str, Shape]:
    """In examples the changes stand as finished text."""
    if "instead" in then:
        return {"instead": text(600)}
    if "change" not in then:
        return {}
    return {"change": record({}, optional=dict.fromkeys(CHANGEABLE, text(200)))}


def _fact(scope: str, name: str, key: yaml.Node, node: yaml.Node, reader: Reader) -> Any:
    if name not in FACTS[scope]:
        hint = nearest(name, FACTS[scope])
        reader.wrong(key, f"there is no fact “{name}” for each {scope}{hint}")
        return None
    kind = FACTS[scope][name][0]
    if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null"):
        return None
    if kind in (TEXTS, NUMBERS):
        return listing(lambda item, inner: _value(kind, item, inner))(node, reader)
    return _value(kind, node, reader)


KIND = Kind(rule)
