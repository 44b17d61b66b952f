"""The bytes of one TCP connection, with flow control, and how to get one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from functools import partial
from typing import cast

from advisor.errors import ConnectFailed
from advisor.model.evidence import Problem
from advisor.net._race import race

HIGH_WATER = 64 * 1024
"""Bytes received and not yet read, beyond which the other side is made to wait."""

NEXT_ADDRESS_AFTER = 0.25
"""Seconds until the next address is tried beside the first (RFC 8305 §5)."""


class Wire(asyncio.Protocol):
    """One connection; a single reader at a time."""

    def __init__(self) -> None:
        self.peer = ""
        self.own = ""
        self.ending = "closed the connection"
        self._received = bytearray()
        self._over = False
        self._paused = False
        self._arrival: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.peer = str((transport.get_extra_info("peername") or ("",))[0])
        self.own = str((transport.get_extra_info("sockname") or ("",))[0])

    def data_received(self, data: bytes) -> None:
        self._received += data
        if len(self._received) > HIGH_WATER and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._over = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._over = True
        if exc is not None:
            self.ending = "broke the connection off"
        self._writable.set()
        self._wake()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    async def receive(self) -> bytes:
        """What has arrived, as soon as there is something; nothing at the end."""
        while not self._received and not self._over:
            self._arrival = asyncio.get_running_loop().create_future()
            try:
                await self._arrival
            finally:
                self._arrival = None
        return self.take()

    def take(self) -> bytes:
        """What has arrived, without waiting."""
        data = bytes(self._received)
        self._received.clear()
        if self._paused and not self._over:
            self._paused = False
            self._transport.resume_reading()
        return data

    def write(self, data: bytes) -> None:
        """Send *data*; lost where the connection is."""
        if data and not self._transport.is_closing():
            self._transport.write(data)

    @property
    def is_clogged(self) -> bool:
        """Does the other side not take what was written?"""
        return not self._writable.is_set()

    async def drained(self) -> None:
        """Wait until the other side takes data."""
        await self._writable.wait()

    def close(self) -> None:
        """Close; what the other side has not taken by now is dropped."""
        self._transport.close()
        if self._transport.get_write_buffer_size():
            self._transport.abort()

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)


async def dial(addresses: Sequence[str], port: int, where: str) -> Wire:
    """A connection to the first of *addresses* that accepts one.

    They are tried in order: the next one on failure, or beside those before after 250 ms.

    Raises:
        ConnectFailed: none did.
    """
    outcome: Wire | Sequence[OSError]
    if len(addresses) == 1:  # as in a scan, where a race of one would cost a task for nothing
        alone = await _open(addresses[0], port)
        outcome = [alone] if isinstance(alone, OSError) else alone
    else:
        outcome = await race(
            (partial(_open, address, port) for address in addresses),
            pause=NEXT_ADDRESS_AFTER,
            failure=OSError,
            discard=Wire.close,
        )
    if isinstance(outcome, Wire):
        return outcome
    raise _no_connection(outcome, where)


async def _open(address: str, port: int) -> Wire | OSError:
    try:
        _, wire = await asyncio.get_running_loop().create_connection(Wire, address, port)
    except OSError as error:
        return error
    return wire


def _no_connection(errors: Sequence[OSError], where: str) -> ConnectFailed:
    if not errors:
        return ConnectFailed(Problem.NO_ADDRESS, f"{where} has no address to connect to")
    if any(isinstance(error, ConnectionRefusedError) for error in errors):
        return ConnectFailed(Problem.REFUSED, f"{where} refused the connection")
    number = next((error.errno for error in errors if error.errno), None)
    reason = f" ({os.strerror(number).lower()})" if number else ""
    return ConnectFailed(Problem.UNREACHABLE, f"{where} cannot be reached{reason}")
