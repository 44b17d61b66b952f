"""Web servers on loopback under the names and ports that a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from advisor.errors import ConnectFailed
from advisor.model.evidence import Problem
from advisor.net.stream import TcpConnector, TcpStream, Timeouts
from tests.fakes.stream import FixedAddresses

QUICK = Timeouts(connect=1, step=1, total=4)


class Routed(TcpConnector):
    """Leads (host, port) to a port on loopback; all others refuse. *asked* lists every one."""

    def __init__(
        self,
        ports: Mapping[tuple[str, int], int],
        ca_file: Path | None = None,
        timeouts: Timeouts = QUICK,
    ) -> None:
        super().__init__(FixedAddresses(), timeouts, ca_file=ca_file)
        self._ports = ports
        self.asked: list[tuple[str, int]] = []

    async def connect(self, host: str, port: int) -> TcpStream:
        """A connection to whoever stands for that host and port."""
        self.asked.append((host, port))
        if (host, port) not in self._ports:
            raise ConnectFailed(Problem.REFUSED, f"{host}:{port} refused the connection")
        return await super().connect(host, self._ports[host, port])
