"""Running the look at a web service: over one connection after the other, as it leads on."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.dialogues._base import Send
from advisor.errors import ProbeFailed, RemoteProtocolError, TlsFailed
from advisor.model.endpoint import Endpoint
from advisor.model.evidence import Problem
from advisor.model.observation import Reached
from advisor.net._seams import Connector
from advisor.net.stream import place
from advisor.probing.driver import Player
from advisor.services._base import Place, Read, Service, Step, Talk, Visit
from advisor.services._look import inspect

# What keeps programs from the place that a redirect leads to, whatever would answer there.
_KEPT_OUT = (Problem.TIMEOUT, Problem.CLOSED, Problem.LIMIT)


@dataclass(slots=True)
class Visitor(Player):
    """Looks at *service*; what it leads on to is visited through *connector*."""

    service: Service
    endpoint: Endpoint
    connector: Connector
    _elsewhere: Place | None = None
    _left: bool = False

    def talk(self) -> Talk:
        """See ``Player``."""
        return inspect(self.service, self.look.seen, self.service.place(self.endpoint))

    async def do(self, step: Step) -> bytes | None:
        """See ``Player``."""
        match step:
            case Send(data):
                self.tell(b"C: ", data.partition(b"\r\n")[0])
                await self.stream.write(data)
            case Read():
                data = await self.stream.read_bytes()
                self.look.time(Reached.GREETING)
                self.tell(b"S: ", data.partition(b"\r\n")[0])
                return data
            case Visit(found):
                await self._visit(found)
        return None

    async def leave(self) -> None:
        """Close the connection, if there is one."""
        if not self._left:
            self._left = True
            await self.stream.close()

    async def _visit(self, found: Place) -> None:
        """Go there; only a server that is who it should be may send us to another one.

        What is seen of TLS stays that of the first server.
        """
        own = self.look.tls
        away = (found.host, found.port) != (self.endpoint.host, self.endpoint.port)
        if away and not (own is not None and own.chain_ok and own.name_ok):
            raise TlsFailed(Problem.CERT_WRONG_NAME, "its certificate is none to be led on by")
        await self.leave()
        self._elsewhere = found
        self.stream = await self.connector.connect(found.host, found.port)
        self._left = False
        tls = await self.secure()
        if away and not tls.name_ok:
            raise TlsFailed(
                Problem.CERT_WRONG_NAME,
                f"{place(found.host, found.port)}: its certificate is not for that name",
            )

    def placed(self, error: ProbeFailed) -> ProbeFailed:
        """*error* with the server, and with the place where it was met if that is another one."""
        found = self._elsewhere
        wire = not isinstance(error, RemoteProtocolError) or error.problem in _KEPT_OUT
        if found is None or not wire or found.host == self.endpoint.host:
            return Player.placed(self, error)
        said = f"{self.where} leads on to {found.url}, and nothing comes of that: {error}"
        return RemoteProtocolError(Problem.REDIRECT_BROKEN, said)
