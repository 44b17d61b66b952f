"""The published schemas, held against documents made in process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import jsonschema
import msgspec
import pytest

from advisor.model.answers import Meaning, PortAnswer, PortSetting, Term
from advisor.model.audit import Advice, AuditReport, ConflictRow, Document, Grade, Point
from advisor.model.auth import AuthMethod, OAuth2, UsernameForm
from advisor.model.diagnosis import Cause, Change, CheckReport, Diagnosis, Match, Means
from advisor.model.doctor import DoctorReport, NamesRow, PathRow, Routes, WebRow
from advisor.model.endpoint import Protocol, Security
from advisor.model.evidence import Outcome, Problem, Trust
from advisor.model.instructions import Entry, Instructions, Step
from advisor.model.observation import Live, Reached
from advisor.model.published import LintFinding, LintReport, ReaderRow, ReadServer
from advisor.model.reach import ClientReach
from advisor.model.report import (
    ClientRow,
    Finding,
    ProbedEndpoint,
    ProbeReport,
    ProviderRow,
    Reason,
    Reference,
    Report,
    Severity,
    SourceRow,
    Status,
    Verdict,
)
from advisor.schema import DOCUMENTS, schema
from tests.make import details, observation, report, setting, tls

REFERENCE = Reference("RFC 8314", "3.3", "so")
FINDING = Finding("no-tls", Severity.ERROR, "message", "because", ("imap://a:1",), (REFERENCE,))
FULL = setting(
    observation=observation(problem=Problem.CERT_EXPIRED, starttls_offered=True),
    oauth2=OAuth2("issuer.example", scopes=("mail",)),
    reasons=(Reason("rule", "prefer +5", "because", (REFERENCE,), 5),),
    url="https://example.org/",
)
PROBED = ProbedEndpoint(
    Protocol.IMAP, "a.example", None, 993, Security.TLS, Live.FAILED, observation(tls=None),
    (FINDING,),
)  # fmt: skip
LOOKED_AT = ProbedEndpoint(
    Protocol.IMAP, "a.example", "192.0.2.1", 993, Security.TLS, Live.CONFIRMED,
    observation(tls=tls(details=details())), (),
    (ClientReach("a", "A", (), ("Windows XP",), False, "why", "vendor", ("source",)),
     ClientReach("b", "B", ("<3",), (), None, "why", None, ())),
)  # fmt: skip
CLIENT = ClientRow("tb", "Thunderbird", "2", "<3", {"add": "path"}, {"port": "Port:"})
MEANS = Means("tls", opportunistic=False, says="says", confidence="source")
READ = ReadServer(Protocol.IMAP, "a.example", None, None, "")
ROW = ReaderRow("r", "R", "uses", READ, None, ("says",), "source")


def fields_of(found: Report) -> dict[str, Any]:
    """What an audit takes over from *found*."""
    return {one.name: getattr(found, one.name) for one in fields(found) if one.name != "schema"}


EXAMPLES: dict[str, list[Any]] = {
    "report": [
        report(),
        report(
            FULL,
            setting("smtp://smtp.example.org:465"),
            provider=ProviderRow(None, "Example", None),
            findings=(FINDING,),
            sources=(
                SourceRow("srv", "t", Outcome.FOUND, "", "q", Trust.VERIFIED, 0.1, (FULL,)),
                SourceRow("guess", "t", Outcome.SKIPPED, "", "q", None, 0.0),
            ),
        ),
    ],
    "audit": [
        AuditReport(**fields_of(report())),
        AuditReport(
            **fields_of(report(FULL)),
            conflicts=(ConflictRow("imap", "host", "a; b", ("srv", "ispdb")),),
            advice=(Advice("records", "the zone", "because", "no-srv", None, "no server"),),
            documents=(Document("srv", "records", (), (ROW,)),),
            grade=Grade("B", 80, (Point("no-srv", -20, "says", "because", (REFERENCE,)),)),
        ),
    ],
    "probe": [
        ProbeReport("a.example", (), (), "0"),
        ProbeReport("a.example", (PROBED, LOOKED_AT), (FINDING,), "0"),
    ],
    "answer": [
        PortAnswer(
            "answer",
            (
                PortSetting(
                    Protocol.SMTP, 465, Security.TLS, Verdict.RECOMMENDED, "because", ("rule",), ()
                ),
            ),
            "because",
            (REFERENCE,),
        )
    ],
    "check": [
        CheckReport(
            "wrong", Protocol.IMAP, None, 143, "SSL", None, MEANS, (), Live.FAILED, None, ()
        ),
        CheckReport(
            "right",
            Protocol.IMAP,
            "a.example",
            993,
            "SSL",
            CLIENT,
            MEANS,
            (Change("port", "143", "993", "because"),),
            Live.CONFIRMED,
            observation(),
            (FINDING,),
        ),
    ],
    "diagnosis": [
        Diagnosis((), (), (), (), ("near",), ()),
        Diagnosis(
            (
                Match(
                    "id",
                    "text",
                    ("where",),
                    "means",
                    ("dns",),
                    None,
                    ("fix",),
                    False,
                    "guide",
                    "source",
                    "bundled",
                ),
            ),
            ("dns",),
            (Cause("dns", "means", "fix"),),
            ("clock",),
            (),
            (FINDING,),
        ),
    ],
    "lint": [
        LintReport("file", "zone", "zone lines", (), (), ()),
        LintReport(
            "file",
            "zone",
            "zone lines",
            (LintFinding("c", Severity.NOTE, 1, 1, "m", "i", "b", (REFERENCE,)),),
            (ROW,),
            (READ,),
            ("remark",),
        ),
    ],
    "doctor": [
        DoctorReport((), {}, (), NamesRow(()), (), Routes(False, False), (), "0"),
        DoctorReport(
            ("a.example",),
            {"993": "open"},
            (
                PathRow(
                    Protocol.IMAP, "a.example", 993, Security.TLS, None, "open", True, observation()
                ),
            ),
            NamesRow(("192.0.2.53",), 2, ("x.invalid",), ("a.example (10.0.0.1)",), ("a.example",)),
            (WebRow("a.example", "192.0.2.1", 302, "login.example"),),
            Routes(True, True, ("a.example",), ("b.example",), "ipv6"),
            (FINDING,),
            "0",
        ),
    ],
    "instructions": [
        Instructions(None, "example.org", CLIENT, (Step("text"),), ()),
        Instructions(
            "a@example.org",
            "example.org",
            CLIENT,
            (Step("text", "where", (Entry("Port", "993"),)),),
            ("beware",),
        ),
    ],
    "term": [
        Term("TLS", (Meaning("means", None, "because", (REFERENCE,)),)),
        Term("TLS", (Meaning("means", "thunderbird@<3", "because", ()),)),
    ],
}
CASES = [(name, one) for name, found in EXAMPLES.items() for one in found]


def plain(example: Any) -> Any:
    """*example* as a reader of its JSON gets it."""
    return msgspec.json.decode(msgspec.json.encode(example))


def validator(document: str) -> jsonschema.Draft202012Validator:
    """The validator of *document*."""
    return jsonschema.Draft202012Validator(schema(document))


def objects(document: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object that the schema of *document* defines."""
    for name, definition in schema(document)["$defs"].items():
        if definition.get("type") == "object":
            yield name, definition


