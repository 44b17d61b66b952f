"""A thousand endpoints with STARTTLS on the loopback: CPU, time and memory, beside other tools.

nmap, sslyze and openssl are measured where they are installed; a sslyze elsewhere than on the path
is named by ADVISOR_BENCHMARK_SSLYZE. They learn more or less than a probe does; the rows say what
they were asked for.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from .endpoints import COUNT, DELAY, PORTS, hosts
from .rows import Row, interleaved, ms, ratio

ROUNDS = 3
RTT = 0.1

# 1.5 ms over the 1.1 that asyncio's streams take on the machine of the design's figures.
CPU_BUDGET = 1.36
MEMORY_BUDGET = 120
SECONDS_BUDGET = 3.0

# How many endpoints the slow ones get.
_SAMPLE = 60
_SCRIPTS = {"imap": "imap-capabilities,ssl-cert", "smtp": "smtp-commands,ssl-cert"}

Took = dict[str, float]


def rows() -> Iterator[Row]:
    """Every row of this group."""
    with tempfile.TemporaryDirectory(prefix="advisor-benchmark-") as folder, _servers(folder):
        for protocol in PORTS:
            yield from _ours(protocol, folder)
            yield from _others(protocol)
        (Path(folder) / DELAY).write_text(str(RTT))
        for protocol in PORTS:
            yield from _distant(protocol, folder)


@contextmanager
def _servers(folder: str) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.benchmarks.endpoints", folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        if not server.stdout.readline():
            raise RuntimeError("the servers for the benchmark do not start (ports 143 and 587)")
        try:
            yield
        finally:
            server.stdin.close()


def _look(how: str, protocol: str, folder: str, kept: list[Took]) -> float:
    """The seconds of CPU for each endpoint."""
    command = [sys.executable, "-m", "tests.benchmarks.looking", how, protocol, folder]
    took: Took = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    if took["good"] != COUNT:
        raise RuntimeError(f"{how}: only {took['good']:g} of {COUNT} endpoints were confirmed")
    kept.append(took)
    return took["cpu"] / COUNT


def _ours(protocol: str, folder: str) -> Iterator[Row]:
    ways = {"bare": "asyncio's streams, nothing kept", "advisor": "advisor", "advisor-uvloop": ""}
    kept: dict[str, list[Took]] = {how: [] for how in ways}
    works: dict[str, Callable[[], float]] = {
        how: partial(_look, how, protocol, folder, kept[how]) for how in ways
    }
    taken = interleaved(works, ROUNDS)
    for how, said in ways.items():
        factor = ratio(taken[how], taken["bare"])
        speed = median(COUNT / took["wall"] for took in kept[how])
        yield Row(
            f"{protocol} STARTTLS, {COUNT:,} in flight, CPU each: {said or how}",
            ms(median(taken[how])),
            f"{factor:.2f} × asyncio's; {speed:.0f} a second",
            f"<= {CPU_BUDGET} ×" if how != "bare" else "",
            factor <= CPU_BUDGET if how != "bare" else None,
        )
    for how, said in ways.items():
        memory = median(took["memory"] for took in kept[how]) / 1024
        before = median(took["before"] for took in kept[how]) / 1024
        yield Row(
            f"{protocol} STARTTLS, {COUNT:,} in flight, memory: {said or how}",
            f"{memory:.0f} MB",
            f"{before:.0f} MB before",
            f"<= {MEMORY_BUDGET} MB" if how != "bare" else "",
            memory <= MEMORY_BUDGET if how != "bare" else None,
        )


def _distant(protocol: str, folder: str) -> Iterator[Row]:
    """The servers take the time of a round trip for each answer."""

    def seconds_of(how: str) -> float:
        kept: list[Took] = []
        _look(how, protocol, folder, kept)
        return kept[0]["wall"]

    ways = ("bare", "advisor", "advisor-uvloop")
    taken = interleaved({how: partial(seconds_of, how) for how in ways}, ROUNDS)
    for how, times in taken.items():
        seconds = median(times)
        yield Row(
            f"{protocol} STARTTLS, {COUNT:,} at a round trip of {RTT * 1000:.0f} ms: {how}",
            f"{seconds:.2f} s",
            f"{ratio(times, taken['bare']):.2f} × asyncio's",
            f"<= {SECONDS_BUDGET:g} s" if how != "bare" else "",
            seconds <= SECONDS_BUDGET if how != "bare" else None,
        )


def _others(protocol: str) -> Iterator[Row]:
    port = PORTS[protocol]
    addresses = [address for _, address in hosts()]
    sample = addresses[:_SAMPLE]
    nmap = ["-n", "-Pn", "-sT", "-p", str(port), "--script", _SCRIPTS[protocol], "-oX", "-"]
    yield _tool(f"{protocol}: nmap {_SCRIPTS[protocol]}", "nmap", [[*nmap, *addresses]], COUNT)
    yield _tool(
        f"{protocol}: openssl s_client -starttls",
        "openssl",
        [
            ["s_client", "-starttls", protocol, "-connect", f"{address}:{port}"]
            for address in sample
        ],
        _SAMPLE,
    )
    sslyze = ["--certinfo", "--starttls", protocol, *(f"{one}:{port}" for one in sample)]
    yield _tool(
        f"{protocol}: sslyze --certinfo",
        os.environ.get("ADVISOR_BENCHMARK_SSLYZE", "sslyze"),
        [sslyze],
        _SAMPLE,
    )


def _tool(what: str, program: str, runs: Sequence[Sequence[str]], endpoints: int) -> Row:
    """The CPU that *program* takes for each of *endpoints*, over all *runs*, start-up included."""
    path = shutil.which(program)
    if path is None:
        return Row(f"{what}, CPU each", "not measured", "it is not installed")
    began, before = time.perf_counter(), _children()
    for arguments in runs:
        subprocess.run([path, *arguments], stdin=subprocess.DEVNULL, capture_output=True)
    cpu, wall = _children() - before, time.perf_counter() - began
    speed = f"{endpoints / wall:.0f} a second"
    return Row(f"{what}, {endpoints:,} endpoints, CPU each", ms(cpu / endpoints), speed)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
