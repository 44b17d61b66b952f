"""One try to sign in, inside verified TLS or not at all.

Nothing here runs unless somebody asked for it: the prober knows nothing of it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from advisor.dialogues._base import Dialogue, Ending, ReadLine, Send, SendSecret, StartTls, Step
from advisor.dialogues._lines import LINE
from advisor.dialogues._sasl import Exchange, Identity
from advisor.errors import ProbeFailed, ProbeTimeout, RemoteProtocolError, TlsFailed
from advisor.model.endpoint import Endpoint, Security
from advisor.model.evidence import Problem
from advisor.model.secret import Secret
from advisor.model.text import printable
from advisor.net._seams import Connector, Stream
from advisor.net.stream import place
from advisor.probing.driver import Trace, literal

# Seconds for one try: servers let those wait who come with a wrong password, some for 15 seconds.
PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try: *accepted* is None where the server gave no answer to it.

    *says* is its last line, or what went wrong, without the secret.
    """

    accepted: bool | None
    says: str


async def sign_in(
    endpoint: Endpoint,
    dialogue: Dialogue,
    connector: Connector,
    mechanism: str,
    username: str,
    secret: Secret,
    *,
    trace: Trace | None = None,
) -> Tried:
    """Sign in at *endpoint* once by *mechanism* and leave; never raises what a server did.

    Nothing of *username* or *secret* is sent before TLS with a good certificate for the host.
    """
    where = place(endpoint.host, endpoint.port)
    if endpoint.security is Security.NONE:
        return Tried(None, f"{where} would be asked without encryption: no password is sent")
    nonce = secrets.token_urlsafe(24)
    identity = Identity(username, secret, nonce, endpoint.host, endpoint.port)
    driver = _Driver(where, secret, trace)
    try:
        async with asyncio.timeout(PATIENCE):
            stream = await connector.connect(endpoint.host, endpoint.port)
            try:
                exchange = Exchange(mechanism, identity)
                ending = await driver.run(stream, endpoint, dialogue, exchange)
            finally:
                await stream.close()
    except ProbeFailed as error:
        refusal = error.line if isinstance(error, RemoteProtocolError) else ""
        if error.problem is Problem.SERVER_REFUSES and refusal and driver.has_sent:
            return Tried(accepted=False, says=secret.masked(refusal))
        return Tried(None, secret.masked(str(error)))
    except TimeoutError:
        return Tried(None, f"{where} did not decide in time")
    return Tried(ending.accepted, _said(ending.line, secret))


def _said(line: bytes, secret: Secret) -> str:
    return printable(secret.masked(line.decode("utf-8", "backslashreplace")), 300)


class _Driver:
    """Plays a sign-in at *where*; *has_sent*: something made of the secret has left."""

    def __init__(self, where: str, secret: Secret, trace: Trace | None) -> None:
        self.has_sent = False
        self._where, self._secret, self._trace = where, secret, trace
        self._verified = False

    async def run(
        self, stream: Stream, endpoint: Endpoint, dialogue: Dialogue, exchange: Exchange
    ) -> Ending:
        self._stream = stream
        if endpoint.security is Security.TLS:
            await self._secure()
        name = literal(self._stream.local_address)
        with closing(dialogue.sign_in(exchange, endpoint.security, name)) as talk:
            resume: Callable[[], Step] = partial(next, talk)
            while True:
                try:
                    step = resume()
                except StopIteration as end:
                    ending: Ending = end.value
                    return ending
                try:
                    resume = partial(talk.send, await self._do(step))
                except ProbeFailed as error:
                    resume = partial(talk.throw, error)

    async def _do(self, step: Step) -> bytes | None:
        match step:
            case Send(data):
                self._tell(b"C: ", data.rstrip())
                await self._stream.write(data)
            case SendSecret(data, shown):
                if not self._verified:
                    raise self._unverified("there is no verified encryption")
                self.has_sent = True
                self._tell(b"C: ", shown)
                await self._stream.write(data)
            case ReadLine():
                line = await self._line()
                self._tell(b"S: ", line)
                return line
            case StartTls():
                await self._secure()
        return None

    async def _line(self) -> bytes:
        """The next line; one that decides may take longer than others, within ``PATIENCE``."""
        while True:
            try:
                return await self._stream.read_line(LINE)
            except ProbeTimeout:
                if not self.has_sent:
                    raise

    async def _secure(self) -> None:
        try:
            tls = await self._stream.start_tls(verify=True)
        except ValueError:  # what the ssl module raises for names that are no text
            raise self._unverified("its certificate cannot be read") from None
        if not (tls.chain_ok and tls.name_ok):
            raise self._unverified("its certificate is not good for this name")
        self._verified = True
        self._tell(b"-- ", f"{tls.version}, {tls.cipher}, verified --".encode())

    def _unverified(self, why: str) -> TlsFailed:
        return TlsFailed(Problem.CERT_UNTRUSTED, f"{self._where}: {why}: no password is sent")

    def _tell(self, who: bytes, what: bytes) -> None:
        if self._trace is not None:
            text = self._secret.masked(what.decode("utf-8", "backslashreplace"))
            self._trace(f"{self._where} {who.decode()}{printable(text)}")