def test_every_document_has_an_example() -> None:
    """So that none goes unchecked."""
    assert set(EXAMPLES) == set(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_schema_is_one(document: str) -> None:
    """JSON Schema of 2020-12, named as the documents name it."""
    found = schema(document)
    jsonschema.Draft202012Validator.check_schema(found)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert found["title"] == f"advisor.{document}/1"


@pytest.mark.parametrize(("document", "example"), CASES, ids=lambda one: type(one).__name__)
def test_documents_fit_their_schema(document: str, example: Any) -> None:
    """Empty and full ones."""
    validator(document).validate(plain(example))


@pytest.mark.parametrize(("document", "example"), CASES, ids=lambda one: type(one).__name__)
def test_every_field_is_required(document: str, example: Any) -> None:
    """A reader can rely on all of them: taking any away makes the document wrong."""
    whole = plain(example)
    for name in whole:
        less = {key: value for key, value in whole.items() if key != name}
        assert not validator(document).is_valid(less), name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_object_has_an_optional_field(document: str) -> None:
    """At any depth; what may be unknown is null."""
    found = dict(objects(document))
    assert found
    for name, definition in found.items():
        assert definition["required"] == list(definition["properties"]), name
        assert not any("default" in one for one in definition["properties"].values()), name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_says_which_one_it_is(document: str) -> None:
    """Another version is another document."""
    whole = plain(EXAMPLES[document][0])
    assert validator(document).is_valid(whole)
    assert whole["schema"] == f"advisor.{document}/1"
    assert not validator(document).is_valid({**whole, "schema": f"advisor.{document}/2"})


def test_more_fields_may_come() -> None:
    """Readers must not refuse what a later version adds."""
    assert validator("report").is_valid({**plain(report()), "new": 1})


@pytest.mark.parametrize(
    "kind",
    [Protocol, Security, AuthMethod, UsernameForm, Verdict, Live, Reached, Trust, Outcome,
     Problem, Severity, Status],
)  # fmt: skip
def test_closed_sets_are_listed(kind: Any) -> None:
    """Every word that can stand there."""
    definition = schema("report")["$defs"][kind.__name__]
    assert sorted(definition["enum"]) == sorted(kind)


def test_a_word_outside_its_set_is_refused() -> None:
    """The enumerations bite."""
    assert not validator("report").is_valid({**plain(report()), "status": "fine"})
