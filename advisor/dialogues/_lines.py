"""Reading replies within limits, and the manners all dialogues share."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TypeVar

from advisor.dialogues._base import ReadLine, Send, Step
from advisor.errors import ProbeFailed, RemoteProtocolError
from advisor.model.evidence import Problem
from advisor.model.text import decoded

LINE = 8 * 1024
REPLY = 64 * 1024
LINES = 1000
CAPABILITIES = 200

# How often a server may ask for more in one sign-in.
ROUNDS = 6
# What stands in a trace for what nobody may see.
HIDDEN = " •••".encode()

T = TypeVar("T")
Part = Generator[Step, bytes | None, T]
"""A piece of a dialogue that gives a T to the dialogue it belongs to."""


class Budget:
    """What one reply may still take: ``REPLY`` bytes in ``LINES`` lines of ``LINE`` each."""

    __slots__ = ("_lines", "_octets")

    def __init__(self) -> None:
        self._lines = LINES
        self._octets = REPLY

    def take(self, line: bytes) -> None:
        """Count *line*.

        Raises:
            RemoteProtocolError: it is one too many, or too long; the problem is ``LIMIT``.
        """
        self._lines -= 1
        self._octets -= len(line) + 2
        if self._lines < 0 or self._octets < 0 or len(line) > LINE:
            raise RemoteProtocolError(
                Problem.LIMIT,
                f"the server's reply goes beyond {REPLY // 1024} KiB, {LINES} lines, "
                f"or {LINE // 1024} KiB in one line",
                quoted(line),
            )


def read(budget: Budget) -> Part[bytes]:
    """The next line, counted against *budget*."""
    line = yield ReadLine()
    assert line is not None, "a ReadLine is resumed with bytes"  # noqa: S101  the driver's duty
    budget.take(line)
    return line


def farewell(goodbye: bytes) -> Part[None]:
    """Say *goodbye*. Its answer is not awaited and its failure does not matter.

    Waiting would cost a round trip and can change nothing that was learned.
    """
    try:
        yield Send(goodbye)
    except ProbeFailed:
        return


def quoted(line: bytes) -> str:
    """*line* for a sentence: safe and short."""
    return decoded(line, 200)


def kept(capabilities: Iterable[bytes]) -> tuple[str, ...]:
    """The first 200 *capabilities* as safe text, in their order, each once."""
    texts = dict.fromkeys(decoded(item) for item in capabilities if item)
    return tuple(texts)[:CAPABILITIES]


def endless() -> RemoteProtocolError:
    """The error for a server that never ends a sign-in."""
    return RemoteProtocolError(Problem.LIMIT, "the server goes on asking and never decides")


def refuses(line: bytes) -> RemoteProtocolError:
    """The error for a server that greets with a refusal, or hangs up with a reason."""
    return RemoteProtocolError(
        Problem.SERVER_REFUSES, f"the server refuses to serve: “{quoted(line)}”", quoted(line)
    )


def no_starttls(command: str) -> RemoteProtocolError:
    """The error for a server that does not announce *command*."""
    return RemoteProtocolError(Problem.NO_STARTTLS, f"the server does not offer {command}")


def out_of_step(line: bytes) -> RemoteProtocolError:
    """The error for a server that says something inside TLS that belongs to no question."""
    return RemoteProtocolError(
        Problem.OUT_OF_STEP,
        f"the server answers inside TLS what nobody asked: “{quoted(line)}”",
        quoted(line),
    )


def starttls_refused(command: str, line: bytes) -> RemoteProtocolError:
    """The error for a server that announced *command* and then denied it."""
    return RemoteProtocolError(
        Problem.STARTTLS_REFUSED,
        f"the server offers {command} and then refuses it: “{quoted(line)}”",
        quoted(line),
    )
