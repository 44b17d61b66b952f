"""The lab, seen over the relay: what listens there, what is wrong, and how far away it is."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import dns.message

from advisor.options import Options
from tests.lab import lab as lab_module
from tests.lab.lab import Lab
from tests.lab.scenarios import BY_NAME, ISPDB, NETWORK

from . import relay

PINGS = 9


@dataclass(frozen=True)
class Faults:
    """What is wrong: *tarpits* are "host name:port"; *dead*, *silent* as in ``relay.Orders``."""

    shows: str = "nothing"
    tarpits: tuple[str, ...] = ()
    dead: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


NONE = Faults()


class Distance:
    """The relay, in a process of its own."""

    def __init__(
        self, process: subprocess.Popen[str], options: Options, domains: Iterable[str]
    ) -> None:
        """*options* are those to ask with; nothing but *domains* and the ISPDB is reachable."""
        self._process = process
        self.options = options
        self._open = [place for name in {ISPDB.name, *domains} for place in _places(name)]

    def order(self, rtt: float, faults: Faults = NONE) -> relay.Seen:
        """From now on a round trip takes *rtt* seconds, with *faults*; what was seen until now."""
        orders = relay.Orders(
            rtt,
            self._open,
            [_placed(tarpit) for tarpit in faults.tarpits],
            list(faults.dead),
            list(faults.silent),
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(asdict(orders)), file=self._process.stdin, flush=True)
        return [(when, what) for when, what in json.loads(self._process.stdout.readline())]

    def round_trip(self, rtt: float) -> float:
        """How long a question to the DNS really takes when *rtt* is ordered."""
        self.order(rtt)
        return median(_ping() for _ in range(PINGS))


@contextmanager
def distant_lab(domains: Iterable[str]) -> Iterator[Distance]:
    """The lab, a relay away; a lab that somebody else has started is used as it is.

    Raises:
        LabError: there is no lab, and none can be started.
    """
    with ExitStack() as stack:
        options = Options(
            nameservers=(f"{relay.NAME_SERVER}:{relay.NAME_SERVER_PORT}",),
            ca_file=_running_lab() or stack.enter_context(Lab()).ca_file,
            ispdb=Lab.ispdb_url,
        )
        process = subprocess.Popen(
            [sys.executable, "-m", relay.__name__],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        yield Distance(stack.enter_context(process), options, domains)


def _places(name: str) -> Iterator[str]:
    """Everything of one domain that listens, as the relay has it."""
    domain = BY_NAME[name]
    listening = [(server.host, port) for server in domain.servers for port in server.ports]
    listening += [(site.host, site.port) for site in domain.sites]
    for host, port in listening:
        yield f"{domain.address(host).removeprefix(f'{NETWORK}.')}:{port}"


def _placed(tarpit: str) -> str:
    """The place of "host name:port" on the relay."""
    name, _, port = tarpit.partition(":")
    domain = next(one for one in BY_NAME.values() if f".{name}".endswith(f".{one.name}"))
    host = name.removesuffix(domain.name).removesuffix(".") or "@"
    return f"{domain.address(host).removeprefix(f'{NETWORK}.')}:{port}"


def _running_lab() -> Path | None:
    """The CA file of a lab that is up."""
    files = sorted(lab_module.PLACE.glob(f"{lab_module.PREFIX}*/authority/ca.pem"))
    return files[0] if files and _answers() else None


def _answers() -> bool:
    try:
        with socket.create_connection((ISPDB.address("@"), 443), timeout=1):
            return True
    except OSError:
        return False


def _ping() -> float:
    question = dns.message.make_query("imap.good.test", "A").to_wire()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        sock.connect((relay.NAME_SERVER, relay.NAME_SERVER_PORT))
        start = time.perf_counter()
        sock.send(question)
        sock.recv(0x1000)
        return time.perf_counter() - start
