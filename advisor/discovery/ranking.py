"""From what the sources said and the probes saw to settings, without losing who said what.

Pure: verdicts and the final order are the engine's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from advisor.engine.case import GUESSED, UNPUBLISHED
from advisor.knowledge.suffixes import same_organisation
from advisor.model.address import Subject, host_name, is_within
from advisor.model.auth import Username, methods_of
from advisor.model.endpoint import INCOMING, OUTGOING, Endpoint, Protocol, Security
from advisor.model.evidence import Answer, Candidate, Problem, Trust
from advisor.model.observation import Live, ProbeResult
from advisor.model.report import Setting, Verdict

Probed = Mapping[Endpoint, ProbeResult]
# How many names of one certificate are tried.
CERTIFIED = 3

_Key = tuple[Protocol, str, int, Security, str | None]


@dataclass(frozen=True, slots=True)
class _Told:
    answer: Answer
    candidate: Candidate


def merge(
    subject: Subject, answers: Iterable[Answer], probed: Probed, rank: Callable[[str], int]
) -> tuple[Setting, ...]:
    """All settings worth judging, in the order of their sources.

    What is only guessed, or found by looking at hosts that others named, becomes a setting when a
    mail server really answered there; a guess moreover only where nobody publishes anything for
    that direction. Where somebody does, a guess that hits the same server adds nothing.
    """
    ordered = sorted(answers, key=lambda answer: rank(answer.question.id))
    groups: dict[_Key, list[_Told]] = {}
    for answer in ordered:
        for candidate in answer.candidates:
            at = candidate.endpoint
            key = (at.protocol, at.host, at.port, at.security, candidate.url)
            groups.setdefault(key, []).append(_Told(answer, candidate))
    named = _host_trust(groups.values())
    published = {_direction(key[0]) for key, told in groups.items() if _is_published(told)}
    settings = []
    for key, everybody in groups.items():
        told = [one for one in everybody if _is_published([one])]
        told = (
            told or [one for one in everybody if one.answer.question.id not in GUESSED] or everybody
        )
        result = probed.get(told[0].candidate.place)
        if _is_published(told) or _is_found(told, result, _direction(key[0]) in published):
            settings.append(_setting(told, result, subject, named))
    return tuple(_unique(settings))


def bare(answer: Answer, subject: Subject, probed: Probed) -> tuple[Setting, ...]:
    """The settings of one source alone, as raw as it gave them."""
    return tuple(
        _setting([_Told(answer, c)], probed.get(c.place), subject, {}) for c in answer.candidates
    )


def siblings(answers: Iterable[Answer], ports: Callable[[Protocol], Sequence[tuple[int, Security]]]
) -> tuple[Candidate, ...]:  # fmt: skip
    """The other conventional ports of every mail server that a published source names."""
    named: dict[tuple[Protocol, str], Candidate] = {}
    taken = set()
    for answer in answers:
        if answer.question.id in UNPUBLISHED:
            continue
        for candidate in answer.candidates:
            at = candidate.endpoint
            taken.add((at.protocol, at.host, at.port))
            if candidate.url is None and at.protocol in (*INCOMING, *OUTGOING):
                named.setdefault((at.protocol, at.host), candidate)
    return tuple(
        Candidate(Endpoint(protocol, host, port, security), like.username, like.auth)
        for (protocol, host), like in named.items()
        for port, security in ports(protocol)
        if (protocol, host, port) not in taken
    )


def certified(answers: Iterable[Answer], probed: Probed) -> tuple[Candidate, ...]:
    """The names in good certificates of servers that were named by another name.

    Only names of the same registrable domain, and only where the chain of the certificate is
    fine: a name out of any other certificate proves nothing. At most ``CERTIFIED`` for a server.
    """
    found: dict[Endpoint, Candidate] = {}
    for answer in answers:
        if answer.question.id == "certificates":
            continue
        for candidate in answer.candidates:
            at = candidate.place
            for name in _proven(probed.get(at)) if candidate.url is None else ():
                other = replace(at, host=name)
                found.setdefault(other, Candidate(other, candidate.username, candidate.auth))
    return tuple(found.values())


def _proven(result: ProbeResult | None) -> list[str]:
    tls = result.observation.tls if result else None
    if result is None or tls is None or tls.certificate is None or tls.name_ok or not tls.chain_ok:
        return []
    hosts = (host_name(name) for name in tls.certificate.names if "*" not in name)
    same = [host for host in hosts if host and same_organisation(host, result.host)]
    telling = sorted(same, key=lambda host: not host.startswith(result.protocol.value))
    return telling[:CERTIFIED]


def _direction(protocol: Protocol) -> str:
    return "incoming" if protocol in INCOMING else protocol.value


def _is_published(told: Iterable[_Told]) -> bool:
    return any(one.answer.question.id not in UNPUBLISHED for one in told)


def _is_found(told: Sequence[_Told], result: ProbeResult | None, published: bool) -> bool:
    guessed = all(one.answer.question.id in GUESSED for one in told)
    if result is None or (published and guessed):
        return False
    if result.live is Live.CONFIRMED or _is_clear_text(result):
        return True
    return guessed and result.observation.greeting is not None and _speaks_mail(result)


def _speaks_mail(result: ProbeResult) -> bool:
    return result.observation.problem is not Problem.NOT_THIS_PROTOCOL


def _is_clear_text(result: ProbeResult) -> bool:
    """A mail server that talks, and offers no TLS where STARTTLS was tried."""
    return result.observation.problem is Problem.NO_STARTTLS


def _host_trust(groups: Iterable[Sequence[_Told]]) -> dict[str, Trust]:
    named: dict[str, Trust] = {}
    for told in groups:
        for one in told:
            host, trust = one.candidate.endpoint.host, one.answer.trust
            if trust is not None and one.answer.question.id not in UNPUBLISHED:
                named[host] = min(named.get(host, trust), trust, key=lambda grade: grade.rank)
    return named


def _setting(
    told: Sequence[_Told],
    result: ProbeResult | None,
    subject: Subject,
    named: Mapping[str, Trust],
) -> Setting:
    first = told[0].candidate
    at, security, live = first.endpoint, first.endpoint.security, Live.NOT_CHECKED
    seen = result.observation if result else None
    if result is not None:
        live = result.live
        if _is_clear_text(result) and not _is_published(told):
            security, live = Security.NONE, Live.CONFIRMED
    username = next(
        (t.candidate.username for t in told if t.candidate.username.template), Username()
    )
    auth = next((t.candidate.auth for t in told if t.candidate.auth), ())
    mechanisms = next((t.candidate.mechanisms for t in told if t.candidate.mechanisms), ())
    if seen is not None and live is Live.CONFIRMED:
        mechanisms = seen.mechanisms
    return Setting(
        protocol=at.protocol,
        host=at.host,
        port=at.port,
        security=security,
        username=username.fill(subject.local_part, subject.domain.ascii),
        username_form=username.form,
        auth=auth or methods_of(mechanisms),
        mechanisms=mechanisms,
        oauth2=next((t.candidate.oauth2 for t in told if t.candidate.oauth2), None),
        verdict=Verdict.ACCEPTABLE,
        live=live,
        observation=seen,
        sources=tuple(dict.fromkeys(t.answer.question.id for t in told)),
        trust=_trust(told, live, security, subject, named),
        url=first.url,
        username_template=username.template,
    )


def _trust(
    told: Sequence[_Told],
    live: Live,
    security: Security,
    subject: Subject,
    named: Mapping[str, Trust],
) -> Trust:
    """The grade of the best source; a live check raises it only where the name is vouched for."""
    host = told[0].candidate.endpoint.host
    grades = [t.answer.trust for t in told if t.answer.trust is not None]
    if all(t.answer.question.id == "siblings" for t in told) and host in named:
        grades = [named[host]]
    best = min(grades, key=lambda grade: grade.rank, default=Trust.GUESSED)
    proven = live is Live.CONFIRMED and security is not Security.NONE
    own = is_within(host, subject.domain.ascii)
    return Trust.VERIFIED if proven and (own or best is Trust.AUTHENTICATED) else best


def _unique(settings: Iterable[Setting]) -> Iterable[Setting]:
    """Each endpoint once: a clear-text find may coincide with a published clear-text setting."""
    seen = set()
    for one in settings:
        key = (one.endpoint, one.url)
        if key not in seen:
            seen.add(key)
            yield one
