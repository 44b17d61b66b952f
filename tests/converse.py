"""Plays a dialogue against a transcript, without any network.

A transcript is a text file: first what is expected, one ``name: value`` a line; after an empty
line the conversation, ``S:`` for the server, ``C:`` for us, ``-- TLS --`` where TLS begins. Where
the transcript ends, the server hangs up. Escapes such as ``\\x1b`` stand for bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from advisor.dialogues._base import (
    Dialogue,
    Ending,
    ReadLine,
    Seen,
    Send,
    SendSecret,
    SignIn,
    StartTls,
    Step,
    Talk,
)
from advisor.dialogues._sasl import Exchange, Identity
from advisor.errors import ProbeFailed, RemoteProtocolError
from advisor.model.endpoint import Security
from advisor.model.evidence import Problem
from advisor.model.secret import Secret
from advisor.net._buffer import LineBuffer

TRANSCRIPTS = Path(__file__).parent / "transcripts"
NAME = "[192.0.2.7]"
LIMIT = 8 * 1024
TLS = "-- TLS --"


@dataclass(frozen=True)
class Transcript:
    """*lines* are (who, bytes with line end); *expected* is the head of the file."""

    expected: dict[str, str]
    lines: tuple[tuple[str, bytes], ...]

    @property
    def security(self) -> Security:
        """How the conversation was begun."""
        return Security(self.expected["security"])


def read(path: Path) -> Transcript:
    """The transcript in the file at *path*."""
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> Transcript:
    """The transcript written as *text*."""
    head, _, body = text.partition("\n\n")
    pairs = (line.partition(":") for line in head.splitlines())
    expected = {key: value.strip() for key, _, value in pairs}
    return Transcript(expected, tuple(_lines(body)))


def _lines(body: str) -> Iterator[tuple[str, bytes]]:
    for line in filter(None, body.splitlines()):
        if line == TLS:
            yield TLS, b""
        else:
            assert line[:2] in ("S:", "C:"), f"not a line of a transcript: {line}"
            words = line[3:].encode().decode("unicode_escape").encode("latin-1")
            yield line[0], words + b"\r\n"


@dataclass
class Wire:
    """The server's side of *lines*, handed out in pieces of *piece* bytes (0: all there is).

    *shown* is what a trace may tell of what was sent.
    """

    lines: list[tuple[str, bytes]]
    piece: int = 0
    trailing: bytes = b""
    buffer: LineBuffer = field(default_factory=LineBuffer)
    sent: list[bytes] = field(default_factory=list)
    shown: list[bytes] = field(default_factory=list)
    _coming: bytes = b""

    def read_line(self) -> bytes:
        """The server's next line; the end of the transcript is the end of the connection."""
        while (line := self.buffer.take(LIMIT)) is None:
            if not self._coming and not self._speak():
                who = self.lines[0][0] if self.lines else "end"
                assert who == "end", f"waits for the server, but the transcript has {self.lines[0]}"
                raise RemoteProtocolError(Problem.CLOSED, "closed the connection")
            size = self.piece or len(self._coming)
            self.buffer.feed(self._coming[:size])
            self._coming = self._coming[size:]
        return line

    def write(self, data: bytes) -> None:
        """Compare *data* with our next line in the transcript."""
        self.sent.append(data)
        assert not self._coming, f"speaks before {self._coming!r} was read"
        if not self.lines:
            raise RemoteProtocolError(Problem.CLOSED, "closed the connection")
        for line in data.splitlines(keepends=True):
            assert self.lines.pop(0) == ("C", line)

    def start_tls(self) -> None:
        """Begin TLS, if nothing is left of what the server said in clear text."""
        if len(self.buffer) or self._coming or self._speak():
            raise RemoteProtocolError(Problem.INJECTION, "sent more behind its agreement")
        assert self.lines.pop(0)[0] == TLS

    def _speak(self) -> bool:
        while self.lines and self.lines[0][0] == "S":
            self._coming += self.lines.pop(0)[1]
        if self._coming and self.trailing and self.lines and self.lines[0][0] == TLS:
            self._coming += self.trailing
        return bool(self._coming)


@dataclass(frozen=True)
class Outcome:
    """What a dialogue learned, how it ended, and what it sent; *ending* is that of a sign-in."""

    seen: Seen
    failure: ProbeFailed | None
    wire: Wire
    ending: Ending | None = None


def play(
    dialogue: Dialogue, transcript: Transcript, *, piece: int = 0, trailing: bytes = b""
) -> Outcome:
    """Hold the conversation of *transcript* to its end."""
    seen = Seen()
    wire = Wire(list(transcript.lines), piece, trailing)
    return _played(dialogue.inspect(seen, transcript.security, NAME), seen, wire)


def play_sign_in(dialogue: Dialogue, transcript: Transcript, *, piece: int = 0) -> Outcome:
    """Hold the conversation of *transcript*, whose head says who signs in and how."""
    given = transcript.expected
    secret = Secret(given["secret"].encode())
    who = Identity(given["user"], secret, given["nonce"], "mail.example.org", 993)
    exchange = Exchange(given["mechanism"], who)
    wire = Wire(list(transcript.lines), piece)
    return _played(dialogue.sign_in(exchange, transcript.security, NAME), Seen(), wire)


def _played(talk: Talk | SignIn, seen: Seen, wire: Wire) -> Outcome:
    resume = partial(next, talk)
    while True:
        try:
            step = resume()
        except StopIteration as end:
            return Outcome(seen, None, wire, end.value)
        except ProbeFailed as failure:
            return Outcome(seen, failure, wire)
        try:
            resume = partial(talk.send, _do(step, wire))
        except ProbeFailed as failure:
            resume = partial(talk.throw, failure)


def _do(step: Step, wire: Wire) -> bytes | None:
    match step:
        case Send(data):
            wire.shown.append(data)
            wire.write(data)
        case SendSecret(data, shown):
            wire.shown += [shown, repr(step).encode()]
            wire.write(data)
        case ReadLine():
            return wire.read_line()
        case StartTls():
            wire.start_tls()
    return None
