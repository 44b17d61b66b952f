"""What would be asked, and what can be answered from memory; no network, no event loop."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar, cast

from advisor._plugins import collect
from advisor.discovery._answers import skipped
from advisor.discovery._context import Context
from advisor.discovery._source import Source
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Problem, Question

OFFLINE = "not asked: working offline"

Planned = tuple[Source, Question]
T = TypeVar("T")


def sources() -> tuple[Source, ...]:
    """Every source in this folder, by module name."""
    return tuple(collect("advisor.discovery", "SOURCE", required=False).values())


def planned(
    from_sources: Iterable[Source], subject: Subject, context: Context
) -> tuple[Planned, ...]:
    """All questions with their sources, without asking any."""
    return tuple((one, question) for one in from_sources for question in one.plan(subject, context))


def offline_answers(
    from_sources: Iterable[Source], subject: Subject, context: Context
) -> tuple[Answer, ...]:
    """The answers of the sources that need no network; the others are skipped, and say so."""
    return tuple(
        skipped(question, OFFLINE, Problem.OFFLINE)
        if source.is_online(context)
        else _at_once(cast("Coroutine[Any, Any, Answer]", source.run(question, subject, context)))
        for source, question in planned(from_sources, subject, context)
    )


def _at_once(work: Coroutine[Any, Any, T]) -> T:
    """The result of *work*, which waits for nothing."""
    try:
        work.send(None)
    except StopIteration as end:
        return cast("T", end.value)
    work.close()
    raise RuntimeError("a source that says it needs no network waits for something")
