"""`python -m tests.benchmarks [GROUP]...`: every row, or those of some groups."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from . import engine, latency, startup
from .rows import HEAD, Row

GROUPS: dict[str, Callable[[], Iterator[Row]]] = {
    "startup": startup.rows,
    "engine": engine.rows,
    "latency": latency.rows,
    "faults": latency.single_faults,
}
# Only by name: a report for people, not rows.
TIMELINE = "timeline"


def main(wanted: list[str]) -> int:
    """Print the rows of the groups *wanted*, or of all; never fails for a budget."""
    unknown = set(wanted) - {*GROUPS, TIMELINE}
    if unknown:
        print(f"no group {' '.join(sorted(unknown))}; there are {' '.join(GROUPS)} {TIMELINE}")
        return 0
    if TIMELINE in wanted:
        latency.print_timelines()
    for name in [name for name in GROUPS if name in wanted or not wanted]:
        print(f"\n{name}\n{HEAD}")
        for row in GROUPS[name]():
            print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
