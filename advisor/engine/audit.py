"""What the rules make of everything that a domain publishes: points off, and what to publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.engine import facts
from advisor.engine.case import Case
from advisor.engine.conflicts import Conflict, conflicts
from advisor.engine.evaluate import fill, findings, tidy
from advisor.engine.rulebook import Rule, Rulebook
from advisor.formats.srv import MAIL, label
from advisor.model.audit import ConflictRow, Document, Grade, Point
from advisor.model.endpoint import INCOMING, Security
from advisor.model.observation import Live
from advisor.model.published import ReaderRow
from advisor.model.report import Finding, Report, Setting, Severity, SourceRow, Verdict


@dataclass(frozen=True, slots=True)
class Publication:
    """A document that a rule advises to publish: *format* is an exporter's id."""

    format: str
    where: str
    because: str
    rule: str


@dataclass(frozen=True, slots=True)
class Audited:
    """What the owner is told beside the report itself."""

    conflicts: tuple[ConflictRow, ...]
    findings: tuple[Finding, ...]
    points: tuple[Point, ...]
    publications: tuple[Publication, ...]


def judge(case: Case, report: Report, documents: Sequence[Document], rulebook: Rulebook) -> Audited:
    """The audit rules put to *report*, which is *case* as judged, and to what is published."""
    known = audit_facts(case, report, documents)
    speaking = rulebook.rules["audit"].speaking(known)
    publications: dict[str, Publication] = {}
    for rule in sorted(speaking, key=lambda rule: (rule.severity.rank, rule.id)):
        for found in rule.then.get("publish") or ():
            where = fill(found["where"], known)
            publication = Publication(found["format"], where, rule.because, rule.id)
            publications.setdefault(found["format"], publication)
    return Audited(
        tuple(ConflictRow(c.protocol.value, c.field, c.says, c.sources) for c in _conflicts(case)),
        tidy((*report.findings, *findings(speaking, known, (report.domain,)))),
        tuple(sorted(_points(speaking, known), key=lambda point: (point.points, point.rule))),
        tuple(publications.values()),
    )


def grade(points: Sequence[Point], letters: Mapping[str, int]) -> Grade:
    """What is left of 100, and the first of *letters* whose least score it reaches."""
    score = max(0, 100 + sum(point.points for point in points))
    best_first = sorted(letters.items(), key=lambda one: -one[1])
    letter = next((name for name, least in best_first if score >= least), best_first[-1][0])
    return Grade(letter, score, tuple(points))


def _points(speaking: Iterable[Rule], known: facts.Facts) -> Iterable[Point]:
    for rule in speaking:
        if rule.then.get("points"):
            says = fill(rule.then.get("finding") or rule.title, known)
            yield Point(
                rule.id, rule.then["points"], says, rule.because, rule.references, rule.origin
            )


def audit_facts(case: Case, report: Report, documents: Sequence[Document]) -> facts.Facts:
    """The facts that rules for each audit see."""
    settings = (*report.incoming, *report.outgoing, *report.services)
    own = {row.id: row for row in report.sources if row.settings and facts.is_own(row.id)}
    recorded = {label(one.protocol, one.security) for one in _named_by(own, ("srv",))}
    denied = {name.partition(".")[0] for a in case.answers for _, name in a.denied}
    works = [one for one in settings if one.live is Live.CONFIRMED and _is_good(one)]
    offered = {name for one in works if (name := label(one.protocol, one.security))}
    mail = offered & MAIL.keys()
    wanted = {name for one in works if (name := _wanted(one, works))}
    dead = [one for one in _named_by(own, own) if one.live is Live.FAILED]
    unsigned = [row for row in own.values() if row.id == "srv" and row.trust == "unauthenticated"]
    return (
        facts.common(case)
        | facts.summary(settings)
        | {
            "audit.codes": sorted({one.code for one in report.findings}),
            "audit.errors": sum(one.severity is Severity.ERROR for one in report.findings),
            "audit.own": list(own),
            "audit.unpublished": sorted(MAIL.keys() & wanted - recorded),
            "audit.undenied": sorted(MAIL.keys() - offered - recorded - denied) if mail else [],
            "audit.dead": list(dict.fromkeys(f"{d.protocol} at {d.host}:{d.port}" for d in dead)),
            "audit.conflicts": [f"{one.protocol} {one.field}" for one in _conflicts(case)],
            "audit.unsigned": bool(unsigned),
            "audit.mistakes": _slips(documents, Severity.ERROR),
            "audit.slips": _slips(documents, Severity.WARNING),
            "audit.refusing": _named(documents, lambda row: row.outcome in ("refuses", "nothing")),
            "audit.misled": _named(documents, lambda row: _is_misled(row, settings)),
        }
    )


def _slips(documents: Sequence[Document], severity: Severity) -> list[str]:
    """What is wrong in the documents, each code once with where it is."""
    return list(
        dict.fromkeys(
            f"{finding.code} in {one.title}"
            for one in documents
            for finding in one.findings
            if finding.severity is severity
        )
    )


def _named(documents: Sequence[Document], wanted: Callable[[ReaderRow], bool]) -> list[str]:
    """The programs among the readers of the documents, each once."""
    rows = (row for one in documents for row in one.readers)
    return list(dict.fromkeys(row.name for row in rows if wanted(row)))


def _is_misled(row: ReaderRow, settings: Iterable[Setting]) -> bool:
    """Does the program end at a server that fails, or is forbidden?"""
    if row.outcome != "uses":
        return False
    bad = {
        (one.protocol, one.host, one.port, one.security) for one in settings if not one.is_usable
    }
    return any(
        server is not None and (server.protocol, server.host, server.port, server.security) in bad
        for server in (row.incoming, row.outgoing)
    )


def _conflicts(case: Case) -> tuple[Conflict, ...]:
    return conflicts(case.answers)


def _named_by(rows: Mapping[str, SourceRow], names: Iterable[str]) -> Iterable[Setting]:
    return (one for name in names if name in rows for one in rows[name].settings)


def _wanted(one: Setting, works: Sequence[Setting]) -> str | None:
    """The label to publish *one* under; STARTTLS for reading mail only where nothing is better."""
    better = any(w.protocol is one.protocol and w.security is Security.TLS for w in works)
    if one.security is Security.STARTTLS and one.protocol in INCOMING and better:
        return None
    return label(one.protocol, one.security)


def _is_good(one: Setting) -> bool:
    return one.verdict.rank <= Verdict.ACCEPTABLE.rank
