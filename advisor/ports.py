"""Which port? Answered by the rules, as if one well-kept server had them all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from advisor.engine.case import Case
from advisor.engine.evaluate import judge
from advisor.engine.rulebook import references
from advisor.errors import InputError
from advisor.knowledge.library import Library
from advisor.model import auth
from advisor.model.address import Domain, Subject
from advisor.model.answers import PortAnswer, PortSetting
from advisor.model.endpoint import CONVENTIONAL, Protocol, Security, conventional_ports
from advisor.model.evidence import Trust
from advisor.model.observation import Live
from advisor.model.report import Reason, Reference, Setting, Verdict

# Words people use for a protocol or a direction.
_WORDS: dict[str, tuple[Protocol, ...]] = {
    "imap": (Protocol.IMAP,),
    "imaps": (Protocol.IMAP,),
    "pop": (Protocol.POP3,),
    "pop3": (Protocol.POP3,),
    "pop3s": (Protocol.POP3,),
    "smtp": (Protocol.SMTP,),
    "smtps": (Protocol.SMTP,),
    "submission": (Protocol.SMTP,),
    "submissions": (Protocol.SMTP,),
    "incoming": (Protocol.IMAP, Protocol.POP3),
    "receiving": (Protocol.IMAP, Protocol.POP3),
    "outgoing": (Protocol.SMTP,),
    "sending": (Protocol.SMTP,),
    "sieve": (Protocol.MANAGESIEVE,),
    "managesieve": (Protocol.MANAGESIEVE,),
}

_BEGINNING = {
    Security.TLS: "SSL/TLS (implicit TLS)",
    Security.STARTTLS: "STARTTLS (required)",
    Security.NONE: "no encryption",
}


def which_port(question: Sequence[str], library: Library) -> PortAnswer:
    """The answer to a question such as ``imap``, ``587``, ``465 587`` or a sentence with these.

    Raises:
        InputError: no protocol and no known port in it.
    """
    words = re.findall(r"[a-z0-9]+", " ".join(question).lower())
    ports = list(dict.fromkeys(_port(word, library) for word in words if word.isdigit()))
    protocols = list(dict.fromkeys(p for word in words for p in _WORDS.get(word, ())))
    if ports:
        found = _about_ports(ports, library)
        return replace(found, answer=" ".join((*_crossed(ports, protocols, library), found.answer)))
    if not protocols and words:
        raise InputError(
            f"no protocol or port in “{' '.join(question)[:80]}”: "
            "ask for imap, pop3, smtp, incoming, outgoing, or a port such as 587"
        )
    return _about_protocols(protocols or [Protocol.IMAP, Protocol.POP3, Protocol.SMTP], library)


def _crossed(ports: Sequence[int], protocols: Sequence[Protocol], library: Library) -> list[str]:
    """A sentence for each port that belongs to none of the *protocols* asked for."""
    known = library.entries("ports")
    owners = {port: Protocol(known[str(port)]["protocol"]) for port in ports}
    asked = " or ".join(_SHORT.get(protocol, _NAMES[protocol]) for protocol in protocols)
    return [
        f"{port} belongs to {_SHORT.get(owner, _NAMES[owner])}, not to {asked}."
        for port, owner in owners.items()
        if protocols and owner not in protocols
    ]


def _port(word: str, library: Library) -> int:
    known = library.entries("ports")
    if len(word) > 5 or not 1 <= int(word) <= 65535:
        raise InputError(f"{word[:20]} is no port: ports are 1 to 65535")
    if word not in known:
        raise InputError(
            f"port {word} is none that mail clients use: those are {', '.join(_sorted(known))}"
        )
    return int(word)


def _sorted(known: Mapping[str, Any]) -> list[str]:
    return sorted(known, key=int)


def _about_protocols(protocols: Sequence[Protocol], library: Library) -> PortAnswer:
    offers = [
        (protocol, port, security)
        for protocol in protocols
        for port, security in conventional_ports(protocol)
    ]
    settings = _judged(offers, library)
    firsts = [next(s for s in settings if s.protocol is protocol) for protocol in protocols]
    answer = "; ".join(
        f"{_NAMES[first.protocol]}: port {first.port} with {_BEGINNING[first.security]}"
        for first in firsts
    )
    others = [s for s in settings if s not in firsts and s.verdict.rank <= Verdict.ACCEPTABLE.rank]
    because = _because(firsts, others, library)
    known = library.entries("ports")
    cited = [references(known[str(first.port)]["references"]) for first in firsts]
    return PortAnswer(answer, tuple(settings), because, _once(*cited))


def _because(firsts: Sequence[PortSetting], others: Sequence[PortSetting], library: Library) -> str:
    ports = library.entries("ports")
    said: list[str] = []
    for first in firsts:
        entry = ports[str(first.port)]
        trade = [
            entry["versus"][str(other.port)]
            for other in others
            if other.protocol is first.protocol and str(other.port) in entry["versus"]
        ]
        said += _own([first]) or trade or [entry["because"]]
    return " ".join(said)


def _about_ports(ports: Sequence[int], library: Library) -> PortAnswer:
    entries = [library.entries("ports")[str(port)] for port in ports]
    offers = [
        (Protocol(e["protocol"]), p, Security(e["security"]))
        for p, e in zip(ports, entries, strict=True)
    ]
    settings = _judged(offers, library)
    cited = _once(*(references(entry["references"]) for entry in entries))
    if len(ports) == 1:
        entry = entries[0]
        said = [entry["because"], entry["history"] or ""]
        return PortAnswer(entry["answer"], tuple(settings), " ".join(filter(None, said)), cited)
    if len({setting.protocol for setting in settings}) > 1:
        said = [entry["because"] for entry in entries]
        answer = " ".join(entry["answer"] for entry in entries)
        return PortAnswer(answer, tuple(settings), " ".join(said), cited)
    best = settings[0]
    answer = (
        f"Port {best.port} with {_BEGINNING[best.security]} first, "
        f"then {' and '.join(str(s.port) for s in settings[1:])}"
    )
    said = (
        _own(settings)
        or [
            entry["versus"][str(port)]
            for entry in [library.entries("ports")[str(best.port)]]
            for port in ports
            if str(port) in entry["versus"]
        ]
        or [entry["answer"] for entry in entries]
    )
    return PortAnswer(answer, tuple(settings), " ".join(said), cited)


_NAMES = {
    Protocol.IMAP: "IMAP",
    Protocol.POP3: "POP3",
    Protocol.SMTP: "Outgoing mail (SMTP)",
    Protocol.MANAGESIEVE: "ManageSieve",
}
_SHORT = {Protocol.SMTP: "SMTP"}


def _judged(
    offers: Sequence[tuple[Protocol, int, Security]], library: Library
) -> list[PortSetting]:
    """The offers as the rules order them, as if one well-kept server had them all."""
    subject = Subject(Domain("example.org", "example.org"), "you")
    case = Case(
        subject=subject,
        settings=tuple(_setting(*offer) for offer in offers),
        answers=(),
        now=datetime.now(UTC),
        registrable=lambda _: subject.domain.ascii,
        probing=False,
    )
    ordered = judge(case, library.rulebook).settings
    return [
        PortSetting(
            one.protocol,
            one.port,
            one.security,
            one.verdict,
            _telling(one.reasons).because,
            tuple(reason.rule for reason in one.reasons),
            tuple(reason.rule for reason in one.reasons if reason.origin == "overlay"),
        )
        for one in ordered
    ]


def _telling(reasons: Sequence[Reason]) -> Reason:
    """The reason that says most: the operator's own, else the one that weighed most."""
    return max(reasons, key=lambda reason: (reason.origin == "overlay", abs(reason.points)))


def _own(settings: Sequence[PortSetting]) -> list[str]:
    """What the operator's own rules say, which no trade-off of ours outweighs."""
    return [f"Your rule {', '.join(s.own_rules)}: {s.because}" for s in settings if s.own_rules]


def _setting(protocol: Protocol, port: int, security: Security) -> Setting:
    return Setting(
        protocol=protocol,
        host=f"{protocol.value}.example.org",
        port=port,
        security=CONVENTIONAL.get((protocol, port), security),
        username="you@example.org",
        username_form=auth.UsernameForm.ADDRESS,
        auth=(auth.AuthMethod.PASSWORD,),
        mechanisms=(),
        oauth2=None,
        verdict=Verdict.ACCEPTABLE,
        live=Live.NOT_CHECKED,
        observation=None,
        sources=("conventional",),
        trust=Trust.AUTHENTICATED,
    )


def _once(*groups: Sequence[Reference]) -> tuple[Reference, ...]:
    return tuple(dict.fromkeys(ref for group in groups for ref in group))
