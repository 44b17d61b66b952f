"""Bytes in any pieces, lines out. Pure; shared by the real stream and its twin in the tests."""

from __future__ import annotations


class LineTooLongError(ValueError):
    """A line grew beyond the limit before it ended."""


class LineBuffer:
    """What has arrived and was not yet read."""

    __slots__ = ("_bytes", "_searched")

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._searched = 0

    def __len__(self) -> int:
        return len(self._bytes)

    def feed(self, data: bytes) -> None:
        """Append *data*."""
        self._bytes += data

    def drain(self) -> bytes:
        """Everything that is left; the buffer is empty afterwards."""
        rest = bytes(self._bytes)
        self._bytes.clear()
        self._searched = 0
        return rest

    def take(self, limit: int) -> bytes | None:
        """The next line without its CRLF or LF, or None while it is not complete.

        Raises:
            LineTooLongError: the line has more than *limit* bytes.
        """
        end = self._bytes.find(b"\n", self._searched)
        if (len(self._bytes) if end < 0 else end) > limit:
            raise LineTooLongError
        if end < 0:
            self._searched = len(self._bytes)
            return None
        line = bytes(self._bytes[:end])
        del self._bytes[: end + 1]
        self._searched = 0
        return line.removesuffix(b"\r")
