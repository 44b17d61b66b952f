"""From the model to the plain facts that rules test; the names are in ``vocabulary``."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from advisor.engine import observed
from advisor.engine.case import UNPUBLISHED, Case
from advisor.engine.conflicts import Conflict
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import CONVENTIONAL, INCOMING, OUTGOING, Protocol, Security
from advisor.model.evidence import Answer, Channel, Outcome, Problem
from advisor.model.observation import Live, Reached
from advisor.model.report import Setting

Facts = dict[str, Any]

_CLEAR_TEXT = {AuthMethod.PASSWORD}
# What the domain itself publishes, besides autoconfig.
_OWN = frozenset({"pacc", "srv", "srv-services", "jmap", "caldav", "carddav", "mailconf"})
# The source of what somebody asked to look at, whoever publishes it or not.
_ASKED = ("asked",)
_SECURITY = {
    Security.TLS: "TLS from the first byte",
    Security.STARTTLS: "STARTTLS, required",
    Security.NONE: "no encryption",
}
# What keeps a source from being asked, so that nothing is known of what it would have said.
_UNHEARD = {
    Problem.TIMEOUT,
    Problem.UNREACHABLE,
    Problem.CUT_OFF,
    Problem.DNS_SERVFAIL,
    Problem.DNS_TIMEOUT,
    Problem.DNS_REFUSED,
    Problem.DNSSEC_BOGUS,
    Problem.DNS_ISLAND,
}


# What keeps every program from a server, whatever it is told to do there.
_DEAD = {
    Problem.NO_DOMAIN,
    Problem.NO_ADDRESS,
    Problem.REFUSED,
    Problem.UNREACHABLE,
    Problem.TIMEOUT,
}


def role(protocol: Protocol) -> str:
    """incoming, outgoing or service."""
    if protocol in INCOMING:
        return "incoming"
    return "outgoing" if protocol in OUTGOING else "service"


def is_asked(one: Setting) -> bool:
    """Did somebody give it to be looked at, whoever publishes it or not?"""
    return one.sources == _ASKED


def common(case: Case) -> Facts:
    """The facts that every rule sees."""
    subject, provider, mail = case.subject, case.provider, case.domain
    unheard = [a.question for a in case.answers if _is_unheard(a)]
    facts: Facts = {
        "domain.name": subject.domain.ascii,
        "domain.shown": subject.domain.unicode,
        "domain.idn": subject.domain.ascii != subject.domain.unicode,
        "domain.mail": mail.mail,
        "domain.mx": list(mail.mx),
        "domain.problem": mail.problem and mail.problem.value,
        "domain.wildcard": mail.wildcard,
        "domain.dnssec": mail.dnssec,
        "address.given": subject.local_part is not None,
        "address.international": not (subject.local_part or "").isascii(),
        "network.offline": case.offline,
        "network.probing": case.probing,
        "network.blocked_ports": sorted(
            int(port) for port, state in case.egress.items() if state == "blocked"
        ),
        "sources.found": [a.question.id for a in case.answers if a.candidates],
        "sources.told": [a.question.id for a in case.answers if _tells_mail(a)],
        "sources.failed": [a.question.id for a in case.answers if a.outcome is Outcome.FAILED],
        "sources.published": [
            a.question.id for a in case.answers if a.candidates and is_own(a.question.id)
        ],
        "sources.unheard": [question.id for question in unheard],
        "sources.unheard_titles": [question.title for question in unheard],
    }
    if case.client:
        from advisor.engine import clients

        facts |= clients.common(case.client)
    if provider:
        facts |= {
            "provider.id": provider.id,
            "provider.name": provider.name,
            "provider.account_password": provider.account_password,
            "provider.app_password": provider.app_password,
            "provider.oauth2": provider.oauth2,
            "provider.access": provider.access,
            "provider.notes": " ".join(provider.notes),
            "provider.documentation": provider.documentation,
        }
    return facts


def summary(settings: Sequence[Setting]) -> Facts:
    """The facts about all judged settings together."""
    usable = [setting for setting in settings if setting.is_usable]

    def count(among: Iterable[Setting], wanted: str) -> int:
        return sum(role(setting.protocol) == wanted for setting in among)

    return {
        "settings.usable_incoming": count(usable, "incoming"),
        "settings.usable_outgoing": count(usable, "outgoing"),
        "settings.incoming": count(settings, "incoming"),
        "settings.outgoing": count(settings, "outgoing"),
        "settings.usable_security": sorted({setting.security.value for setting in usable}),
    }


def setting(one: Setting, case: Case, base: Facts, others: Others) -> Facts:
    """The facts of one setting, on top of the common ones in *base*."""
    conventional = CONVENTIONAL.get((one.protocol, one.port))
    standing = case.registrable(one.host) if one.host else ""
    methods = set(one.auth)
    facts: Facts = {
        "setting.protocol": one.protocol.value,
        "setting.protocol_name": one.protocol.shown,
        "setting.host": one.host,
        "setting.port": one.port,
        "setting.security": one.security.value,
        "setting.security_words": _SECURITY[one.security],
        "setting.role": role(one.protocol),
        "setting.url": one.url,
        "setting.username_form": one.username_form.value,
        "setting.auth": [method.value for method in one.auth],
        "setting.mechanisms": list(one.mechanisms),
        "setting.live": one.live.value,
        "setting.trust": one.trust.value,
        "setting.sources": list(one.sources),
        "setting.asked": is_asked(one),
        "setting.where": others.where(one),
        "setting.published": not is_asked(one) and not UNPUBLISHED.issuperset(one.sources),
        "setting.standing": standing,
        "setting.foreign": standing != case.registrable(case.subject.domain.ascii),
        "setting.conventional": conventional and conventional.value,
        "setting.crossed": conventional is not None and conventional is not one.security,
        "setting.oauth_only": methods == {AuthMethod.OAUTH2},
        "setting.clear_text_only": bool(methods) and methods <= _CLEAR_TEXT,
    }
    facts |= others.besides(one)
    if case.client:
        from advisor.engine import clients

        facts |= clients.setting(one, case.client, case.settings)
    if one.observation is not None and one.live is not Live.NOT_CHECKED:
        facts |= observed.facts(one.observation, one.protocol, case.now)
        host = observed.led_to(one.observation)
        facts["setting.elsewhere"] = host if host and case.registrable(host) != standing else None
    return base | facts


class Others:
    """What else there is beside each of *settings*; what failed live counts as such only."""

    def __init__(self, settings: Iterable[Setting]) -> None:
        self._counts: dict[tuple[str, str], Counter[Any]] = defaultdict(Counter)
        self._hosts: Counter[str] = Counter()
        for one in settings:
            self._hosts[one.host] += 1
            for key, value in self._values(one):
                self._counts[key][value] += 1

    def _values(self, one: Setting) -> Iterator[tuple[tuple[str, str], Any]]:
        protocol, security = one.protocol.value, one.security.value
        if one.observation is not None and one.observation.reached is not Reached.NOTHING:
            yield ("open_ports", one.host), one.port
        if one.live is Live.FAILED:
            yield ("failed_security", protocol), security
            return
        yield ("security", protocol), security
        yield ("ports", protocol), one.port
        yield ("protocols", role(one.protocol)), protocol
        if one.live is Live.CONFIRMED:
            yield ("confirmed_security", protocol), security

    def where(self, one: Setting) -> str:
        """Host and port, for a sentence; the host alone where all its ports were to be tried."""
        if is_asked(one) and self._hosts[one.host] > 1:
            return one.host
        return f"{one.host} port {one.port}"

    def besides(self, one: Setting) -> Facts:
        """The facts about the alternatives to *one*."""
        own = dict(self._values(one))
        protocol = one.protocol.value
        keys = (
            ("security", protocol),
            ("ports", protocol),
            ("confirmed_security", protocol),
            ("failed_security", protocol),
            ("open_ports", one.host),
            ("protocols", role(one.protocol)),
        )
        return {
            f"alternatives.{key[0]}": sorted(
                value
                for value, count in self._counts[key].items()
                if count > (key in own and own[key] == value)
            )
            for key in keys
        }


def source(answer: Answer, case: Case, base: Facts, judged: Sequence[Setting]) -> Facts:
    """The facts of one source's answer."""
    own = case.registrable(case.subject.domain.ascii)
    hosts = {candidate.endpoint.host for candidate in answer.candidates}
    foreign = sorted({case.registrable(host) for host in hosts if host} - {own})
    remarks = answer.remarks
    dead = _dead_hosts(answer, judged)
    return base | {
        "source.id": answer.question.id,
        "source.title": answer.question.title,
        "source.outcome": answer.outcome.value,
        "source.problem": answer.problem and answer.problem.value,
        "source.reason": answer.reason,
        "source.asked": answer.asked.partition("?")[0],
        "source.trust": answer.trust and answer.trust.value,
        "source.remarks": [problem.value for problem, _ in remarks],
        "source.remark": remarks[0][1] if remarks else None,
        "source.cleartext": _is_cleartext(answer),
        "source.channels": sorted({hop.channel.value for hop in answer.hops}),
        "source.foreign_domains": foreign,
        "source.foreign": " and ".join(foreign),
        "source.used": _is_used(answer, case, judged),
        "source.dead_hosts": dead,
        "source.live_instead": _live_instead(answer, dead, judged),
        "source.published": is_own(answer.question.id),
        "source.aside": answer.question.aside,
    }


