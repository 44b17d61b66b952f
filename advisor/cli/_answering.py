"""What recommend, export and audit share: asking with a live display, and exit codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from advisor.cli._session import Exit, Session
from advisor.model.evidence import Answer, Question
from advisor.model.login import Credentials
from advisor.model.observation import ProbeResult
from advisor.model.report import Report, Severity, Status
from advisor.options import Options

if TYPE_CHECKING:
    from advisor.advise import Survey

Watch = Callable[[Question | Answer | ProbeResult], None]


def ask(
    session: Session, address: str, options: Options, login: Credentials | None = None
) -> Report:
    """The report for *address*; the sources tick in on stderr while it works."""
    from advisor.advise import recommend, recommend_offline

    with watching(session) as watch:
        if options.offline:
            return recommend_offline(address, options, library=session.library, watch=watch)
        from advisor.loop import run

        return run(
            recommend(
                address, options, library=session.library, watch=watch, login=login,
                trace=session.trace,
            )
        )  # fmt: skip


def survey(session: Session, address: str, options: Options) -> Survey:
    """What was found out about *address*, to be judged for any client; asked only once."""
    from advisor.advise import surveyed
    from advisor.loop import run

    with watching(session) as watch:
        return run(surveyed(address, options, library=session.library, watch=watch))


@contextmanager
def watching(session: Session) -> Iterator[Watch | None]:
    """Whom to tell of each step: a trace, a live display, or nobody."""
    if session.verbose:
        from advisor.cli._progress import traced

        yield traced(session)
    elif session.shows_progress and not session.offline:
        from advisor.cli._progress import Live

        with Live() as live:
            yield live.watch
    else:
        yield None


def exit_code(report: Report) -> Exit:
    """The exit code that *report* stands for."""
    match report.status:
        case Status.UNREACHABLE:
            return Exit.NETWORK
        case Status.NOTHING_FOUND:
            return Exit.NOTHING
        case Status.UNUSABLE:
            return Exit.UNSAFE
    is_wrong = any(one.severity is Severity.ERROR for one in report.findings)
    return Exit.UNSAFE if is_wrong else Exit.ANSWERED
