"""The steps of a guide, filled in for one account."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from advisor.instructions._case import Case
from advisor.model.instructions import Entry, Step
from advisor.model.language import filled
from advisor.model.report import Setting

# The client's own words for its boxes, by the value that belongs into them.
_BOXES = {"sign-in": "sign_in"}


def steps(case: Case) -> Iterator[Step]:
    """The steps that fit what is set up."""
    for one in case.guide["steps"]:
        direction = one.get("of")
        if direction and case.of(direction) is None:
            continue
        if not case.holds(one.get("when") or (), direction):
            continue
        command = one.get("command")
        yield Step(
            text=case.say(one["say"]) if "say" in one else one["text"],
            where=_where(one.get("at"), case),
            entries=tuple(_entries(one, case)),
            command=filled(command, {"address": _argument(case)}) if command else None,
            then=case.say("then", label=case.label(one["then"])) if one.get("then") else None,
        )


def _argument(case: Case) -> str:
    """The address as a word of a command line."""
    return shlex.quote(case.report.address or case.report.domain)


def _where(at: str | None, case: Case) -> str | None:
    """Where to click; None where the catalogue has no such path."""
    if at is None:
        return None
    if at in ("{add}", "{incoming}", "{outgoing}"):
        path = case.client.paths.get(at.strip("{}"))
        return case.label(path) if path else None
    known = {name: case.client.paths.get(name, "") for name in ("add", "incoming", "outgoing")}
    return case.label(filled(at, {**known, "protocol": case.protocol}))


def _entries(step: dict[str, Any], case: Case) -> Iterator[Entry]:
    one = case.of(step.get("of"))
    for kind in step.get("enter") or ():
        if one is None or (kind == "password" and case.takes_oauth2(one)):
            continue
        field = _field(kind, step, case)
        value = _value(kind, one, case)
        yield Entry(field, case.say("value-on") if value == field else value)


def _field(kind: str, step: dict[str, Any], case: Case) -> str:
    """What the box for a value of *kind* is called."""
    for words in (step.get("fields"), case.guide.get("fields"), case.client.fields):
        word = (words or {}).get(kind) or (words or {}).get(_BOXES.get(kind, kind))
        if word:
            return case.label(word, end=":")
    return case.say(f"field-{kind}")


def _value(kind: str, one: Setting, case: Case) -> str:
    """What belongs into the box for a value of *kind*."""
    label = case.label(one.label) if one.label else None
    match kind:
        case "host":
            return one.host
        case "port":
            return str(one.port)
        case "host-and-port":
            return f"{one.host}:{one.port}"
        case "server-line":
            return f"{one.label or ''}{one.host}:{one.port}"
        case "protocol":
            return case.protocol
        case "security":
            return label or case.say(f"security-{one.security.value}")
        case "sign-in":
            return case.label(one.sign_in_label) if one.sign_in_label else _method(one, case)
        case "username":
            return one.username or case.say("value-address")
        case "address":
            return case.report.address or case.say("value-address")
        case "password" if case.takes_app_password(one):
            return case.say("value-app-password")
    return case.say(f"value-{kind}")


def _method(one: Setting, case: Case) -> str:
    return case.say(f"method-{one.auth[0].value}" if one.auth else "method-password")
