"""All sources at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from advisor.discovery._context import Context
from advisor.discovery._planning import OFFLINE, offline_answers
from advisor.discovery._runner import Discovery, run_all
from advisor.discovery._source import Source
from advisor.errors import FetchFailed
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Outcome, Problem, Question
from tests.discovery.world import ALICE, context

Run = Callable[[Question, Subject, Context], Awaitable[Answer]]


async def finds(question: Question, _subject: Subject, _context: Context) -> Answer:
    """Answers at once."""
    return Answer(question, Outcome.FOUND, question.asked, "found")


async def hangs(question: Question, _subject: Subject, _context: Context) -> Answer:
    """Never answers."""
    await asyncio.sleep(60)
    raise AssertionError(question)


def fails(problem: Problem) -> Run:
    """Answers with *problem*."""

    async def run(_question: Question, _subject: Subject, _context: Context) -> Answer:
        raise FetchFailed(problem, "the sentence")

    return run


async def breaks(_question: Question, _subject: Subject, _context: Context) -> Answer:
    """Has a bug."""
    raise ZeroDivisionError


def source(name: str, run: Run, *, online: bool = True) -> Source:
    """A source with one question."""
    return Source(name, name, (), lambda *_: [Question(name, name, name)], run, online)


async def test_answers_stand_in_the_order_of_the_questions() -> None:
    """Whoever is first."""
    heard: list[Answer] = []

    async def later(question: Question, who: Subject, where: Context) -> Answer:
        await asyncio.sleep(0.01)
        return await finds(question, who, where)

    answers = await run_all(
        [source("slow", later), source("fast", finds)],
        ALICE,
        context(),
        deadline=1,
        on_answer=heard.append,
    )
    assert [answer.question.id for answer in answers] == ["slow", "fast"]
    assert [answer.question.id for answer in heard] == ["fast", "slow"]
    assert answers[0].seconds >= 0.005


@pytest.mark.parametrize(
    ("problem", "outcome"),
    [
        (Problem.NO_DOMAIN, Outcome.NOTHING),
        (Problem.NO_ADDRESS, Outcome.NOTHING),
        (Problem.NOT_FOUND, Outcome.NOTHING),
        (Problem.TIMEOUT, Outcome.FAILED),
        (Problem.DNS_SERVFAIL, Outcome.FAILED),
        (Problem.CERT_EXPIRED, Outcome.FAILED),
        (Problem.BAD_DOCUMENT, Outcome.FAILED),
    ],
)
async def test_nothing_and_failed_are_told_apart(problem: Problem, outcome: Outcome) -> None:
    """To have nothing is an answer; to be kept from answering is none."""
    (answer,) = await run_all([source("x", fails(problem))], ALICE, context(), deadline=1)
    assert (answer.outcome, answer.problem, answer.reason) == (outcome, problem, "the sentence")


async def test_each_question_has_a_deadline() -> None:
    """A source that hangs fails, and keeps nobody."""
    both = [source("hangs", hangs), source("finds", finds)]
    answers = await run_all(both, ALICE, context(), deadline=0.05)
    assert [answer.outcome for answer in answers] == [Outcome.FAILED, Outcome.FOUND]
    assert answers[0].problem is Problem.TIMEOUT
    assert answers[0].reason == "no answer within 0.05 s"


async def test_a_bug_stays_loud() -> None:
    """Only LookupFailed becomes an answer."""
    with pytest.raises(ZeroDivisionError):
        await run_all([source("b", breaks), source("h", hangs)], ALICE, context(), deadline=1)


async def test_waiting_can_end_early() -> None:
    """Those that were still silent say that they were cut off; nobody is heard twice."""
    heard: list[Answer] = []
    both = [source("hangs", hangs), source("finds", finds)]
    discovery = Discovery(both, ALICE, context(), deadline=60, on_answer=heard.append)
    assert [question.id for question in discovery.start()] == ["hangs", "finds"]
    await asyncio.sleep(0.01)
    assert [question.id for question in discovery.pending] == ["hangs"]
    (cut,) = await discovery.cut_off()
    assert (cut.outcome, cut.problem) == (Outcome.FAILED, Problem.CUT_OFF)
    assert cut.seconds > 0
    assert [answer.question.id for answer in heard] == ["finds"]
    assert discovery.pending == ()
    assert await discovery.cut_off() == ()


async def test_cutting_off_does_not_hide_a_bug() -> None:
    """It comes out there at the latest."""
    discovery = Discovery([source("b", breaks)], ALICE, context(), deadline=1)
    discovery.start()
    await asyncio.sleep(0.01)
    with pytest.raises(ZeroDivisionError):
        await discovery.cut_off()


async def test_offline_only_the_bundled_knowledge_speaks() -> None:
    """The others are skipped and say why."""
    both = [source("net", breaks), source("book", finds, online=False)]
    net, book = offline_answers(both, ALICE, context())
    assert (net.outcome, net.problem, net.reason) == (Outcome.SKIPPED, Problem.OFFLINE, OFFLINE)
    assert book.outcome is Outcome.FOUND
