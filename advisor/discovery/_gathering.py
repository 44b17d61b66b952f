"""Several questions at once, and how long the slowest of them is waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

T = TypeVar("T")


async def gathered(
    questions: Mapping[str, Coroutine[Any, Any, T]],
    enough: Callable[[Mapping[str, T]], bool],
    *,
    least: float,
    most: float | None = None,
    on_told: Callable[[Mapping[str, T]], None] = lambda _: None,
) -> dict[str, T]:
    """What the *questions* gave, in their order, without those that took too long.

    Once what has been told is *enough*, the others get as long again as that took, and at least
    *least* seconds. *most* seconds are the limit for all. *on_told* gets whatever has been told,
    each time that something is.
    """
    loop = asyncio.get_running_loop()
    start = loop.time()
    until = None if most is None else start + most
    tasks = {asyncio.create_task(work): key for key, work in questions.items()}
    waiting, told, is_enough = set(tasks), dict[str, T](), False
    try:
        while waiting:
            done, waiting = await asyncio.wait(
                waiting,
                timeout=None if until is None else max(0.0, until - loop.time()),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if not done:
                break
            told |= {tasks[task]: task.result() for task in done}
            on_told(told)
            if not is_enough and enough(told):
                is_enough, now = True, loop.time()
                rest = now + max(least, now - start)
                until = rest if until is None else min(until, rest)
    finally:
        for task in tasks:
            task.cancel()
    return {key: told[key] for key in questions if key in told}
