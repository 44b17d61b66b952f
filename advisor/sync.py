"""The coroutines as plain functions, for programs without an event loop."""

from __future__ import annotations

from advisor.advise import recommend
from advisor.auditing import audit
from advisor.checking import check
from advisor.doctoring import doctor
from advisor.engine.settings import Entered
from advisor.heard import Watch
from advisor.inspect import probe, targets
from advisor.knowledge.library import Library
from advisor.loop import run
from advisor.model.audit import AuditReport
from advisor.model.diagnosis import CheckReport
from advisor.model.doctor import DoctorReport
from advisor.model.login import Credentials
from advisor.model.report import ProbeReport, Report
from advisor.options import Options


def recommend_sync(
    address: str,
    options: Options | None = None,
    *,
    library: Library | None = None,
    watch: Watch | None = None,
    login: Credentials | None = None,
) -> Report:
    """``recommend``, waited for; must not be called from inside an event loop.

    Raises:
        InputError, RuleError: as ``recommend``.
    """
    return run(recommend(address, options, library=library, watch=watch, login=login))


def probe_sync(
    where: str,
    options: Options | None = None,
    *,
    library: Library | None = None,
    clients: bool = False,
    login: Credentials | None = None,
) -> ProbeReport:
    """``probe`` of ``HOST[:PORT]``, waited for; must not be called from inside an event loop.

    Raises:
        InputError, RuleError: as ``probe``.
    """
    ends = targets(where)
    return run(probe(ends, options, library=library, clients=clients, login=login))


def check_sync(
    entered: Entered,
    options: Options | None = None,
    *,
    library: Library | None = None,
    login: Credentials | None = None,
) -> CheckReport:
    """``check``, waited for; must not be called from inside an event loop.

    Raises:
        InputError, RuleError: as ``check``.
    """
    return run(check(entered, options, library=library, login=login))


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


def doctor_sync(
    *named: str, options: Options | None = None, library: Library | None = None
) -> DoctorReport:
    """``doctor``, waited for; must not be called from inside an event loop.

    ``doctor_sync("posteo.de", "imap.gmail.com").ports["465"]`` is ``"open"``, or why not.

    Raises:
        InputError, RuleError: as ``doctor``.
    """
    return run(doctor(*named, options=options, library=library))
