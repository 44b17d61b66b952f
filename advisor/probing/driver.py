"""Running one conversation over a stream, and dialogues in lines."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from advisor.dialogues._base import Dialogue, ReadLine, Seen, Send, StartTls, Step, Talk
from advisor.dialogues._lines import LINE
from advisor.errors import ProbeFailed, RemoteProtocolError, TlsFailed
from advisor.model.endpoint import Security
from advisor.model.evidence import Problem
from advisor.model.observation import PlainHttp, Reached, TlsObservation
from advisor.model.text import decoded
from advisor.net._seams import Stream

Trace = Callable[[str], None]

STEPS = {
    Reached.CONNECT: "accepted the connection",
    Reached.GREETING: "sent its greeting",
    Reached.CAPABILITIES: "listed its capabilities",
    Reached.STARTTLS: "agreed to STARTTLS",
    Reached.TLS: "finished the TLS handshake",
    Reached.DONE: "answered everything",
}


@dataclass(slots=True)
class Look:
    """What one connection has shown so far; complete at every moment, however it ends.

    *seconds* holds how long each step took that succeeded; *over*: nothing more comes of it.
    """

    seen: Seen = field(default_factory=lambda: Seen(reached=Reached.NOTHING))
    tls: TlsObservation | None = None
    address: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    failure: ProbeFailed | None = None
    obeys_injected: bool | None = None
    plain_http: PlainHttp | None = None
    over: bool = False
    _since: float = field(default_factory=time.monotonic)

    def reach(self, step: Reached) -> None:
        """Say that *step* succeeded just now."""
        self.seen.reached = step
        self.time(step)

    def time(self, step: Reached) -> None:
        """Take the time that *step* needed, unless it was taken before."""
        if step.value not in self.seconds:
            now = time.monotonic()
            self.seconds[step.value] = round(now - self._since, 6)
            self._since = now


@dataclass(slots=True)
class Player(ABC):
    """Holds a conversation with the server at *where* and keeps in *look* what comes of it.

    With *verify* off, TLS is made with any certificate, only to look at the server.
    """

    stream: Stream
    look: Look
    where: str
    security: Security
    verify: bool
    trace: Trace | None

    @abstractmethod
    def talk(self) -> Generator[Any, bytes | None, None]:
        """The conversation."""

    @abstractmethod
    async def do(self, step: Any) -> bytes | None:
        """Do what the conversation wants done, and give it what comes of that."""

    async def leave(self) -> None:
        """Close the connection."""
        await self.stream.close()

    async def run(self) -> None:
        """Hold the whole conversation.

        Raises:
            ProbeFailed: the sentence names the server and the last step that succeeded.
        """
        try:
            if self.security is Security.TLS:
                self.look.tls = await self.secure()
                self.look.reach(Reached.TLS)
            with closing(self.talk()) as talk:
                await self._play(talk)
        except ProbeFailed as error:
            raise self.placed(error) from None

    async def _play(self, talk: Generator[Any, bytes | None, None]) -> None:
        resume: Callable[[], Any] = partial(next, talk)
        while True:
            try:
                step = resume()
            except StopIteration:
                return
            finally:
                self.look.time(self.look.seen.reached)
            try:
                resume = partial(talk.send, await self.do(step))
            except ProbeFailed as error:
                resume = partial(talk.throw, error)

    async def secure(self) -> TlsObservation:
        """Make TLS now.

        Raises:
            ProbeFailed: it could not be made, or its certificate is not good.
        """
        try:
            tls = await self.stream.start_tls(verify=self.verify)
        except ValueError:  # what the ssl module raises for names that are no text
            raise TlsFailed(
                Problem.CERT_WRONG_NAME, "its certificate cannot be read, so it names nobody"
            ) from None
        self.tell(b"-- ", f"{tls.version}, {tls.cipher} --".encode())
        return tls

    def tell(self, who: bytes, what: bytes) -> None:
        """Let the trace know *what* was said, and by *who*."""
        if self.trace is not None:
            self.trace(f"{self.where} {decoded(who + what)}")

    def placed(self, error: ProbeFailed) -> ProbeFailed:
        """*error* with the server, and where silence or a hang-up met us also the step."""
        text = str(error).removeprefix(f"{self.where} ")
        if error.problem in (Problem.TIMEOUT, Problem.CLOSED):
            text = f"{self.where} {STEPS[self.look.seen.reached]} and then {text}"
        elif not str(error).startswith(self.where):
            text = f"{self.where}: {text}"
        else:
            return error
        if isinstance(error, RemoteProtocolError):
            return RemoteProtocolError(error.problem, text, error.line)
        return type(error)(error.problem, text)


@dataclass(slots=True)
class Driver(Player):
    """Plays *dialogue*."""

    dialogue: Dialogue

    def talk(self) -> Talk:
        """See ``Player``."""
        name = literal(self.stream.local_address)
        return self.dialogue.inspect(self.look.seen, self.security, name)

    async def do(self, step: Step) -> bytes | None:
        """See ``Player``."""
        match step:
            case Send(data):
                self.tell(b"C: ", data.rstrip())
                await self.stream.write(data)
            case ReadLine():
                line = await self.stream.read_line(LINE)
                self.look.time(Reached.GREETING)
                self.tell(b"S: ", line)
                return line
            case StartTls():
                self.look.tls = await self.secure()
        return None


def literal(address: str) -> str:
    """*address* as an address literal, the name of a client that has none (RFC 5321 §4.1.3)."""
    if not address:
        return "[127.0.0.1]"
    bare = address.partition("%")[0]
    return f"[IPv6:{bare}]" if ":" in bare else f"[{bare}]"
