"""Which port? Answered by the rules, as if one well-kept server had them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from advisor.engine.case import Case
from advisor.engine.evaluate import Judgement, judge
from advisor.engine.rulebook import references
from advisor.knowledge.library import Library
from advisor.model import auth
from advisor.model.address import Domain, Subject
from advisor.model.answers import PortAnswer, PortSetting
from advisor.model.client import Client
from advisor.model.endpoint import CONVENTIONAL, Protocol, Security, conventional_ports
from advisor.model.evidence import Trust
from advisor.model.observation import Live
from advisor.model.report import Finding, Reason, Reference, Setting, Verdict
from advisor.model.telling import concerns, passed_over
from advisor.questions import read

Offer = tuple[Protocol, int, Security]

_BEGINNING = {
    Security.TLS: "SSL/TLS (implicit TLS)",
    Security.STARTTLS: "STARTTLS (required)",
    Security.NONE: "no encryption",
}
_DOES = {
    Security.TLS: "implicit TLS",
    Security.STARTTLS: "STARTTLS, required",
    Security.NONE: "no encryption",
}
_NAMES = {
    Protocol.IMAP: "IMAP",
    Protocol.POP3: "POP3",
    Protocol.SMTP: "Outgoing mail (SMTP)",
    Protocol.MANAGESIEVE: "ManageSieve",
}
_SHORT = {Protocol.SMTP: "SMTP"}
_ALL = (Protocol.IMAP, Protocol.POP3, Protocol.SMTP)


def which_port(
    question: Sequence[str], library: Library, client: Client | None = None
) -> PortAnswer:
    """The answer to a question such as ``imap``, ``587``, ``465 587`` or a sentence with these.

    A client named in the sentence counts where *client* is not given.

    Raises:
        InputError: no protocol, no known port and no client in it.
    """
    asked = read(question, library, client)
    asking = _Asking(library, asked.client)
    if not asked.ports:
        spoken = [p for p in _ALL if asked.client is None or p in asked.client.protocols]
        return asking.about_protocols(asked.protocols or spoken, asked.security)
    crossed = asking.crossed(asked.ports, asked.protocols)
    found = asking.about_ports(asked.ports, asked.security)
    said = [*crossed, found.answer]
    if len(crossed) == len(asked.ports):
        said.append(asking.about_protocols(asked.protocols, asked.security).answer)
    return replace(found, answer=" ".join(said))


class _Asking:
    """One question, put to the rules for one client or for all."""

    def __init__(self, library: Library, client: Client | None) -> None:
        self._library, self._client = library, client
        self._ports: Mapping[str, Any] = library.entries("ports")

    def crossed(self, ports: Sequence[int], protocols: Sequence[Protocol]) -> list[str]:
        """A sentence for each port that belongs to none of the *protocols* asked for."""
        owners = {port: Protocol(self._ports[str(port)]["protocol"]) for port in ports}
        wanted = " or ".join(_SHORT.get(protocol, _NAMES[protocol]) for protocol in protocols)
        return [
            f"{port} belongs to {_SHORT.get(owner, _NAMES[owner])}, not to {wanted}."
            for port, owner in owners.items()
            if protocols and owner not in protocols
        ]

    def about_protocols(
        self, protocols: Sequence[Protocol], security: Security | None = None
    ) -> PortAnswer:
        """The best port of each protocol, or that for *security*, and what speaks for the next."""
        judged = self._judge(
            [
                (protocol, port, way)
                for protocol in protocols
                for port, way in conventional_ports(protocol)
            ]
        )
        ways = {p: [one for one in judged.settings if one.protocol is p] for p in protocols}
        firsts = [_first(found, security) for found in ways.values()]
        over = [one for p, first in zip(ways, firsts, strict=True)
                for one in passed_over(ways[p], first if first.is_usable else None)]  # fmt: skip
        said = "; ".join(self._line(first) for first in firsts)
        if security is Security.NONE:
            said = f"Never without encryption. {said}"
        because = [self._because(first, ways[first.protocol]) for first in firsts]
        cited = [references(self._ports[str(first.port)]["references"]) for first in firsts]
        told = [one for one in judged.findings if concerns(one, firsts, over)]
        return self._answer(said, judged, " ".join(because), cited, told)

    def about_ports(self, ports: Sequence[int], security: Security | None = None) -> PortAnswer:
        """What these ports are for; of several, which first and why."""
        entries = [self._ports[str(port)] for port in ports]
        judged = self._judge(
            [
                (Protocol(entry["protocol"]), port, Security(entry["security"]))
                for port, entry in zip(ports, entries, strict=True)
            ]
        )
        best, *others = judged.settings
        if others and all(one.protocol is best.protocol for one in others):
            answer = (
                f"Port {best.port} with {_choice(best)} first, "
                f"then {' and '.join(str(one.port) for one in others)}"
            )
            said = _own(judged.settings) or self._trade(best, others)
            said = said or [entry["answer"] for entry in entries]
        else:
            answer = " ".join([entry["answer"] for entry in entries])
            said = _own(judged.settings) + [entry["because"] for entry in entries]
            said += [entry["history"] for entry in entries if entry["history"] and not others]
        if not others:
            answer = " ".join((answer, *self._on_screen(best), *_not_so(best, security)))
        cited = [references(entry["references"]) for entry in entries]
        return self._answer(answer, judged, " ".join(said), cited, judged.findings)

    def _answer(
        self,
        answer: str,
        judged: Judgement,
        because: str,
        cited: Sequence[Sequence[Reference]],
        findings: Sequence[Finding],
    ) -> PortAnswer:
        client = self._client
        return PortAnswer(
            answer,
            tuple(_told(one) for one in judged.settings),
            because,
            tuple(dict.fromkeys(ref for group in cited for ref in group)),
            client.shown if client else None,
            tuple(one for one in findings if client and "://" in one.about[0]),
        )

    def _line(self, first: Setting) -> str:
        """The part of the first line that is about the protocol of *first*."""
        name, client = _NAMES[first.protocol], self._client
        if first.is_usable:
            return f"{name}: port {first.port} with {_choice(first)}"
        own = [reason.rule for reason in first.reasons if reason.origin == "overlay"]
        if own:
            return f"{name}: forbidden by your rule {', '.join(own)}"
        if client and first.protocol not in client.protocols:
            known = " and ".join(_SHORT.get(p, _NAMES[p]) for p in map(Protocol, client.protocols))
            return f"{name}: not in {client.shown}, which has {known} only"
        who = f"{client.shown} has" if client else "there is"
        return f"{name}: {who} no safe way to do this"

    def _on_screen(self, one: Setting) -> list[str]:
        """What to choose for this port in the client, as a sentence."""
        client = self._client
        if client is None:
            return []
        if not one.is_usable:
            return [f"{client.shown} cannot use it."]
        return [f"In {client.shown} choose “{one.label}”."] if one.label else []

    def _because(self, first: Setting, found: Sequence[Setting]) -> str:
        others = [one for one in found if one is not first]
        fine = [one for one in others if one.verdict.rank <= Verdict.ACCEPTABLE.rank]
        said = _own([first, *others]) or self._trade(first, fine)
        return " ".join(said or [self._ports[str(first.port)]["because"]])

    def _trade(self, first: Setting, others: Sequence[Setting]) -> list[str]:
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


def _first(found: Sequence[Setting], security: Security | None) -> Setting:
    """The one to name: the best of those that begin as asked, if there is such a one."""
    asked = [one for one in found if one.security is security and one.is_usable]
    return next(iter(asked), found[0])


def _choice(one: Setting) -> str:
    """What to choose: the client's own word with what it does, or the plain description."""
    if not one.label:
        return _BEGINNING[one.security]
    return f"“{one.label}” ({_DOES[one.security]})"


def _not_so(one: Setting, security: Security | None) -> list[str]:
    """That the port begins otherwise than asked."""
    if security is not Security.STARTTLS or one.security is not Security.TLS:
        return []
    return ["It begins with TLS at once, not with STARTTLS."]


def _telling(reasons: Sequence[Reason]) -> Reason:
    """The reason that says most: the operator's own, else the one that weighed most."""
    return max(reasons, key=lambda reason: (reason.origin == "overlay", abs(reason.points)))


def _own(settings: Sequence[Setting]) -> list[str]:
    """What the operator's own rules say, which no trade-off of ours outweighs."""
    own = {r.rule: r.because for one in settings for r in one.reasons if r.origin == "overlay"}
    return [f"Your rule {rule}: {because}" for rule, because in own.items()]


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
