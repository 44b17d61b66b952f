"""One server of the lab: started under a keeper, waited for, and ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import keeper

END_SECONDS = keeper.GRACE_SECONDS + 4.0

_POLL_SECONDS = 0.02


class LabError(Exception):
    """The lab could not be started, and why."""


@dataclass
class Daemon:
    """A server that stays in the foreground; *ready* says whether it answers yet."""

    name: str
    command: Sequence[str]
    log: Path
    ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; does not wait until it is ready."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-S", keeper.__file__, *self.command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={"PATH": os.environ.get("PATH", os.defpath), **self.environment},
                cwd="/",
                start_new_session=True,
            )

    def wait_until_ready(self, deadline: float) -> None:
        """Wait for it until *deadline* (monotonic seconds).

        Raises:
            LabError: it ended, or was not ready in time.
        """
        while not self.ready():
            self.check()
            if time.monotonic() > deadline:
                raise LabError(f"{self.name} was not ready in time")
            time.sleep(_POLL_SECONDS)

    def check(self) -> None:
        """Make sure that it still runs.

        Raises:
            LabError: it does not.
        """
        if self.process is None or self.process.poll() is not None:
            status = None if self.process is None else self.process.returncode
            raise LabError(f"{self.name} is not running; its exit status was {status}")

    def ask_to_end(self) -> None:
        """Tell its keeper to end it; does not wait."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()

    def end(self) -> None:
        """End it, and wait until nothing of it is left."""
        if self.process is None:
            return
        self.ask_to_end()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


def greets(address: str, port: int, greeting: bytes) -> bool:
    """Whether a server there begins to speak, and begins like this."""
    try:
        with socket.create_connection((address, port), timeout=1) as connection:
            return connection.recv(512).startswith(greeting)
    except OSError:
        return False


def accepts(address: str, port: int) -> bool:
    """Whether somebody listens there."""
    try:
        with socket.create_connection((address, port), timeout=1):
            return True
    except OSError:
        return False
