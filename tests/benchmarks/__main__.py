"""`python -m tests.benchmarks [GROUP]...`: every row, or those of some groups.

`python -m tests.benchmarks timeline` tells instead what waits for what.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from tests.lab.daemon import LabError

from . import engine, latency, probes, startup
from .rows import HEAD, Row

GROUPS: dict[str, Callable[[], Iterator[Row]]] = {
    "startup": startup.rows,
    "engine": engine.rows,
    "latency": latency.rows,
    "faults": latency.single_faults,
    "probes": probes.rows,
}
TIMELINE = "timeline"


def main(wanted: list[str]) -> int:
    """Print the groups *wanted*, or all; the exit code is 0 whatever they say."""
    if unknown := set(wanted) - {*GROUPS, TIMELINE}:
        print(f"no group {' '.join(sorted(unknown))}; there are {' '.join(GROUPS)} {TIMELINE}")
        return 0
    if TIMELINE in wanted:
        _print(latency.timelines())
    for name, rows in GROUPS.items():
        if name in wanted or not wanted:
            print(f"\n{name}\n{HEAD}")
            _print(rows())
    return 0


def _print(lines: Iterator[Row] | Iterator[str]) -> None:
    try:
        for line in lines:
            print(line, flush=True)
    except LabError as error:
        print(f"not measured: {error}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
