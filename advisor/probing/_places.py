"""Further connections of an endpoint that is being looked at, so that no server gets too many."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

from advisor.net._seams import Connector, Stream


class Beside:
    """The connector for whoever holds one place already in each of *rooms*.

    One connection at a time stands in that place. Others stand beside it where each room has a
    place that nobody else waits for, and wait for the first one where it has none.
    """

    def __init__(self, connector: Connector, rooms: Sequence[asyncio.Semaphore]) -> None:
        self._connector = connector
        self._rooms = rooms
        self._own = asyncio.Semaphore(1)

    async def connect(self, host: str, port: int) -> Stream:
        """As ``Connector.connect``; the place is free again when the stream is closed."""
        leave = await self._enter()
        try:
            stream = await self._connector.connect(host, port)
        except BaseException:
            leave()
            raise
        return cast(Stream, _Placed(stream, leave))

    async def _enter(self) -> Callable[[], None]:
        if self._own.locked() and not any(room.locked() for room in self._rooms):
            for room in self._rooms:
                await room.acquire()
            return self._leave_rooms
        await self._own.acquire()
        return self._own.release

    def _leave_rooms(self) -> None:
        for room in self._rooms:
            room.release()


class _Placed:
    """A stream that gives its place back when it is closed; all else is the stream's own."""

    def __init__(self, stream: Stream, leave: Callable[[], None]) -> None:
        self._stream = stream
        self._leave = leave

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    async def close(self) -> None:
        try:
            await self._stream.close()
        finally:
            self._leave()
