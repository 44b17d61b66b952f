"""Runs one server, and ends it with everything it started when its own standard input ends.

Run as a program: `python keeper.py COMMAND…`. Input ends when the lab closes it, and also when the
lab is killed, so that no server outlives its lab. Needs the standard library only, and Linux.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

GRACE_SECONDS = 4.0
ORPHANS_SECONDS = 0.5

_PR_SET_CHILD_SUBREAPER = 36
_POLL_SECONDS = 0.02


def keep(command: list[str]) -> int:
    """Run the command until it ends or our input does; gives its exit status."""
    # Whatever the server leaves behind becomes our child, whatever session it made its own.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    select.select([sys.stdin, os.pidfd_open(server.pid)], [], [])
    server.terminate()
    try:
        status = server.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        status = server.wait()
    deadline = time.monotonic() + ORPHANS_SECONDS
    while has_children():
        if time.monotonic() > deadline:
            for pid in children():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(_POLL_SECONDS)
    # A server that was ended by a signal has a negative status here.
    return status if status >= 0 else 128 - status


def has_children() -> bool:
    """Bury the children that have ended; whether others are left."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        return False
    return True


def children() -> list[int]:
    """Our own children now."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        # The command's name stands in parentheses and may hold anything.
        with contextlib.suppress(OSError):
            after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(after_name[1]) == os.getpid():
                found.append(int(entry.name))
    return found


if __name__ == "__main__":
    sys.exit(keep(sys.argv[1:]))
