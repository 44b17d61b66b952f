"""Which ports seem to be closed for this network as a whole, judged by what the probes met."""

from __future__ import annotations

from collections.abc import Iterable

from advisor.model.evidence import Problem
from advisor.model.observation import Live, ProbeResult, Reached

_SILENT = (Problem.TIMEOUT, Problem.UNREACHABLE)

# How many hosts must be silent on a port, while answering on another, before the network is blamed.
ENOUGH = 2


def egress(results: Iterable[ProbeResult]) -> dict[str, str]:
    """Port → "open" where anything answered, "blocked" where only silence met hosts that are up.

    "unknown" where too little was seen to blame the network rather than a server.
    """
    tried = [result for result in results if result.live is not Live.NOT_CHECKED]
    up = {r.host for r in tried if r.observation.reached is not Reached.NOTHING}
    states = {}
    for port in sorted({result.port for result in tried}):
        here = [result for result in tried if result.port == port]
        silent = {r.host for r in here if _is_silent(r)}
        if any(not _is_silent(result) for result in here):
            states[str(port)] = "open"
        else:
            states[str(port)] = "blocked" if len(silent & up) >= ENOUGH else "unknown"
    return states


def _is_silent(result: ProbeResult) -> bool:
    seen = result.observation
    return seen.reached is Reached.NOTHING and seen.problem in _SILENT
