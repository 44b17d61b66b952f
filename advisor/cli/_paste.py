"""Reading what somebody pastes: from the arguments, a file or standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

from advisor.diagnosing import MOST
from advisor.errors import InputError
from advisor.model.text import printable

_CHUNK = 1 << 20
# Bytes at the start that tell the encoding; UTF-32 first, since it begins like UTF-16.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le", 4),
    (b"\x00\x00\xfe\xff", "utf-32-be", 4),
    (b"\xff\xfe", "utf-16-le", 2),
    (b"\xfe\xff", "utf-16-be", 2),
)


def pasted(words: list[str], file: Path | None) -> str:
    """The text that was given, of a long one the end.

    Raises:
        InputError: there is none, there are two, or it cannot be read.
    """
    if file is not None and words:
        raise InputError("give either the text or --file FILE, not both")
    if file is not None:
        try:
            with file.open("rb") as stream:
                return tail(stream)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no file has such a name"
            raise InputError(f"{printable(str(file), 200)} cannot be read: {reason}") from None
    if words == ["-"]:
        return tail(sys.stdin.buffer)
    if not words:
        raise InputError("nothing to diagnose: give the text, --file FILE, or - for standard input")
    return " ".join(words)


def tail(stream: BinaryIO) -> str:
    """The last ``MOST`` characters of a stream, in whatever Unicode encoding it was saved."""
    first = stream.read(_CHUNK)
    encoding, unit = _encoding(first)
    most = MOST * unit
    kept, length = first[-most:], len(first)
    while chunk := stream.read(_CHUNK):
        kept = (kept + chunk)[-most:]
        length += len(chunk)
    torn = -(length - len(kept)) % unit
    return kept[torn:].decode(encoding, "replace").replace("\ufeff", "")


def _encoding(first: bytes) -> tuple[str, int]:
    """The encoding that the first bytes tell, and how many bytes its smallest unit has.

    UTF-16 without a mark is known by every second byte being zero.
    """
    for mark, encoding, unit in _MARKS:
        if first.startswith(mark):
            return encoding, unit
    start = first[:1000]
    low, high = start[::2].count(0), start[1::2].count(0)
    if high > len(start) * 0.4 and low < len(start) * 0.1:
        return "utf-16-le", 2
    if low > len(start) * 0.4 and high < len(start) * 0.1:
        return "utf-16-be", 2
    return "utf-8", 1