def _is_unheard(answer: Answer) -> bool:
    """Could it not be asked whether somebody publishes anything there?"""
    published = answer.question.id not in UNPUBLISHED and not answer.question.aside
    return published and answer.outcome is Outcome.FAILED and answer.problem in _UNHEARD


def _tells_mail(answer: Answer) -> bool:
    """Does somebody publish servers for mail there?"""
    spoken = {candidate.endpoint.protocol for candidate in answer.candidates}
    published = answer.question.id not in UNPUBLISHED
    return published and not spoken.isdisjoint((*INCOMING, *OUTGOING))


def is_own(source_id: str) -> bool:
    """Does the domain itself publish what this source reads?"""
    return source_id.startswith(("autoconfig", "autodiscover")) or source_id in _OWN


def _is_cleartext(answer: Answer) -> bool:
    asked = answer.asked.startswith("http://")
    return asked or any(hop.channel is Channel.HTTP for hop in answer.hops)


def _dead_hosts(answer: Answer, judged: Sequence[Setting]) -> list[str]:
    """The hosts of *answer*, if somebody publishes it, where every named port is dead."""
    if answer.question.id in UNPUBLISHED:
        return []
    own = [one for one in judged if answer.question.id in one.sources]
    alive = {one.host for one in own if not _is_dead(one)}
    return sorted({one.host for one in own} - alive)


