"""A thorough look at every port of one server stays polite."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from advisor.inspect import probe
from advisor.model.endpoint import Endpoint
from advisor.model.observation import Live
from advisor.net._seams import Net
from advisor.net.stream import TcpConnector, TcpStream
from advisor.options import Options
from advisor.probing.prober import CONNECTIONS_PER_SERVER
from tests.badservers import imap, managesieve, pop3, smtp
from tests.badservers.certificates import HOST, context
from tests.badservers.server import running
from tests.fakes.http import FakeFetcher
from tests.fakes.loopback import authority_file
from tests.fakes.stream import FixedAddresses

SERVERS = (
    *(imap.GOOD, imap.IMPLICIT, pop3.GOOD, pop3.IMPLICIT),
    *(smtp.GOOD, smtp.GOOD, smtp.IMPLICIT, managesieve.GOOD),
)


class Counting(TcpConnector):
    """Counts the connections that are open, on our side, where a place is given back first."""

    open_now = most_open = opened = 0

    async def connect(self, host: str, port: int) -> TcpStream:
        """A connection, from its first packet on."""
        self.open_now += 1
        self.opened += 1
        self.most_open = max(self.most_open, self.open_now)
        stream = await super().connect(host, port)
        close = stream.close

        async def closed() -> None:
            self.open_now -= 1
            await close()

        stream.close = closed  # type: ignore[method-assign]
        return stream


async def looked_at(how_many: int, folder: Path) -> tuple[Counting, list[Live]]:
    """What a thorough look at so many ports of one server takes, and finds."""
    addresses = FixedAddresses()
    streams = Counting(addresses, ca_file=authority_file(folder))
    async with AsyncExitStack() as stack:
        endpoints = []
        for server in SERVERS[:how_many]:
            port, _ = await stack.enter_async_context(running(server, context))
            endpoints.append(Endpoint(server.protocol, HOST, port, server.security))
        net = Net(addresses, FakeFetcher(), streams)
        report = await probe(endpoints, Options(timeout=20), net=net)
    return streams, [one.live for one in report.endpoints]


async def test_eight_ports_of_one_server_get_four_connections_at_a_time(tmp_path: Path) -> None:
    """Every version and every injection counts, too (design §9), and nobody goes without."""
    streams, lives = await looked_at(8, tmp_path)
    assert lives == [Live.CONFIRMED] * 8
    assert streams.opened > 8 * 5
    assert streams.most_open == CONNECTIONS_PER_SERVER == 4
    assert streams.open_now == 0


async def test_one_port_gets_two_connections_where_nobody_else_wants_them(tmp_path: Path) -> None:
    """So that one endpoint does not take twice as long for the sake of others that are not."""
    streams, lives = await looked_at(1, tmp_path)
    assert lives == [Live.CONFIRMED]
    assert 1 < streams.most_open <= CONNECTIONS_PER_SERVER
    assert streams.open_now == 0
