"""Judging settings that somebody has: what they really do, and what to change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from advisor.engine import clients, facts
from advisor.engine.evaluate import fill, tidy
from advisor.engine.rulebook import Rule, Rulebook
from advisor.model.client import Client, Label, SignIn
from advisor.model.diagnosis import Change, Means
from advisor.model.endpoint import CONVENTIONAL, Endpoint, Protocol, Security, conventional_ports
from advisor.model.observation import Live, Observation, ProbeResult
from advisor.model.report import Finding

_MODES = {Security.TLS: "implicit", Security.STARTTLS: "starttls", Security.NONE: "none"}
_SECURITY = {
    "implicit": "tls",
    "starttls": "starttls",
    "opportunistic": "starttls",
    "none": "none",
}
_SAYS = {
    "implicit": "TLS from the first byte (implicit TLS)",
    "starttls": "STARTTLS, and no connection if it is not offered",
    "opportunistic": "STARTTLS if it is offered, otherwise clear text without a word",
    "none": "no encryption at all",
    "auto": "the program decides by itself, and does not show what it decided",
    "unknown": "nobody can tell without the name of the program",
}

# Where no client is named, only these words mean the same nearly everywhere.
_PLAIN_WORDS = {
    "ssl/tls": "implicit",
    "implicit tls": "implicit",
    "implicit": "implicit",
    "starttls": "starttls",
    "starttls required": "starttls",
    "none": "none",
    "no encryption": "none",
    "off": "none",
    "auto": "auto",
}
_PLAIN_SIGN_IN = {
    "normal password": "password",
    "password": "password",
    "plain": "password",
    "login": "password",
    "encrypted password": "challenge",
    "cram-md5": "challenge",
    "spa": "ntlm",
    "ntlm": "ntlm",
    "secure password authentication": "ntlm",
    "oauth2": "oauth2",
    "kerberos": "gssapi",
    "kerberos / gssapi": "gssapi",
}
_ROLES = {"imap": "imap", "imaps": "imap", "pop": "pop3", "pop3": "pop3", "smtp": "smtp",
          "smtps": "smtp", "submission": "smtp", "send": "smtp", "out": "smtp"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entered:
    """Settings as somebody has them, in the words of their client."""

    protocol: Protocol
    host: str | None
    port: int
    label: str
    client: Client | None = None
    sign_in: str | None = None
    username: str | None = None
    login: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """right, risky, wrong or cannot-tell, with what to change."""

    verdict: str
    means: Means
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


def meaning(entered: Entered) -> tuple[str, Label | None]:
    """What the label does, and the client's own label it was recognised as."""
    wanted = _folded(entered.label)
    if entered.client is not None:
        choices = entered.client.choices(entered.protocol)
        named = [one for one in choices if _folded(one.label) == wanted]
        fitting = next((one for one in named if one.does_on(entered.port)), None)
        if fitting or named:
            found = fitting or named[0]
            return found.does, found
    return _PLAIN_WORDS.get(wanted, "unknown"), None


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[\"'“”:]", " ", text.lower()).split())


def endpoints(entered: Entered) -> dict[str, Endpoint]:
    """What to look at live: the settings as they really act, and the two standard ways."""
    does, _ = meaning(entered)
    if entered.host is None:
        return {}
    found = {
        f"live_{_MODES[security]}": Endpoint(entered.protocol, entered.host, port, security)
        for port, security in conventional_ports(entered.protocol)
    }
    if does in _SECURITY:
        security = Security(_SECURITY[does])
        found["live"] = Endpoint(entered.protocol, entered.host, entered.port, security)
    return found


def judge(
    entered: Entered, seen: Mapping[str, ProbeResult], rules: Rulebook, now: datetime
) -> Verdict:
    """The verdict of the rules; *seen* holds results under the names of ``endpoints``."""
    does, label = meaning(entered)
    known = check_facts(entered, does, label, seen, now)
    speaking = rules.rules["check"].speaking(known)
    return Verdict(
        _verdict(speaking, does, entered, known),
        Means(
            _SECURITY.get(does),
            does == "opportunistic",
            _SAYS[does],
            label.confidence if label else "convention",
        ),
        tuple(_changes(speaking, known, entered)),
        tidy(_findings(speaking, known, entered)),
    )


def _verdict(speaking: Iterable[Rule], does: str, entered: Entered, known: facts.Facts) -> str:
    judged = {rule.then.get("judge") for rule in speaking}
    if "wrong" in judged:
        return "wrong"
    if "risky" in judged:
        return "risky"
    if does in ("unknown", "auto"):
        return "cannot-tell"
    return "right" if known["check.live"] != "failed" or entered.host is None else "wrong"


