"""Network namespaces that end with whoever made them, joined by virtual cables."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .daemon import LabError

_CLONE_NEWNET = 0x40000000


class Namespace:
    """A network of its own, with a loopback that is up; nothing of it is left after ``end``."""

    def __init__(self) -> None:
        """Held by a process that ends when our end of its input does."""
        self._keeper = subprocess.Popen(
            ["unshare", "-n", "sh", "-c", "ip link set lo up && echo up && exec cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._keeper.stdout is not None
        if self._keeper.stdout.readline() != b"up\n":
            self.end()
            raise LabError("this machine makes no network namespaces")

    @property
    def pid(self) -> int:
        """A process in it."""
        return self._keeper.pid

    @contextmanager
    def inside(self) -> Iterator[None]:
        """This thread, and what it starts, is in there for a while."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        away = os.open(f"/proc/{self.pid}/ns/net", os.O_RDONLY)
        try:
            _enter(away)
            yield
        finally:
            _enter(home)
            os.close(away)
            os.close(home)

    def run(self, command: str, text: str | None = None) -> None:
        """Run the words of *command* in there, with *text* as its input.

        Raises:
            LabError: it failed, and what it said.
        """
        with self.inside():
            done = subprocess.run(
                command.split(), input=text, capture_output=True, text=True, check=False
            )
        if done.returncode:
            raise LabError(f"{command}: {done.stderr.strip()}")

    def allow(self, setting: str) -> None:
        """Switch on *setting*, a path below ``/proc/sys/net``."""
        with self.inside():
            Path("/proc/sys/net", setting).write_text("1")

    def end(self) -> None:
        """Let it go; the cables go with it."""
        assert self._keeper.stdin is not None
        assert self._keeper.stdout is not None
        self._keeper.stdin.close()
        self._keeper.stdout.close()
        self._keeper.wait()


def join(first: Namespace, second: Namespace, name: str, addresses: tuple[str, str]) -> None:
    """A cable between two namespaces, whose ends are called *name* and have these addresses."""
    first.run(f"ip link add {name} type veth peer name {name} netns {second.pid}")
    for end, address in zip((first, second), addresses, strict=True):
        end.run(f"ip addr add {address} dev {name}{' nodad' if ':' in address else ''}")
        end.run(f"ip link set {name} up")


def _enter(descriptor: int) -> None:
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, _CLONE_NEWNET):
        raise LabError(f"setns: {os.strerror(ctypes.get_errno())}")
