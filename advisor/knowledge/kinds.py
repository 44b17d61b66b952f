"""The shape of every kind of knowledge, as told in ``rules/README.md``."""

from __future__ import annotations

import re
from typing import Any

import yaml

from advisor.engine.vocabulary import FACTS, NUMBERS, SCOPES, TEXTS, YES_NO
from advisor.engine.when import OPERATORS
from advisor.knowledge.shapes import (
    Mistake,
    Reader,
    Shape,
    choice,
    date,
    empty_or,
    kind_of,
    listing,
    mapping,
    nearest,
    nullable,
    number,
    pairs,
    plain,
    record,
    text,
)
from advisor.model.address import host_name
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PORT = number(1, 65535)
PROTOCOL = choice(*Protocol)
SECURITY = choice(*Security)
AUTH = listing(choice(*AuthMethod), at_least=1)


def host(node: yaml.Node, reader: Reader) -> Any:
    """A host name in lower-case A-labels, or an IPv4 loopback address."""
    value = str(node.value)
    if value == "127.0.0.1" or host_name(value) == value:
        return value
    reader.wrong(node, f"expected a host name in lower-case A-labels, found {kind_of(node)}")
    return None


def web_address(node: yaml.Node, reader: Reader) -> Any:
    """A URL of a web page."""
    value = str(node.value)
    if re.fullmatch(r"https?://[^\s<>\"]+", value):
        return value
    reader.wrong(node, f"expected an http or https URL, found {kind_of(node)}")
    return None


def reference(node: yaml.Node, reader: Reader) -> Any:
    """``{rfc, …}``, ``{url, …}`` or ``{document, …}``, each with what it says, in one form."""
    names = [name for name, _, _ in pairs(node, Reader(reader.file))]
    if "rfc" in names:
        found = record({"rfc": number(1, 99999), "says": text()}, optional={"section": text(40)})(
            node, reader
        )
        label = f"RFC {found['rfc']}"
    elif "url" in names:
        found = record({"url": web_address, "says": text()}, optional={"section": text(40)})(
            node, reader
        )
        label = found["url"]
    else:
        found = record({"document": text(), "says": text()}, optional={"section": text(40)})(
            node, reader
        )
        label = found["document"]
    return {"id": label, "section": found.get("section") or "", "says": found["says"]}


REFERENCES = listing(reference, at_least=1)


def rule(node: yaml.Node, reader: Reader) -> Any:
    """A rule; its conditions and placeholders may use the facts of its scope only."""
    scope = _scope_of(node)
    then = {
        "verdict": choice("acceptable", "discouraged", "forbidden"),
        "prefer": number(-1000, 1000),
        "use": record({}, optional={"username": text(200), "auth": AUTH}),
        "finding": _template(scope),
    }
    shape = record(
        {
            "title": text(120),
            "status": choice("draft", "stable", "retired"),
            "severity": choice("error", "warning", "note"),
            "each": choice(*SCOPES),
            "when": _condition(scope),
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
    if scope != "setting" and set(found["then"]) - {"finding"}:
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


def _condition(scope: str) -> Shape:
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
    gives = record({}, optional={**then, "finding": text(600)})

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


_SERVER = record(
    {"protocol": PROTOCOL, "host": host, "port": PORT, "security": SECURITY,
     "username": choice("address", "localpart", "unknown")},
    optional={"auth": AUTH},
)  # fmt: skip

PROVIDER = record(
    {
        "name": text(60),
        "documentation": nullable(web_address),
        "domains": listing(host),
        "mx": listing(host),
        "servers": listing(_SERVER),
        "sign_in": record(
            {
                "account_password": choice("accepted", "refused", "unknown"),
                "app_password": choice("required", "offered", "no", "unknown"),
                "oauth2": choice("required", "offered", "no", "unknown"),
            }
        ),
        "access": choice("open", "switch-on-first", "local-bridge", "none"),
        "max_tls": nullable(choice("1.0", "1.1", "1.2", "1.3")),
        "oauth2": nullable(
            record({"issuer": text(), "auth_url": web_address, "token_url": web_address,
                    "scopes": listing(text())})
        ),
        "notes": listing(text()),
        "sources": listing(record({"name": text()}, optional={"url": web_address}), at_least=1),
        "verified": date(),
    }
)  # fmt: skip

PORT_ENTRY = record(
    {
        "name": text(60),
        "protocol": PROTOCOL,
        "security": SECURITY,
        "for": choice("clients", "servers"),
        "answer": text(300),
        "because": text(),
        "history": nullable(text()),
        "versus": mapping(PORT, text()),
        "references": REFERENCES,
        "verified": date(),
    }
)

TERM = record(
    {
        "term": text(80),
        "also": listing(text(80)),
        "meanings": listing(
            record({"means": text(), "where": nullable(text(80)), "because": text(),
                    "references": REFERENCES}),
            at_least=1,
        ),
        "verified": date(),
    }
)  # fmt: skip

ORDER_KEYS = ("verdict", "live", "preference", "trust", "source")

SHAPES: dict[str, Shape] = {
    "rules": rule,
    "ports": PORT_ENTRY,
    "terms": TERM,
    "providers": PROVIDER,
    "order": record(
        {
            "settings": listing(choice(*ORDER_KEYS), at_least=1),
            "sources": listing(text(40), at_least=1),
        }
    ),
    "guesses": record(
        {
            "imap": listing(empty_or(text(63))),
            "pop3": listing(empty_or(text(63))),
            "smtp": listing(empty_or(text(63))),
        }
    ),
}


def across(kind: str, found: dict[str, Any]) -> list[Mistake]:
    """What is wrong between files that are each fine by themselves."""
    if kind != "providers":
        return []
    owners: dict[str, str] = {}
    mistakes = []
    for entry in found.values():
        for mail_domain in entry["domains"]:
            if mail_domain in owners:
                message = f"the domain {mail_domain} stands in {owners[mail_domain]} too"
                mistakes.append(Mistake(entry["file"], 0, 0, message))
            owners[mail_domain] = entry["file"]
    return mistakes
