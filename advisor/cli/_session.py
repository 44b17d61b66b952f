"""What the global options come to, shared by all commands of one run."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.knowledge.library import Library


class Exit(IntEnum):
    """The exit codes, as ``advisor --help`` and the README tell them."""

    ANSWERED = 0
    UNSAFE = 1
    USAGE = 2
    NOTHING = 3
    NETWORK = 4
    BUG = 70
    INTERRUPTED = 130


class Session:
    """The global options of one run."""

    def __init__(
        self, *, quiet: bool, verbose: bool, color: bool, offline: bool, overlays: Sequence[Path]
    ) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.color = color
        self.offline = offline
        self.overlays = overlays

    @cached_property
    def library(self) -> Library:
        """The bundled knowledge with the operator's own over it."""
        from advisor.cli._config import own_rules
        from advisor.knowledge.library import Library

        return Library([*own_rules(), *self.overlays])

    @property
    def paints(self) -> bool:
        """May colours go to stdout? Only to a terminal that wants them."""
        return self.color and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"

    @property
    def shows_progress(self) -> bool:
        """May a live display go to stderr?"""
        return self.color and not self.quiet and sys.stderr.isatty()

    def trace(self, line: str) -> None:
        """One line of the trace, with ``--verbose`` only."""
        if self.verbose:
            print(line, file=sys.stderr)

    def note(self, line: str) -> None:
        """One line of trouble or help on stderr, not with ``--quiet``."""
        if not self.quiet:
            print(f"advisor: {line}", file=sys.stderr)
