"""What a published document says, with the places where it says it, and what came of reading it."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security
from advisor.model.report import Reference, Severity


@dataclass(frozen=True, slots=True)
class Entry:
    """One server as a document names it; *line* and *column* count from 1.

    *host* is in A-labels, and None where what is written cannot be used; so are *port* and
    *security*. The fields ending in *written* are the document's own words, and *auth_bare* is what
    of *auth_written* stands in elements without attributes. *write_tls* and *write_starttls* say
    how the document would say that mode. *denied* means that the service is said not to be offered.
    """

    protocol: Protocol
    line: int = 0
    column: int = 0
    host: str | None = None
    host_written: str = ""
    port: int | None = None
    security: Security | None = None
    security_written: str = ""
    auth: tuple[AuthMethod, ...] = ()
    auth_written: tuple[str, ...] = ()
    username: str = ""
    protocol_written: str = ""
    port_written: str = ""
    auth_bare: tuple[str, ...] = ()
    ssl_written: str = ""
    denied: bool = False
    write_tls: str = ""
    write_starttls: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """One mistake in how a document is written; *line* and *column* are 0 for the whole of it.

    ``rules/slips`` has the sentences of each *code*; *facts* are what stands in their braces.
    """

    code: str
    line: int
    column: int
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as its linter read it: *entries* and *slips* in document order.

    *bare_domains* are those of *domains* whose element has no attributes.

    *line* and *column* are where it begins to speak of mail, for what is true of all of it.

    *whole* is False where the document cannot be read to its end, or is one that names no servers:
    a redirect, an error. *remarks* say what
    nobody can tell from the document alone.
    """

    entries: tuple[Entry, ...] = ()
    slips: tuple[Slip, ...] = ()
    id: str = ""
    domains: tuple[str, ...] = ()
    bare_domains: tuple[str, ...] = ()
    whole: bool = True
    remarks: tuple[str, ...] = ()
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing to mend: *instead* is what to write in its place, "" where nobody can say."""

    code: str
    severity: Severity
    line: int
    column: int
    message: str
    instead: str
    because: str
    references: tuple[Reference, ...]
    origin: str = "bundled"


@dataclass(frozen=True, slots=True)
class ReadServer:
    """The server that one program would use; *security* is None where it decides by itself."""

    protocol: Protocol
    host: str
    port: int | None
    security: Security | None
    username: str


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """What one mail program would make of a document.

    *outcome* is uses, refuses (the whole document), nothing (it finds nothing that it can use) or
    ignores (it reads no such documents). *says* are its reasons and what to beware of.
    """

    id: str
    name: str
    outcome: str
    incoming: ReadServer | None
    outgoing: ReadServer | None
    says: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class LintReport:
    """What ``lint`` says of one document: findings in its order, then a row for each reader."""

    file: str
    format: str
    title: str
    findings: tuple[LintFinding, ...]
    readers: tuple[ReaderRow, ...]
    servers: tuple[ReadServer, ...]
    remarks: tuple[str, ...] = ()
    schema: str = "advisor.lint/1"
