"""What a domain's owner is told: who says what, where they disagree, and what to publish."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.model.published import LintFinding, ReaderRow
from advisor.model.report import Reference, Report


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One disagreement; *field* is host, username, or "port and security" of one host."""

    protocol: str
    field: str
    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """Points that one rule took off, at most 0, with its reason."""

    rule: str
    points: int
    says: str
    because: str
    references: tuple[Reference, ...]
    origin: str = "bundled"


@dataclass(frozen=True, slots=True)
class Grade:
    """*letter* by ``rules/grades.yaml``; *score* is what is left of 100."""

    letter: str
    score: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to publish: *document* goes to *where*; *trouble* where it cannot be written."""

    publish: str
    where: str
    because: str
    rule: str
    document: str | None
    trouble: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """Something that the domain publishes, as its readers see it.

    *source* is the id of its row in the report, *findings* are what to mend in it, and *readers*
    what each known mail program would make of it.
    """

    source: str
    title: str
    findings: tuple[LintFinding, ...]
    readers: tuple[ReaderRow, ...]


@dataclass(frozen=True, slots=True)
class AuditReport(Report):
    """A report on the domain, heard out to the last source, and what its owner should mend.

    *grade* is None where no server was looked at: nothing is graded by hearsay.
    """

    conflicts: tuple[ConflictRow, ...] = ()
    advice: tuple[Advice, ...] = ()
    grade: Grade | None = None
    documents: tuple[Document, ...] = ()
    schema: str = "advisor.audit/1"
