"""The coroutines as plain functions, for programs without an event loop."""

from __future__ import annotations

from advisor.advise import recommend
from advisor.auditing import audit
from advisor.checking import check
from advisor.engine.settings import Entered
from advisor.heard import Watch
from advisor.inspect import probe, targets
from advisor.knowledge.library import Library
from advisor.loop import run
from advisor.model.audit import AuditReport
from advisor.model.diagnosis import CheckReport
from advisor.model.report import ProbeReport, Report
from advisor.options import Options


def recommend_sync(
    address: str,
    options: Options | None = None,
    *,
    library: Library | None = None,
    watch: Watch | None = None,
) -> Report:
    """``recommend``, waited for; must not be called from inside an event loop.

    Raises:
        InputError, RuleError: as ``recommend``.
    """
    return run(recommend(address, options, library=library, watch=watch))


def probe_sync(
    where: str,
    options: Options | None = None,
    *,
    library: Library | None = None,
    clients: bool = False,
) -> ProbeReport:
    """``probe`` of ``HOST[:PORT]``, waited for; must not be called from inside an event loop.

    Raises:
        InputError, RuleError: as ``probe``.
    """
    return run(probe(targets(where), options, library=library, clients=clients))


def check_sync(
    entered: Entered, options: Options | None = None, *, library: Library | None = None
) -> CheckReport:
    """``check``, waited for; must not be called from inside an event loop.

    Raises:
        InputError, RuleError: as ``check``.
    """
    return run(check(entered, options, library=library))


def audit_sync(
    domain: str,
    options: Options | None = None,
    *,
    library: Library | None = None,
    watch: Watch | None = None,
) -> AuditReport:
    """``audit``, waited for; must not be called from inside an event loop.

    Raises:
        InputError, RuleError: as ``audit``.
    """
    return run(audit(domain, options, library=library, watch=watch))
