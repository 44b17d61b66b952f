"""One server process: started in a session of its own, and ended with everything it started."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
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
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={"PATH": os.environ.get("PATH", os.defpath), **self.environment},
                cwd="/",
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def wait_until_ready(self, deadline: float) -> None:
        """Wait for it until *deadline* (monotonic seconds).

        Raises:
            LabError: it ended, or was not ready in time.
        """
        assert self.process is not None
        while not self.ready():
            if self.process.poll() is not None:
                raise LabError(f"{self.name} ended with status {self.process.returncode}")
            if time.monotonic() > deadline:
                raise LabError(f"{self.name} was not ready in time")
            time.sleep(_POLL_SECONDS)

    def ask_to_end(self) -> None:
        """Ask the process to end; its children it ends itself."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait for its end until *deadline* (monotonic seconds), then end its whole session."""
        if self.process is None:
            return
        session = self.process.pid
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        while _members(session) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        for pid in _members(session):
            _kill(pid)
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


def _end_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _members(session: int) -> list[int]:
    """The processes of a session, zombies left out."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # The command name in parentheses may hold anything; what follows it does not.
            state, _, _, owner = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(owner) == session and state != "Z":
            found.append(int(entry.name))
    return found


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
