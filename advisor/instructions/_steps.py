"""The steps of a guide, filled in for one account."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from advisor.instructions._case import Case
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Security
from advisor.model.instructions import Entry, Step
from advisor.model.language import filled
from advisor.model.report import Setting

# The client's own words for its boxes, by the value that belongs into them.
_BOXES = {"sign-in": "sign_in"}


# What has to be done at the provider before any program can sign in, and when.
_FIRST = {"prepare-access": "switch-on-first", "prepare-app-password": "app-password"}


def steps(case: Case) -> Iterator[Step]:
    """What to prepare at the provider, then the steps that fit what is set up."""
    for sentence, when in _FIRST.items():
        if case.holds([when]):
            yield Step(text=case.say(sentence))
    for one in case.guide["steps"]:
        direction = one.get("of")
        if direction and case.of(direction) is None:
            continue
        if not case.holds(one.get("when") or (), direction):
            continue
        command = one.get("command")
        yield Step(
            text=case.say(one["say"], direction) if "say" in one else one["text"],
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
    return filled(case.label(at), {**known, "protocol": case.protocol})


def _entries(step: dict[str, Any], case: Case) -> Iterator[Entry]:
    one = case.of(step.get("of"))
    for kind in step.get("enter") or ():
        if one is None or (kind == "password" and case.takes_oauth2(one)):
            continue
        field = _field(kind, step, case)
        value = _value(kind, one, step, case)
        yield Entry(field, case.say("value-on") if value == field else value)


def _field(kind: str, step: dict[str, Any], case: Case) -> str:
    """What the box for a value of *kind* is called."""
    for words in (step.get("fields"), case.guide.get("fields"), case.client.fields):
        word = (words or {}).get(kind) or (words or {}).get(_BOXES.get(kind, kind))
        if word:
            return case.label(word).rstrip(":")
    return case.say(f"field-{kind}")


def _value(kind: str, one: Setting, step: dict[str, Any], case: Case) -> str:
    """What belongs into the box for a value of *kind*."""
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
            return _choice(one.label, step, case) or case.say(f"security-{one.security.value}")
        case "sign-in":
            return _sign_in(one, step, case)
        case "starttls" if one.security is not Security.STARTTLS:
            return case.say("value-off")
        case "signed-in" | "encrypted" | "starttls":
            return case.say("value-on")
        case "username":
            return one.username or case.say("value-address")
        case "address":
            return case.report.address or case.say("value-address")
        case "password" if case.takes_app_password(one):
            return case.say("value-app-password")
    return case.say(f"value-{kind}")


def _choice(label: str | None, step: dict[str, Any], case: Case) -> str | None:
    """What the screen of *step* calls the client's *label*."""
    return case.label((step.get("words") or {}).get(label, label)) if label else None


def _sign_in(one: Setting, step: dict[str, Any], case: Case) -> str:
    """How to sign in, in the client's words where they are known for it."""
    first = one.auth[0] if one.auth else AuthMethod.PASSWORD
    if first is AuthMethod.OAUTH2 and not case.takes_oauth2(one):
        return case.say("method-password")
    return _choice(one.sign_in_label, step, case) or case.say(f"method-{first.value}")
