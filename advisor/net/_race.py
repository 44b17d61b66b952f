"""Trying several ways at once: the next one starts after a pause, or as soon as one failed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")
F = TypeVar("F", bound=Exception)


async def race(
    starts: Iterable[Callable[[], Coroutine[Any, Any, T | F]]],
    *,
    pause: float,
    failure: type[F],
    discard: Callable[[T], None] = lambda _: None,
) -> T | list[F]:
    """The first success, or every failure in the order they came.

    A way *returns* its failure, an instance of *failure*; what it raises is a bug and stays loud.
    *starts* is read one at a time, so that a generator may leave out what has become pointless.
    A second success of the same instant goes to *discard*. *pause* is in seconds.

    See: RFC 8305 §5 (staggered attempts).
    """
    remaining = iter(starts)
    running: set[asyncio.Task[T | F]] = set()
    failures: list[F] = []
    try:
        while True:
            start = next(remaining, None)
            if start is not None:
                running.add(asyncio.create_task(start()))
            if not running:
                return failures
            done, running = await asyncio.wait(
                running,
                timeout=None if start is None else pause,
                return_when=asyncio.FIRST_COMPLETED,
            )
            won, lost = _sorted(done, failure)
            failures += lost
            for spare in won[1:]:
                discard(spare)
            if won:
                return won[0]
    finally:
        for task in running:
            task.cancel()


def _sorted(done: set[asyncio.Task[T | F]], failure: type[F]) -> tuple[list[T], list[F]]:
    won: list[T] = []
    lost: list[F] = []
    for result in [task.result() for task in done]:
        if isinstance(result, failure):
            lost.append(result)
        else:
            won.append(result)  # type: ignore[arg-type]  # a TypeVar is not narrowed
    return won, lost
