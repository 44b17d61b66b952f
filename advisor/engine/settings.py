"""Judging settings that somebody has: what they really do, and what to change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from advisor.engine import clients, facts, observed, words
from advisor.engine.evaluate import fill, named, tidy
from advisor.engine.rulebook import Rule, Rulebook
from advisor.engine.ways import Way, Ways
from advisor.model.auth import AuthMethod, methods_of
from advisor.model.client import MODES, Client, Label
from advisor.model.diagnosis import Change, Means
from advisor.model.endpoint import CONVENTIONAL, Endpoint, Protocol, Security, conventional_ports
from advisor.model.observation import Live, ProbeResult
from advisor.model.report import Finding
from advisor.model.text import printable

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
    "auto": "that the program decides by itself, and does not show what it decided",
    "unknown": "nothing certain without the name of the program",
}
_NOT_ITS = "nothing that is known of this program"
_JUDGED = ("wrong", "risky", "cannot-tell")
_FOR = {
    Protocol.IMAP: "reading mail by IMAP",
    Protocol.POP3: "reading mail by POP3",
    Protocol.SMTP: "sending mail",
    Protocol.MANAGESIEVE: "mail filters (ManageSieve)",
}
_ROLES = {"imap": "imap", "imaps": "imap", "pop": "pop3", "pop3": "pop3", "smtp": "smtp",
          "smtps": "smtp", "submission": "smtp", "send": "smtp", "out": "smtp"}  # fmt: skip
_LOCAL = re.compile(r"(localhost|127\.[\d.]+|::1)$")


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
    return words.security(entered.label, entered.client, entered.protocol, entered.port)


def endpoints(entered: Entered) -> dict[str, Endpoint]:
    """What to look at live: the settings as they really act, and the two standard ways."""
    does, _ = meaning(entered)
    if entered.host is None:
        return {}
    found = {
        f"live_{MODES[security]}": Endpoint(entered.protocol, entered.host, port, security)
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
    known = check_facts(entered, does, label, seen, now, rules.ways)
    speaking = rules.rules["check"].speaking(known)
    return Verdict(
        _verdict(speaking, does, known),
        Means(
            _SECURITY.get(does),
            does == "opportunistic",
            _NOT_ITS if does == "unknown" and entered.client else _SAYS[does],
            label.confidence if label else "convention",
        ),
        tuple(_changes(speaking, known, entered)),
        tidy(_findings(speaking, known, entered)),
    )


def _verdict(speaking: Iterable[Rule], does: str, known: facts.Facts) -> str:
    judged = {rule.then.get("judge") for rule in speaking}
    if does in ("unknown", "auto"):
        judged.add("cannot-tell")
    if known["check.live"] == "failed" and not judged.intersection(_JUDGED):
        judged.add("wrong")
    return next((verdict for verdict in _JUDGED if verdict in judged), "right")


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
                if words.folded(to) != words.folded(old[field]):
                    yield Change(field, printable(old[field]), to, rule.because)


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
                named(rule.then["finding"], known),
            )


def check_facts(
    entered: Entered,
    does: str,
    label: Label | None,
    seen: Mapping[str, ProbeResult],
    now: datetime,
    order: tuple[Security, ...] = (),
) -> facts.Facts:
    """The facts that rules for each check see; *order* is that of the ways to lead somebody to."""
    stands_for = [(p, s) for (p, port), s in CONVENTIONAL.items() if port == entered.port]
    known: facts.Facts = {
        "check.protocol": entered.protocol.value,
        "check.for": _FOR.get(entered.protocol),
        "check.host": entered.host,
        "check.host_role": _ROLES.get((entered.host or "").partition(".")[0]),
        "check.local": bool(_LOCAL.match(entered.host or "")),
        "check.port": entered.port,
        "check.port_protocol": stands_for[0][0].value if stands_for else None,
        "check.port_own": entered.protocol in dict(stands_for) if stands_for else None,
        "check.port_for": _FOR[stands_for[0][0]] if stands_for else None,
        "check.port_means": MODES[stands_for[0][1]] if stands_for else None,
        "check.label": entered.label,
        "check.means": does,
        "check.confidence": label.confidence if label else "convention",
        "check.note": label.note if label and label.does == does else None,
        "check.login": entered.login,
        "check.username": entered.username,
        "check.username_form": _form(entered.username),
        "network.offline": not seen,
        "network.probing": bool(seen),
    }
    live = {name: result.live for name, result in seen.items()}
    for name in ("live", "live_implicit", "live_starttls"):
        known[f"check.{name}"] = live.get(name, Live.NOT_CHECKED).value
    if "live" in seen:
        known |= observed.facts(seen["live"].observation, entered.protocol, now)
    if entered.client:
        known |= clients.common(entered.client)
        known["check.spoken"] = entered.protocol in entered.client.protocols
        known["check.choices"] = clients.joined(entered.client.choices(entered.protocol))
    return known | _ways(entered, does, known["check.local"], live, order) | _sign_in(entered, seen)


def _ways(
    entered: Entered,
    does: str,
    local: bool,
    live: Mapping[str, Live],
    order: tuple[Security, ...],
) -> facts.Facts:
    states = {how: live.get(f"live_{mode}", Live.NOT_CHECKED) for how, mode in MODES.items()}
    ways = Ways(entered.client, entered.protocol, states)
    implicit, starttls = ways.on(Security.TLS), ways.on(Security.STARTTLS)
    # People hand their mail in on 587 and servers theirs on 25 (RFC 6409 §3.1).
    stays = entered.port
    if (entered.protocol, entered.port) == (Protocol.SMTP, 25) and not local:
        stays = ways.ports[Security.STARTTLS]
    best = ways.best(order)
    near = ways.nearest(stays, does, live.get("live", Live.NOT_CHECKED), order)
    return {
        "check.port_implicit": ways.ports[Security.TLS],
        "check.port_starttls": ways.ports[Security.STARTTLS],
        "check.label_implicit": implicit and implicit.label,
        "check.label_starttls": starttls and starttls.label,
        "check.can_implicit": implicit is not None,
        "check.can_starttls": starttls is not None,
        **_way("best", best),
        **_way("near", near),
        "check.best_live": best.live.value if best else None,
    }


def _way(name: str, way: Way | None) -> facts.Facts:
    return {
        f"check.{name}_port": way and way.port,
        f"check.{name}_label": way and way.label,
    }


def _sign_in(entered: Entered, seen: Mapping[str, ProbeResult]) -> facts.Facts:
    client, protocol = entered.client, entered.protocol
    label = "normal password"
    if client:
        offered = (s for s in client.sign_in if s.does == "password" and protocol in s.protocols)
        label = next((one.label for one in offered), "the account's password")
    does = None if entered.sign_in is None else words.sign_in(entered.sign_in, client, protocol)
    return {
        "check.sign_in": entered.sign_in,
        "check.sign_in_does": does,
        "check.sign_in_offered": _is_offered(does, seen),
        "check.label_password": label,
    }


def _is_offered(does: str | None, seen: Mapping[str, ProbeResult]) -> bool | None:
    """Did the server list a mechanism for it inside TLS? None where that cannot be told."""
    inside = seen["live"].observation.mechanisms_after if "live" in seen else ()
    if not inside or does not in set(AuthMethod) - {AuthMethod.NONE}:
        return None
    methods = methods_of(inside)
    # The negotiation of GSSAPI can end in NTLM (RFC 4178).
    return does in methods or (does == "ntlm" and AuthMethod.GSSAPI in methods)


def _form(username: str | None) -> str | None:
    if not username:
        return None
    if "\\" in username:
        return "domain\\localpart"
    return "address" if "@" in username else "localpart"
