"""Twins of ``net.stream``: servers in memory that speak as their transcripts say."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from advisor.errors import ConnectFailed, DnsFailed, ProbeFailed, TlsFailed
from advisor.model.evidence import Dnssec, Problem
from advisor.model.observation import Certificate, TlsObservation
from advisor.net._seams import DnsAnswer
from tests.converse import NAME, Transcript, Wire, parse

ADDRESS = "192.0.2.1"


def tls(*names: str, chain_ok: bool = True, name_ok: bool = True) -> TlsObservation:
    """TLS 1.3 with a certificate for *names*."""
    return TlsObservation(
        version="TLSv1.3",
        cipher="TLS_AES_256_GCM_SHA384",
        chain_ok=chain_ok,
        name_ok=name_ok,
        chain_error=None if chain_ok else "the certificate chain was not checked",
        certificate=Certificate(
            subject="",
            issuer="CN=Test Authority",
            names=names,
            not_before="2026-01-01T00:00:00Z",
            not_after="2027-02-03T00:00:00Z",
            sha256="00" * 32,
            self_signed=False,
        ),
    )


@dataclass
class FakeServer:
    """What is behind one port.

    *script* is a transcript (text as in ``tests/transcripts``). *tls* is what TLS with
    verification gives, *lenient* what it gives without; an exception is raised. With a *gate*,
    nothing is said before it is open.
    """

    script: str | Transcript
    tls: TlsObservation | ProbeFailed = field(default_factory=tls)
    lenient: TlsObservation | ProbeFailed | None = None
    gate: asyncio.Event | None = None

    @property
    def transcript(self) -> Transcript:
        """The script, read."""
        return self.script if isinstance(self.script, Transcript) else parse(self.script)


class FakeStream:
    """One connection to a ``FakeServer``."""

    def __init__(self, connector: FakeConnector, server: FakeServer) -> None:
        self.address = ADDRESS
        self.local_address = NAME.strip("[]")
        self.closed = False
        self._connector = connector
        self._server = server
        self._wire = Wire(list(server.transcript.lines))

    async def read_line(self, limit: int) -> bytes:
        """The server's next line."""
        assert limit > 0
        if self._server.gate is not None:
            await self._server.gate.wait()
        return self._wire.read_line()

    async def read_bytes(self) -> bytes:
        """Nothing: these servers speak in lines."""
        return b""

    async def write(self, data: bytes) -> None:
        """Compare *data* with the transcript."""
        self._wire.write(data)

    async def start_tls(self, *, verify: bool, name: str | None = None) -> TlsObservation:
        """The server's TLS, or its failure."""
        if self._wire.lines and any(who == "-- TLS --" for who, _ in self._wire.lines):
            self._wire.start_tls()
        made = self._server.tls if verify else self._server.lenient or self._server.tls
        if isinstance(made, ProbeFailed):
            raise made
        return made

    def sent_chain(self) -> tuple[bytes, ...]:
        """Nothing that could be read."""
        return ()

    async def close(self) -> None:
        """Close, once."""
        assert not self.closed, "closed twice"
        self.closed = True
        self._connector.open_now -= 1


class FakeConnector:
    """A ``Connector`` to *servers*, by (host, port); everything else refuses the connection.

    *asked* lists every connection; *most_open* is how many there were at the same time.
    """

    def __init__(self, servers: Mapping[tuple[str, int], FakeServer | ProbeFailed]) -> None:
        self.servers = dict(servers)
        self.asked: list[tuple[str, int]] = []
        self.open_now = 0
        self.most_open = 0

    async def connect(self, host: str, port: int) -> FakeStream:
        """A stream to the server at *host* and *port*."""
        self.asked.append((host, port))
        await asyncio.sleep(0)
        server = self.servers.get((host, port))
        if server is None:
            raise ConnectFailed(Problem.REFUSED, f"{host}:{port} refused the connection")
        if isinstance(server, ProbeFailed):
            raise server
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        return FakeStream(self, server)


class FixedAddresses:
    """A ``Resolver`` that knows addresses and nothing else: *known*, or loopback for every host."""

    servers: tuple[str, ...] = ()

    def __init__(self, known: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._known = known

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of *host*."""
        if self._known is None:
            return ("127.0.0.1",)
        if host not in self._known:
            raise DnsFailed(Problem.NO_ADDRESS, f"{host} has no address")
        return self._known[host]

    async def query(self, name: str, rdtype: str) -> DnsAnswer:
        """No records."""
        return DnsAnswer(name, rdtype, exists=False)

    async def dnssec(self, name: str, rdtype: str) -> Dnssec:
        """Nothing is signed."""
        return Dnssec.INSECURE

    def alias(self, host: str) -> str:
        """There are no aliases."""
        return host


def untrusted(where: str) -> TlsFailed:
    """The failure for a certificate from an authority nobody knows."""
    return TlsFailed(Problem.CERT_UNTRUSTED, f"{where}: its certificate's issuer is not known here")
