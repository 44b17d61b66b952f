"""From the model to the plain facts that rules test; the names are in ``vocabulary``."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from advisor.engine.case import UNPUBLISHED, Case
from advisor.engine.conflicts import Conflict
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import CONVENTIONAL, INCOMING, OUTGOING, Protocol, Security
from advisor.model.evidence import Answer, Channel, Outcome, Problem
from advisor.model.observation import Live, Observation, Reached, TlsObservation
from advisor.model.report import Setting

Facts = dict[str, Any]

_TLS_NUMBERS = {"SSLv2": 0.2, "SSLv3": 0.3}
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
# What a connection to one address can meet that keeps programs from it.
_UNANSWERED = {Problem.REFUSED, Problem.UNREACHABLE, Problem.TIMEOUT}


def role(protocol: Protocol) -> str:
    """incoming, outgoing or service."""
    if protocol in INCOMING:
        return "incoming"
    return "outgoing" if protocol in OUTGOING else "service"


def tls_number(version: str) -> float | None:
    """1.3 for "TLSv1.3", 1.0 for "TLSv1", 0.3 for "SSLv3"; None for what is no version."""
    if version in _TLS_NUMBERS:
        return _TLS_NUMBERS[version]
    digits = version.removeprefix("TLSv").strip()
    try:
        return float(digits)
    except ValueError:
        return None


def tls_name(version: str) -> str:
    """A version as people write it: "TLS 1.0" for "TLSv1", "SSL 3.0" for "SSLv3"."""
    number = tls_number(version)
    if number is None:
        return version
    return f"SSL {number * 10:.1f}" if number < 1 else f"TLS {number:.1f}"


def moment(iso: str) -> datetime | None:
    """*iso* as an aware time; None for what cannot be read, as a stranger may have written it."""
    try:
        read = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def long_date(iso: str) -> str:
    """ "2027-02-03T…" as "3 February 2027"; "unknown" for what cannot be read."""
    day = moment(iso)
    return f"{day.day} {day:%B} {day.year}" if day else "unknown"


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
        "setting.protocol_name": one.protocol.value.upper(),
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
        "setting.asked": one.sources == _ASKED,
        "setting.published": one.sources != _ASKED and not UNPUBLISHED.issuperset(one.sources),
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
        facts |= observed(one.observation, one.protocol, case.now)
    return base | facts


class Others:
    """What else there is beside each of *settings*; what failed live does not count."""

    def __init__(self, settings: Iterable[Setting]) -> None:
        self._counts: dict[tuple[str, str], Counter[Any]] = defaultdict(Counter)
        for one in settings:
            if one.live is Live.FAILED:
                continue
            for key, value in self._values(one):
                self._counts[key][value] += 1

    def _values(self, one: Setting) -> Iterator[tuple[tuple[str, str], Any]]:
        protocol, security = one.protocol.value, one.security.value
        yield ("security", protocol), security
        yield ("ports", protocol), one.port
        yield ("protocols", role(one.protocol)), protocol
        if one.live is Live.CONFIRMED:
            yield ("confirmed_security", protocol), security

    def besides(self, one: Setting) -> Facts:
        """The facts about the alternatives to *one*."""
        own = dict(self._values(one)) if one.live is not Live.FAILED else {}
        protocol = one.protocol.value
        keys = (
            ("security", protocol),
            ("ports", protocol),
            ("confirmed_security", protocol),
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


def observed(seen: Observation, protocol: Protocol, now: datetime) -> Facts:
    """The facts of what a probe saw that spoke *protocol*."""
    facts: Facts = {
        "observed.reached": seen.reached.value,
        "observed.problem": seen.problem and seen.problem.value,
        "observed.error": seen.error,
        "observed.starttls_offered": seen.starttls_offered,
        "observed.cleartext_login": seen.cleartext_login_possible,
        "observed.login_disabled": seen.login_disabled,
        "observed.login_impossible": _is_login_impossible(seen, protocol),
        "observed.mechanisms_before": list(seen.mechanisms_before),
        "observed.mechanisms_after": list(seen.mechanisms_after),
        "observed.software": seen.software,
        "observed.obeys_injected": seen.obeys_injected,
        **_families(seen.addresses),
    }
    tls = seen.tls
    if tls is None:
        return facts
    facts |= {
        "observed.tls_version": tls_number(tls.version),
        "observed.tls_name": tls_name(tls.version),
        "observed.tls_accepted": [
            tls_name(name) for name, told in tls.versions.items() if told == "accepted"
        ],
        "observed.tls_oldest": _oldest(tls),
        "observed.chain_ok": tls.chain_ok,
        "observed.name_ok": tls.name_ok,
    }
    if tls.certificate is not None:
        ends = moment(tls.certificate.not_after)
        facts |= {
            "observed.cert_names": list(tls.certificate.names),
            "observed.cert_days_left": ends and (ends - now).days,
            "observed.cert_until": ends and long_date(tls.certificate.not_after),
        }
    return facts


def _families(addresses: Mapping[str, str]) -> Facts:
    """Which family takes connections and which does not, where that differs."""
    told: dict[str, set[str]] = {"IPv4": set(), "IPv6": set()}
    for address, state in addresses.items():
        told["IPv6" if ":" in address else "IPv4"].add(state)
    works = [name for name, states in told.items() if "open" in states]
    fails = [name for name, states in told.items() if states and states <= _UNANSWERED]
    differ = bool(works and fails)
    return {
        "observed.family_works": works[0] if differ else None,
        "observed.family_fails": fails[0] if differ else None,
    }


def _oldest(tls: TlsObservation) -> float | None:
    """The number of the oldest version that was accepted when each was asked for."""
    numbers = (tls_number(name) for name, told in tls.versions.items() if told == "accepted")
    return min((number for number in numbers if number is not None), default=None)


def _is_login_impossible(seen: Observation, protocol: Protocol) -> bool | None:
    """Did the whole conversation inside TLS show no way to sign in?

    IMAP has LOGIN unless it is switched off (RFC 9051 §6.2.3); a server that lists nothing at all
    offers nothing.
    """
    if seen.tls is None or seen.problem is not None or seen.reached is not Reached.DONE:
        return None
    if seen.mechanisms_after:
        return False
    if protocol is Protocol.IMAP and seen.capabilities_after:
        return "LOGINDISABLED" in seen.capabilities_after
    return True


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
