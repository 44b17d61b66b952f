"""Auditing a domain: every source heard out, held against the others and the live servers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from advisor._plugins import collect
from advisor.advise import survey
from advisor.engine import audit as rules
from advisor.engine.case import Case
from advisor.engine.facts import is_own
from advisor.errors import ExportError, InputError
from advisor.exporters._exporter import Exporter, Wish
from advisor.formats import srv
from advisor.heard import Watch
from advisor.knowledge.library import Library
from advisor.linter import lint
from advisor.model.address import subject
from advisor.model.audit import Advice, AuditReport, Document
from advisor.model.evidence import Answer
from advisor.model.observation import Live
from advisor.model.report import Report
from advisor.net._seams import Net
from advisor.options import Options


async def audit(
    domain: str,
    options: Options | None = None,
    *,
    library: Library | None = None,
    net: Net | None = None,
    watch: Watch | None = None,
) -> AuditReport:
    """Do all sources on *domain* agree, with each other and with the servers? And what to mend.

    Of an address only the domain counts: nobody's name is sent anywhere.

    Raises:
        InputError: the domain or an option cannot be used.
        RuleError: the rules are wrong.
    """
    library = library or Library()
    name = subject(domain).domain.unicode
    case, report = await survey(name, options, library=library, net=net, watch=watch, patient=True)
    documents = tuple(_documents(case, library))
    found = rules.judge(case, report, documents, library.rulebook)
    is_seen = any(one.live is not Live.NOT_CHECKED for one in (*report.incoming, *report.outgoing))
    whole = replace(report, findings=found.findings)
    return AuditReport(
        **{one.name: getattr(whole, one.name) for one in fields(Report) if one.name != "schema"},
        conflicts=found.conflicts,
        documents=documents,
        advice=tuple(_advice(one, report) for one in found.publications),
        grade=rules.grade(found.points, library.single("grades")["letters"]) if is_seen else None,
    )


def _documents(case: Case, library: Library) -> Iterator[Document]:
    """What the domain itself publishes, through the eyes of the linter and of mail programs."""
    for answer in case.answers:
        document = _zone_lines(answer, case) if answer.question.id == "srv" else answer.document
        if not document or not is_own(answer.question.id):
            continue
        try:
            read = lint(document, answer.asked.partition("?")[0], library)
        except InputError:
            continue
        yield Document(answer.question.id, answer.question.title, read.findings, read.readers)


def _zone_lines(answer: Answer, case: Case) -> bytes:
    """The service records in *answer*, in the order in which programs should try them."""
    domain = case.subject.domain.ascii
    offered = [
        (srv.label(at.protocol, at.security), f"{place} 1 {at.port} {at.host}.")
        for place, at in enumerate(candidate.endpoint for candidate in answer.candidates)
    ]
    denied = [(name.partition(".")[0], "0 0 0 .") for _, name in answer.denied]
    lines = [
        srv.zone_line(srv.owner(name, domain), "SRV", data, ttl=3600)
        for name, data in (*offered, *denied)
        if name
    ]
    return "\n".join((*lines, "")).encode() if lines else b""


def _advice(one: rules.Publication, report: Report) -> Advice:
    exporters: dict[str, Exporter] = collect("advisor.exporters", "EXPORTER")
    exporter = next(found for found in exporters.values() if found.id == one.format)
    document, trouble = None, None
    try:
        document = exporter.render(report, Wish()).document.decode()
    except ExportError as error:
        trouble = str(error)
    return Advice(exporter.title, one.where, one.because, one.rule, document, trouble)
