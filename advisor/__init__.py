"""advisor: e-mail client settings for an address, with reasons.

``recommend``, ``probe``, ``check`` and ``audit`` are coroutines; each has a wrapper that waits,
such as ``recommend_sync``. ``which_port``, ``explain``, ``diagnose`` and ``lint`` need no network.
Everything is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from advisor._version import __version__
    from advisor.advise import recommend
    from advisor.auditing import audit
    from advisor.checking import check
    from advisor.diagnosing import diagnose
    from advisor.engine.settings import Entered
    from advisor.inspect import probe
    from advisor.linter import lint
    from advisor.model.audit import AuditReport
    from advisor.model.diagnosis import CheckReport, Diagnosis
    from advisor.model.published import LintReport
    from advisor.model.report import ProbeReport, Report
    from advisor.options import Options
    from advisor.ports import which_port
    from advisor.sync import audit_sync, check_sync, probe_sync, recommend_sync
    from advisor.terms import explain

__all__ = [
    "AuditReport",
    "CheckReport",
    "Diagnosis",
    "Entered",
    "LintReport",
    "Options",
    "ProbeReport",
    "Report",
    "__version__",
    "audit",
    "audit_sync",
    "check",
    "check_sync",
    "diagnose",
    "explain",
    "lint",
    "probe",
    "probe_sync",
    "recommend",
    "recommend_sync",
    "which_port",
]

_HOMES = {
    "AuditReport": "advisor.model.audit",
    "CheckReport": "advisor.model.diagnosis",
    "Diagnosis": "advisor.model.diagnosis",
    "Entered": "advisor.engine.settings",
    "LintReport": "advisor.model.published",
    "Options": "advisor.options",
    "ProbeReport": "advisor.model.report",
    "Report": "advisor.model.report",
    "__version__": "advisor._version",
    "audit": "advisor.auditing",
    "audit_sync": "advisor.sync",
    "check": "advisor.checking",
    "check_sync": "advisor.sync",
    "diagnose": "advisor.diagnosing",
    "explain": "advisor.terms",
    "lint": "advisor.linter",
    "probe": "advisor.inspect",
    "probe_sync": "advisor.sync",
    "recommend": "advisor.advise",
    "recommend_sync": "advisor.sync",
    "which_port": "advisor.ports",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
