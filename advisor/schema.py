"""JSON Schemas, made from the types of the documents."""

from __future__ import annotations

from typing import Any

import msgspec

from advisor.model.answers import PortAnswer, Term
from advisor.model.audit import AuditReport
from advisor.model.diagnosis import CheckReport, Diagnosis
from advisor.model.doctor import DoctorReport
from advisor.model.instructions import Instructions
from advisor.model.published import LintReport
from advisor.model.report import ProbeReport, Report

DOCUMENTS: dict[str, type] = {
    "report": Report,
    "audit": AuditReport,
    "probe": ProbeReport,
    "answer": PortAnswer,
    "term": Term,
    "check": CheckReport,
    "diagnosis": Diagnosis,
    "instructions": Instructions,
    "lint": LintReport,
    "doctor": DoctorReport,
}


def schema(document: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of *document*, one of ``DOCUMENTS``.

    Every field is required, and more may be added in later versions.
    """
    found = msgspec.json.schema(DOCUMENTS[document])
    definitions = found.pop("$defs", {})
    for definition in definitions.values():
        if definition.get("type") == "object" and "properties" in definition:
            definition["required"] = list(definition["properties"])
            for field in definition["properties"].values():
                field.pop("default", None)
    name = DOCUMENTS[document].__name__
    version = DOCUMENTS[document].__dataclass_fields__["schema"].default  # type: ignore[attr-defined]
    definitions[name]["properties"]["schema"] = {"const": version}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": version,
        **found,
        "$defs": definitions,
    }
