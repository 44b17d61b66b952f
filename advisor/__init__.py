"""advisor: e-mail client settings for an address, with reasons.

``recommend``, ``probe``, ``check``, ``audit`` and ``doctor`` are coroutines; each has a wrapper
that waits, such as ``recommend_sync``. ``which_port``, ``explain``, ``diagnose`` and ``lint`` need
no network. What to do with a report: ``export`` and ``publish`` make documents of it, ``instruct``
steps for people. Everything is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from advisor._version import __version__
    from advisor.advise import recommend
    from advisor.auditing import audit
    from advisor.checking import check
    from advisor.diagnosing import diagnose
    from advisor.doctoring import doctor
    from advisor.engine.settings import Entered
    from advisor.exporters._exporter import Export
    from advisor.exporting import export, publish
    from advisor.inspect import probe, targets
    from advisor.instructions import instructions as instruct
    from advisor.knowledge.library import Library
    from advisor.linter import lint
    from advisor.model.audit import AuditReport
    from advisor.model.diagnosis import CheckReport, Diagnosis
    from advisor.model.doctor import DoctorReport
    from advisor.model.endpoint import Endpoint, Protocol, Security
    from advisor.model.instructions import Instructions
    from advisor.model.login import Credentials
    from advisor.model.published import LintReport
    from advisor.model.report import ProbeReport, Report
    from advisor.model.secret import Secret
    from advisor.options import Options
    from advisor.ports import which_port
    from advisor.schema import schema as schema_of
    from advisor.sync import audit_sync, check_sync, doctor_sync, probe_sync, recommend_sync
    from advisor.terms import explain

__all__ = [
    "AuditReport",
    "CheckReport",
    "Credentials",
    "Diagnosis",
    "DoctorReport",
    "Endpoint",
    "Entered",
    "Export",
    "Instructions",
    "Library",
    "LintReport",
    "Options",
    "ProbeReport",
    "Protocol",
    "Report",
    "Secret",
    "Security",
    "__version__",
    "audit",
    "audit_sync",
    "check",
    "check_sync",
    "diagnose",
    "doctor",
    "doctor_sync",
    "explain",
    "export",
    "instruct",
    "lint",
    "probe",
    "probe_sync",
    "publish",
    "recommend",
    "recommend_sync",
    "schema_of",
    "targets",
    "which_port",
]

# Where each name lives, and behind a colon how it is called there: ``advisor.instructions`` and
# ``advisor.schema`` are modules already.
_HOMES = {
    "AuditReport": "advisor.model.audit",
    "CheckReport": "advisor.model.diagnosis",
    "Credentials": "advisor.model.login",
    "Diagnosis": "advisor.model.diagnosis",
    "DoctorReport": "advisor.model.doctor",
    "Endpoint": "advisor.model.endpoint",
    "Entered": "advisor.engine.settings",
    "Export": "advisor.exporters._exporter",
    "Instructions": "advisor.model.instructions",
    "Library": "advisor.knowledge.library",
    "LintReport": "advisor.model.published",
    "Options": "advisor.options",
    "ProbeReport": "advisor.model.report",
    "Protocol": "advisor.model.endpoint",
    "Report": "advisor.model.report",
    "Secret": "advisor.model.secret",
    "Security": "advisor.model.endpoint",
    "__version__": "advisor._version",
    "audit": "advisor.auditing",
    "audit_sync": "advisor.sync",
    "check": "advisor.checking",
    "check_sync": "advisor.sync",
    "diagnose": "advisor.diagnosing",
    "doctor": "advisor.doctoring",
    "doctor_sync": "advisor.sync",
    "explain": "advisor.terms",
    "export": "advisor.exporting",
    "instruct": "advisor.instructions:instructions",
    "lint": "advisor.linter",
    "probe": "advisor.inspect",
    "probe_sync": "advisor.sync",
    "publish": "advisor.exporting",
    "recommend": "advisor.advise",
    "recommend_sync": "advisor.sync",
    "schema_of": "advisor.schema:schema",
    "targets": "advisor.inspect",
    "which_port": "advisor.ports",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    home, _, own = _HOMES[name].partition(":")
    return getattr(import_module(home), own or name)


def __dir__() -> list[str]:
    return __all__