def _is_dead(one: Setting) -> bool:
    seen = one.observation
    return one.live is Live.FAILED and seen is not None and seen.problem in _DEAD


def _live_instead(answer: Answer, dead: Sequence[str], judged: Sequence[Setting]) -> list[str]:
    """The hosts that another source publishes for what *dead* were named for, and that work."""
    own = answer.question.id
    missed = {one.protocol for one in judged if one.host in dead and own in one.sources}
    others = (
        one.host
        for one in judged
        if one.protocol in missed
        and one.live is Live.CONFIRMED
        and not UNPUBLISHED.union((own,)).issuperset(one.sources)
    )
    return list(dict.fromkeys(others))


def _is_used(answer: Answer, case: Case, judged: Sequence[Setting]) -> bool:
    """Does the first setting in a direction, or of a service, rest on *answer*, not on a better?"""
    trusts = {a.question.id: a.trust for a in case.answers if a.trust is not None}
    firsts: dict[str, Setting] = {}
    for one in judged:
        wanted = role(one.protocol)
        firsts.setdefault(one.protocol.value if wanted == "service" else wanted, one)
    for first in firsts.values():
        rests_on = _rests_on(first, case)
        if answer.trust is not None and answer.question.id in rests_on:
            best = min(trusts[name].rank for name in rests_on if name in trusts)
            if answer.trust.rank == best:
                return True
    return False


def _rests_on(one: Setting, case: Case) -> list[str]:
    """The sources of *one*; of another port of a named host, those that named the host."""
    named = [
        answer.question.id
        for answer in case.answers
        if any(candidate.endpoint.host == one.host for candidate in answer.candidates)
    ]
    return named if one.sources == ("siblings",) else list(one.sources)


def conflict(one: Conflict, base: Facts) -> Facts:
    """The facts of one disagreement."""
    return base | {
        "conflict.protocol": one.protocol.value,
        "conflict.field": one.field,
        "conflict.says": one.says,
        "conflict.sources": list(one.sources),
        "conflict.same_server": one.same_server,
    }
