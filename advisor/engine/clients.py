"""The facts about a mail client that rules test."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from advisor.model.client import MODES, Client, Label
from advisor.model.endpoint import Security
from advisor.model.report import Setting

Facts = dict[str, Any]

_SAYS_STARTTLS = re.compile("start[ _-]?tls|stls", re.IGNORECASE)
# Limits that no rule of their own speaks about.
_UNJUDGED = ("other", "discontinued", "no-certificate-check", "no-private-ca", "tls-old")
# What lets a password out although the choice requires STARTTLS.
_LEAKING = ("ignores-logindisabled",)


def common(client: Client) -> Facts:
    """What is true of the client whatever the setting."""
    return {
        "client.id": client.id,
        "client.name": client.shown,
        "client.kind": client.kind,
        "client.version": _number(client.version),
        "client.max_tls": _number(client.max_tls),
    }


def _number(text: str | None) -> float | None:
    found = re.match(r"\d+(?:\.\d+)?", text or "")
    return float(found.group()) if found else None


def setting(one: Setting, client: Client) -> Facts:
    """What is true of the client for one setting."""
    protocol = one.protocol.value
    choices = client.choices(protocol)
    label = client.label_for(one.protocol, one.security, one.port)
    limits = [a for a in client.limits if not a.protocols or protocol in a.protocols]
    leaks = [a.says for a in limits if a.limit in _LEAKING and one.security is Security.STARTTLS]
    return {
        "client.can": label is not None if choices else None,
        "client.speaks": protocol in client.protocols,
        "client.label": label and label.label,
        "client.label_note": label and label.note,
        "client.label_hides": label is not None and hides(label),
        "client.trap": _trap(choices, one),
        "client.opportunistic": joined(a for a in choices if a.does == "opportunistic"),
        "client.leaks": " ".join(leaks) or None,
        "client.fills_in": client.ports.get(f"{protocol}:{MODES[one.security]}"),
        "client.oauth2": oauth2(client, protocol),
        "client.limits": [a.limit for a in limits],
        "client.says": " ".join(a.says for a in limits if a.limit in _UNJUDGED),
    }


def hides(label: Label) -> bool:
    """Does the label do STARTTLS without a word of it?"""
    return label.does == "starttls" and not _SAYS_STARTTLS.search(label.label)


def _trap(choices: tuple[Label, ...], one: Setting) -> str | None:
    """A choice that sounds like plain TLS and is STARTTLS, beside the one to take."""
    if one.security is not Security.TLS:
        return None
    return joined(label for label in choices if hides(label) and label.does_on(one.port))


def joined(labels: Iterable[Label]) -> str | None:
    """The labels for a sentence, each once; None where there are none."""
    *names, last = dict.fromkeys(f"“{label.label}”" for label in labels) or (None,)
    return f"{', '.join(map(str, names))} and {last}" if names else last


def oauth2(client: Client, protocol: str) -> str:
    """Can the client sign in with OAuth2?"""
    if client.limit("no-oauth2", protocol):
        return "no"
    if client.limit("oauth2-built-in-providers-only", protocol):
        return "built-in"
    offered = [one for one in client.sign_in if protocol in one.protocols]
    if any(one.does == "oauth2" for one in offered):
        return "yes"
    return "unknown"
