"""Auditing a domain: every source heard out, held against the others and the live servers."""

from __future__ import annotations

from dataclasses import fields, replace

from advisor._plugins import collect
from advisor.advise import Watch, survey
from advisor.engine import audit as rules
from advisor.errors import ExportError
from advisor.exporters._exporter import Exporter, Wish
from advisor.knowledge.library import Library
from advisor.model.address import subject
from advisor.model.audit import Advice, AuditReport
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
    found = rules.judge(case, report, library.rulebook)
    is_seen = any(one.live is not Live.NOT_CHECKED for one in (*report.incoming, *report.outgoing))
    whole = replace(report, findings=found.findings)
    return AuditReport(
        **{one.name: getattr(whole, one.name) for one in fields(Report) if one.name != "schema"},
        conflicts=found.conflicts,
        advice=tuple(_advice(one, report) for one in found.publications),
        grade=rules.grade(found.points, library.single("grades")["letters"]) if is_seen else None,
    )


def _advice(one: rules.Publication, report: Report) -> Advice:
    exporters: dict[str, Exporter] = collect("advisor.exporters", "EXPORTER")
    exporter = next(found for found in exporters.values() if found.id == one.format)
    document, trouble = None, None
    try:
        document = exporter.render(report, Wish()).document.decode()
    except ExportError as error:
        trouble = str(error)
    return Advice(exporter.title, one.where, one.because, one.rule, document, trouble)