def _changes(speaking: Iterable[Rule], known: facts.Facts, entered: Entered) -> Iterable[Change]:
    old = {
        "protocol": entered.protocol.value,
        "host": entered.host or "",
        "port": str(entered.port),
        "security": entered.label,
        "sign-in": entered.sign_in or "",
        "username": entered.username or "",
        "login": "on" if entered.login else "off",
    }
    done: set[str] = set()
    for rule in sorted(speaking, key=lambda rule: (rule.severity.rank, rule.id)):
        for field, template in (rule.then.get("change") or {}).items():
            to = fill(template, known)
            if field not in done:
                done.add(field)
                if to != old[field]:
                    yield Change(field, old[field], to, rule.because)


def _findings(speaking: Iterable[Rule], known: facts.Facts, entered: Entered) -> Iterable[Finding]:
    about = (f"{entered.protocol}://{entered.host or '?'}:{entered.port}",)
    for rule in speaking:
        if rule.then.get("finding"):
            yield Finding(
                rule.id,
                rule.severity,
                fill(rule.then["finding"], known),
                rule.because,
                about,
                rule.references,
                rule.origin,
            )


def check_facts(
    entered: Entered,
    does: str,
    label: Label | None,
    seen: Mapping[str, ProbeResult],
    now: datetime,
) -> facts.Facts:
    """The facts that rules for each check see."""
    ports = {_MODES[security]: port for port, security in conventional_ports(entered.protocol)}
    stands_for = [(p, s) for (p, port), s in CONVENTIONAL.items() if port == entered.port]
    known: facts.Facts = {
        "check.protocol": entered.protocol.value,
        "check.host": entered.host,
        "check.host_role": _ROLES.get((entered.host or "").partition(".")[0]),
        "check.port": entered.port,
        "check.port_protocol": stands_for[0][0].value if stands_for else None,
        "check.port_means": _MODES[stands_for[0][1]] if stands_for else None,
        "check.port_implicit": ports["implicit"],
        "check.port_starttls": ports["starttls"],
        "check.label": entered.label,
        "check.means": does,
        "check.confidence": label.confidence if label else "convention",
        "check.note": label.note if label else None,
        "check.sign_in": entered.sign_in,
        "check.sign_in_does": _sign_in(entered),
        "check.login": entered.login,
        "check.username": entered.username,
        "check.username_form": _form(entered.username),
        "network.offline": not seen,
        "network.probing": bool(seen),
    }
    known |= _words(entered, ports)
    for name in ("live", "live_implicit", "live_starttls"):
        result = seen.get(name)
        known[f"check.{name}"] = result.live.value if result else Live.NOT_CHECKED.value
    if "live" in seen:
        known |= facts.observed(_observation(seen["live"]), entered.protocol, now)
    if entered.client:
        known |= clients.common(entered.client)
    return known


def _observation(result: ProbeResult) -> Observation:
    return result.observation


def _words(entered: Entered, ports: Mapping[str, int]) -> facts.Facts:
    client, protocol = entered.client, entered.protocol
    if client is None:
        return {
            "check.label_implicit": "SSL/TLS",
            "check.label_starttls": "STARTTLS",
            "check.label_password": "normal password",
            "check.can_implicit": True,
            "check.can_starttls": True,
        }
    implicit = client.label_for(protocol, Security.TLS, ports["implicit"])
    starttls = client.label_for(protocol, Security.STARTTLS, ports["starttls"])
    password = next(
        (s for s in client.sign_in if s.does == "password" and protocol in s.protocols), None
    )
    return {
        "check.label_implicit": implicit.label if implicit else None,
        "check.label_starttls": starttls.label if starttls else None,
        "check.label_password": password.label if password else "the account's password",
        "check.can_implicit": implicit is not None,
        "check.can_starttls": starttls is not None,
    }


def _sign_in(entered: Entered) -> str | None:
    if entered.sign_in is None:
        return None
    wanted = _folded(entered.sign_in)
    offered: Iterable[SignIn] = entered.client.sign_in if entered.client else ()
    for one in offered:
        if entered.protocol in one.protocols and _folded(one.label) == wanted:
            return one.does
    return _PLAIN_SIGN_IN.get(wanted, "unknown")


def _form(username: str | None) -> str | None:
    if not username:
        return None
    if "\\" in username:
        return "domain\\localpart"
    return "address" if "@" in username else "localpart"
