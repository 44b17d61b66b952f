"""One run of probes in a process of its own: what it took, as JSON on standard output.

`python -m tests.benchmarks.looking HOW PROTOCOL FOLDER`: HOW is advisor, advisor-uvloop, or bare, a
program of asyncio's streams that holds the same conversation and learns nothing from it.
"""

from __future__ import annotations

import asyncio
import json
import resource
import ssl
import sys
import time
from pathlib import Path

from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.observation import Live
from advisor.net.stream import TcpConnector, Timeouts
from advisor.probing.prober import Prober, dialogues
from tests.benchmarks.endpoints import AUTHORITY, COUNT, PORTS, hosts, many_files
from tests.fakes.stream import FixedAddresses

_PATIENT = Timeouts(connect=30, step=30, total=60)
_WORDS = {
    "imap": (b"a1 CAPABILITY", b"a2 STARTTLS", b"a3 CAPABILITY", b"bye LOGOUT"),
    "smtp": (b"EHLO [127.0.0.1]", b"STARTTLS", b"EHLO [127.0.0.1]", b"QUIT"),
}


async def probed(protocol: str, folder: Path) -> int:
    """Look at every endpoint, all at once; how many are confirmed."""
    known = {name: (address,) for name, address in hosts()}
    addresses = FixedAddresses(known)
    connector = TcpConnector(addresses, _PATIENT, ca_file=folder / AUTHORITY)
    prober = Prober(connector, _PATIENT, resolver=addresses, connections=COUNT)
    spoken, port = Protocol(protocol), PORTS[protocol]
    ends = [Endpoint(spoken, name, port, Security.STARTTLS) for name in known]
    results = await asyncio.gather(*map(prober.probe, ends))
    return sum(one.live is Live.CONFIRMED for one in results)


async def bare(protocol: str, folder: Path) -> int:
    """The same conversations with asyncio's streams."""
    context = ssl.create_default_context(cafile=str(folder / AUTHORITY))

    async def one(name: str, address: str) -> bool:
        reader, writer = await asyncio.open_connection(address, PORTS[protocol])
        await reader.readline()
        for word in _WORDS[protocol]:
            writer.write(word + b"\r\n")
            while not _is_last(await reader.readline(), word, protocol):
                pass
            if word.endswith(b"STARTTLS"):
                await writer.start_tls(context, server_hostname=name)
        writer.transport.abort()
        return True

    return sum(await asyncio.gather(*(one(name, address) for name, address in hosts())))


def _is_last(line: bytes, word: bytes, protocol: str) -> bool:
    return line.startswith(word.partition(b" ")[0]) if protocol == "imap" else line[3:4] == b" "


def main(how: str, protocol: str, folder: str) -> None:
    """Run it, and print what it took."""
    many_files()
    dialogues()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, cpu = time.perf_counter(), time.process_time()
    work = (bare if how == "bare" else probed)(protocol, Path(folder))
    if how.endswith("uvloop"):
        import uvloop

        good = uvloop.run(work)
    else:
        good = asyncio.run(work)
    took = {
        "wall": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "before": before,
        "good": good,
    }
    print(json.dumps(took))


if __name__ == "__main__":
    main(*sys.argv[1:])
