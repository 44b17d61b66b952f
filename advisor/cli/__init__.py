"""The command line: parse, call, print. One module per command, found by its name."""

from __future__ import annotations

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line on *argv* (default: the process's own) and return its exit code."""
    from advisor.cli._main import run

    return run(argv)
