"""Work that several ask for and that is done once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True)
class _Work(Generic[V]):
    task: asyncio.Task[V]
    waiting: int = 0


class Shared(Generic[K, V]):
    """Results by key for one run: whoever asks later gets the first one's, also its exception.

    Work that everybody has stopped waiting for is cancelled, and done again when asked for anew.
    """

    def __init__(self) -> None:
        self._works: dict[K, _Work[V]] = {}

    async def get(self, key: K, start: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """What *start* gives, called for the first who asks for *key*."""
        work = self._works.get(key)
        if work is None:
            work = self._works[key] = _Work(asyncio.create_task(start()))
        work.waiting += 1
        try:
            return await asyncio.shield(work.task)
        finally:
            work.waiting -= 1
            if not work.waiting and not work.task.done():
                self._works.pop(key, None)
                work.task.cancel()
