"""All sources at once, each with its own deadline, and nothing thrown away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace

from advisor.discovery._answers import failed
from advisor.discovery._context import Context
from advisor.discovery._planning import planned
from advisor.discovery._source import Source
from advisor.errors import LookupFailed
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Problem, Question

ENOUGH = "the answer was complete before this source spoke"


async def run_all(
    from_sources: Iterable[Source],
    subject: Subject,
    context: Context,
    *,
    deadline: float,
    on_answer: Callable[[Answer], None] = lambda _: None,
) -> tuple[Answer, ...]:
    """Every answer, in the order of the questions; see ``Discovery``."""
    discovery = Discovery(from_sources, subject, context, deadline=deadline, on_answer=on_answer)
    discovery.start()
    try:
        return await discovery.answers()
    finally:
        await discovery.cut_off()


class Discovery:
    """One run of all sources.

    Each question has *deadline* seconds of its own. *on_answer* hears each answer as it comes;
    those made by ``cut_off`` are returned there instead. *on_end* is called when a question has
    ended in whatever way. A ``LookupFailed`` becomes an Answer;
    any other exception is a bug and comes out of ``answers`` or ``cut_off``.
    """

    def __init__(
        self,
        from_sources: Iterable[Source],
        subject: Subject,
        context: Context,
        *,
        deadline: float,
        on_answer: Callable[[Answer], None] = lambda _: None,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_end = on_end
        self._planned = planned(from_sources, subject, context)
        self._subject = subject
        self._context = context
        self._deadline = deadline
        self._on_answer = on_answer
        self._tasks: dict[asyncio.Task[Answer], Question] = {}
        self._started = 0.0

    @property
    def pending(self) -> tuple[Question, ...]:
        """The questions that are still without an answer."""
        return tuple(question for task, question in self._tasks.items() if not task.done())

    def start(self) -> tuple[Question, ...]:
        """Starts every question, and tells them."""
        self._clock = asyncio.get_running_loop().time
        self._started = self._clock()
        for source, question in self._planned:
            task = asyncio.create_task(self._one(source, question))
            task.add_done_callback(lambda _: self._on_end())
            self._tasks[task] = question
        return tuple(self._tasks.values())

    async def answers(self) -> tuple[Answer, ...]:
        """Waits for all; the answers in the order of the questions."""
        return tuple(await asyncio.gather(*self._tasks))

    async def cut_off(self, reason: str = ENOUGH) -> tuple[Answer, ...]:
        """Stops waiting: the answers of the questions that had none until now."""
        unheard = [task for task in self._tasks if not task.done()]
        seconds = asyncio.get_running_loop().time() - self._started
        for task in unheard:
            task.cancel()
        ended = await asyncio.gather(*self._tasks, return_exceptions=True)
        for bug in ended:
            if isinstance(bug, Exception):
                raise bug
        return tuple(
            replace(failed(self._tasks[task], Problem.CUT_OFF, reason), seconds=seconds)
            for task in unheard
            if task.cancelled()
        )

    async def _one(self, source: Source, question: Question) -> Answer:
        answer = await self._asked(source, question)
        answer = replace(answer, seconds=self._clock() - self._started)
        self._on_answer(answer)
        return answer

    async def _asked(self, source: Source, question: Question) -> Answer:
        try:
            async with asyncio.timeout(self._deadline):
                return await source.run(question, self._subject, self._context)
        except LookupFailed as error:
            return failed(question, error.problem, str(error))
        except TimeoutError:
            return failed(question, Problem.TIMEOUT, f"no answer within {self._deadline:g} s")
