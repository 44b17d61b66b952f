"""Which port? Answered by the rules, as if one well-kept server had them all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from advisor.engine.case import Case
from advisor.engine.evaluate import Judgement, judge
from advisor.engine.rulebook import references
from advisor.errors import InputError
from advisor.knowledge.clients import Clients
from advisor.knowledge.library import Library
from advisor.model import auth
from advisor.model.address import Domain, Subject
from advisor.model.answers import PortAnswer, PortSetting
from advisor.model.client import Client
from advisor.model.endpoint import CONVENTIONAL, Protocol, Security, conventional_ports
from advisor.model.evidence import Trust
from advisor.model.observation import Live
from advisor.model.report import Reason, Reference, Setting, Verdict

Offer = tuple[Protocol, int, Security]

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
    "receive": (Protocol.IMAP, Protocol.POP3),
    "receiving": (Protocol.IMAP, Protocol.POP3),
    "outgoing": (Protocol.SMTP,),
    "send": (Protocol.SMTP,),
    "sending": (Protocol.SMTP,),
    "sieve": (Protocol.MANAGESIEVE,),
    "managesieve": (Protocol.MANAGESIEVE,),
}
_ALL = (Protocol.IMAP, Protocol.POP3, Protocol.SMTP)

_BEGINNING = {
    Security.TLS: "SSL/TLS (implicit TLS)",
    Security.STARTTLS: "STARTTLS (required)",
    Security.NONE: "no encryption",
}
_NAMES = {
    Protocol.IMAP: "IMAP",
    Protocol.POP3: "POP3",
    Protocol.SMTP: "Outgoing mail (SMTP)",
    Protocol.MANAGESIEVE: "ManageSieve",
}
_SHORT = {Protocol.SMTP: "SMTP"}


def which_port(
    question: Sequence[str], library: Library, client: Client | None = None
) -> PortAnswer:
    """The answer to a question such as ``imap``, ``587``, ``465 587`` or a sentence with these.

    A client named in the sentence counts where *client* is not given.

    Raises:
        InputError: no protocol, no known port and no client in it.
    """
    text = " ".join(question)
    words = re.findall(r"[a-z0-9]+", text.lower())
    client = client or (_client_in(text, library) if len(words) > 2 else None)
    numbers = [word for word in words if word.isdigit() and word in library.entries("ports")]
    ports = [int(word) for word in dict.fromkeys(numbers)]
    if not ports and client is None:
        ports = [_port(word, library) for word in words if word.isdigit()]
    protocols = list(dict.fromkeys(p for word in words for p in _WORDS.get(word, ())))
    if ports:
        found = _Asking(library, client).about_ports(ports)
        crossed = _crossed(ports, protocols, library)
        return replace(found, answer=" ".join((*crossed, found.answer)))
    if not protocols and words and client is None:
        raise InputError(
            f"no protocol or port in “{text[:80]}”: "
            "ask for imap, pop3, smtp, incoming, outgoing, or a port such as 587"
        )
    spoken = [p for p in _ALL if client is None or p in client.protocols]
    return _Asking(library, client).about_protocols(protocols or spoken)


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


def _client_in(text: str, library: Library) -> Client | None:
    return Clients(library.entries("clients")).within(text)


def _port(word: str, library: Library) -> int:
    known = library.entries("ports")
    if len(word) > 5 or not 1 <= int(word) <= 65535:
        raise InputError(f"{word[:20]} is no port: ports are 1 to 65535")
    if word not in known:
        listed = ", ".join(sorted(known, key=int))
        raise InputError(f"port {word} is none that mail clients use: those are {listed}")
    return int(word)


class _Asking:
    """One question, put to the rules for one client or for all."""

    def __init__(self, library: Library, client: Client | None) -> None:
        self._library, self._client = library, client
        self._ports: Mapping[str, Any] = library.entries("ports")

    def about_protocols(self, protocols: Sequence[Protocol]) -> PortAnswer:
        """The best port of each protocol, and the trade-off with the next."""
        offers = [
            (protocol, port, security)
            for protocol in protocols
            for port, security in conventional_ports(protocol)
        ]
        judged = self._judge(offers)
        settings = [_told(one) for one in judged.settings]
        firsts = [next(s for s in settings if s.protocol is protocol) for protocol in protocols]
        usable = [one for one in firsts if one.verdict is not Verdict.FORBIDDEN]
        answer = "; ".join(
            f"{_NAMES[one.protocol]}: port {one.port} with {_choice(one)}" for one in usable
        )
        others = [s for s in settings if s not in firsts and _is_fine(s)]
        cited = [references(self._ports[str(first.port)]["references"]) for first in firsts]
        return self._answer(
            answer or self._nothing(), settings, self._because(firsts, others), cited, judged
        )

    def about_ports(self, ports: Sequence[int]) -> PortAnswer:
        """What these ports are for; of several, which first and why."""
        entries = [self._ports[str(port)] for port in ports]
        offers = [
            (Protocol(entry["protocol"]), port, Security(entry["security"]))
            for port, entry in zip(ports, entries, strict=True)
        ]
        judged = self._judge(offers)
        settings = [_told(one) for one in judged.settings]
        cited = [references(entry["references"]) for entry in entries]
        best, *others = settings
        if others and all(one.protocol is best.protocol for one in others):
            answer = (
                f"Port {best.port} with {_choice(best)} first, "
                f"then {' and '.join(str(one.port) for one in others)}"
            )
            trade = self._trade(best, others)
            said = _own(settings) or trade or [entry["answer"] for entry in entries]
        else:
            answer = " ".join(entry["answer"] for entry in entries)
            said = [entry["because"] for entry in entries]
            said += [entry["history"] for entry in entries if entry["history"] and not others]
        return self._answer(answer, settings, " ".join(said), cited, judged)

    def _answer(
        self,
        answer: str,
        settings: Sequence[PortSetting],
        because: str,
        cited: Sequence[Sequence[Reference]],
        judged: Judgement,
    ) -> PortAnswer:
        client = self._client
        return PortAnswer(
            answer,
            tuple(settings),
            because,
            tuple(dict.fromkeys(ref for group in cited for ref in group)),
            client.shown if client else None,
            tuple(one for one in judged.findings if client and "://" in one.about[0]),
        )

    def _nothing(self) -> str:
        name = self._client.shown if self._client else "this"
        return f"{name} has no safe way to do this"

    def _because(self, firsts: Sequence[PortSetting], others: Sequence[PortSetting]) -> str:
        said = []
        for first in firsts:
            trade = self._trade(first, [o for o in others if o.protocol is first.protocol])
            said += _own([first]) or trade or [self._ports[str(first.port)]["because"]]
        return " ".join(said)

    def _trade(self, first: PortSetting, others: Sequence[PortSetting]) -> list[str]:
        versus: Mapping[str, str] = self._ports[str(first.port)]["versus"]
        return [versus[str(one.port)] for one in others if str(one.port) in versus]

    def _judge(self, offers: Sequence[Offer]) -> Judgement:
        """The offers as the rules order them, as if one well-kept server had them all."""
        subject = Subject(Domain("example.org", "example.org"), "you")
        case = Case(
            subject=subject,
            settings=tuple(_setting(*offer) for offer in offers),
            answers=(),
            now=datetime.now(UTC),
            registrable=lambda _: subject.domain.ascii,
            probing=False,
            client=self._client,
        )
        return judge(case, self._library.rulebook)


def _told(one: Setting) -> PortSetting:
    return PortSetting(
        one.protocol,
        one.port,
        one.security,
        one.verdict,
        _telling(one.reasons).because,
        tuple(reason.rule for reason in one.reasons),
        tuple(reason.rule for reason in one.reasons if reason.origin == "overlay"),
        one.label,
    )


def _choice(one: PortSetting) -> str:
    """What to choose: the client's own word with what it does, or the plain description."""
    plain = _BEGINNING[one.security]
    return f"“{one.label}”, which is {plain}" if one.label else plain


def _is_fine(one: PortSetting) -> bool:
    return one.verdict.rank <= Verdict.ACCEPTABLE.rank


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
