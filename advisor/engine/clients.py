"""The facts about a mail client that rules test."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from advisor.model.client import MODES, Client, Label, Limit
from advisor.model.endpoint import OUTGOING, Security
from advisor.model.observation import Live
from advisor.model.report import Setting

Facts = dict[str, Any]

_SAYS_TLS = re.compile("(?<![a-z])(tls|ssl)(?![a-z0-9_])", re.IGNORECASE)
_SAYS_STARTTLS = re.compile("start[ _-]?tls|stls", re.IGNORECASE)
# Limits that no rule of their own speaks about.
UNJUDGED = ("other", "discontinued", "no-certificate-check", "no-private-ca", "tls-old")
# What lets a password out although the choice requires STARTTLS.
LEAKING = ("ignores-logindisabled",)


def common(client: Client) -> Facts:
    """What is true of the client whatever the setting."""
    return {
        "client.id": client.id,
        "client.name": client.shown,
        "client.kind": client.kind,
        "client.version": _number(client.version),
        "client.max_tls": _number(client.max_tls),
        "client.protocols": list(client.protocols),
        "client.oauth2_anywhere": any(oauth2(client, p) != "no" for p in client.protocols),
        "client.says": _said(one for one in client.limits if not one.protocols) or None,
    }


def _number(text: str | None) -> float | None:
    found = re.match(r"\d+(?:\.\d+)?", text or "")
    return float(found.group()) if found else None


def _said(limits: Iterable[Limit]) -> str:
    return " ".join(one.says for one in limits if one.limit in UNJUDGED)


def setting(one: Setting, client: Client, others: Iterable[Setting] = ()) -> Facts:
    """What is true of the client for one setting, beside the *others* that were found."""
    protocol = one.protocol.value
    choices = client.choices(protocol)
    label = client.label_for(one.protocol, one.security, one.port)
    limits = [a for a in client.limits if not a.protocols or protocol in a.protocols]
    leaks = [a.says for a in limits if a.limit in LEAKING and one.security is Security.STARTTLS]
    return {
        "client.can": label is not None if choices else None,
        "client.speaks": protocol in client.protocols,
        "client.label": label and label.label,
        "client.choice": label and _choice(label),
        "client.label_note": label and label.note,
        "client.label_hides": label is not None and hides(label),
        "client.trap": _trap(choices, one),
        "client.opportunistic": joined((a for a in choices if a.does == "opportunistic"), "or"),
        "client.leaks": " ".join(leaks) or None,
        "client.fills_in": client.ports.get(f"{protocol}:{MODES[one.security]}"),
        "client.oauth2": oauth2(client, protocol),
        "client.knows_host": _knows(client, one),
        "client.limits": [a.limit for a in limits],
        "client.says_here": _said(a for a in limits if a.protocols) or None,
        "client.other_way": any(_can(other, client) for other in others if _rivals(one, other)),
    }


def _knows(client: Client, one: Setting) -> bool | None:
    """Is the host among those that the client has OAuth2 for? None where nobody said which."""
    limit = client.limit("oauth2-built-in-providers-only", one.protocol.value)
    if limit is None or not limit.hosts:
        return None
    return any(f".{one.host}".endswith(f".{known}") for known in limit.hosts)


def _rivals(one: Setting, other: Setting) -> bool:
    """Could *other* be taken in place of *one*?"""
    same_way = (one.protocol in OUTGOING) is (other.protocol in OUTGOING)
    return same_way and other.endpoint != one.endpoint


def _can(one: Setting, client: Client) -> bool:
    """Can the client use the setting safely, as far as is known?"""
    protocol = one.protocol.value
    if protocol not in client.protocols or one.security is Security.NONE:
        return False
    safe = client.label_for(one.protocol, one.security, one.port) is not None
    return one.live is not Live.FAILED and (safe or not client.choices(protocol))


def _choice(label: Label) -> str:
    """The label, with the ports that this is said of."""
    if not label.ports:
        return f"“{label.label}”"
    *most, last = map(str, label.ports)
    ports = f"{', '.join(most)} and {last}" if most else last
    return f"“{label.label}” on {ports}"


def hides(label: Label) -> bool:
    """Does the label speak of SSL or TLS, and do STARTTLS without a word of it?"""
    sounds = _SAYS_TLS.search(label.label) and not _SAYS_STARTTLS.search(label.label)
    return label.does == "starttls" and bool(sounds)


def _trap(choices: tuple[Label, ...], one: Setting) -> str | None:
    """The choices that sound like plain TLS and are STARTTLS, on this port or on others."""
    if one.security is Security.TLS:
        hiding = [label for label in choices if hides(label) and label.does_on(one.port)]
    else:
        hiding = [label for label in choices if hides(label)]
    return joined(hiding)


def joined(labels: Iterable[Label], last: str = "and") -> str | None:
    """The labels in quotation marks, with *last* before the last of them; None for none."""
    names = list(dict.fromkeys(f"“{label.label}”" for label in labels))
    if not names:
        return None
    return f" {last} ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


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
