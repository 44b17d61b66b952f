"""A real Chromium, driven through a pipe: pages as people see and print them."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from shutil import which
from typing import Any

import pytest

SECONDS = 30.0
# Width and height in inches.
PAPERS = {"A4": (8.27, 11.69), "Letter": (8.5, 11.0)}
_QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip


class Page:
    """One tab; *asked* are the addresses that it loaded or wanted to load."""

    def __init__(self, given: int, told: int) -> None:
        self._given, self._told = given, told
        self._count = 0
        self._rest = b""
        self._session: str | None = None
        self.asked: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self.call("Page.enable")
        self.call("Network.enable")

    def call(self, method: str, **parameters: Any) -> Any:
        """The result of one command of the DevTools protocol."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._told, json.dumps(message).encode() + b"\0")
        while True:
            said = self._said()
            if said.get("id") == self._count:
                assert "error" not in said, said
                return said["result"]

    def open(self, path: Path, scheme: str = "light") -> None:
        """Show the file *path* to somebody who likes *scheme*, until it is loaded."""
        liked = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=liked)
        self.asked.clear()
        self.call("Page.navigate", url=path.as_uri())
        while self._said().get("method") != "Page.loadEventFired":
            continue

    def value(self, script: str) -> Any:
        """What *script* evaluates to."""
        done = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def printed(self, paper: str) -> bytes:
        """The page as PDF, as its own style wants it, on *paper*."""
        width, height = PAPERS[paper]
        made = self.call(
            "Page.printToPDF", paperWidth=width, paperHeight=height, preferCSSPageSize=False
        )
        return base64.b64decode(made["data"])

    def picture(self) -> bytes:
        """The whole page as PNG."""
        made = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(made["data"])

    def _said(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            assert select([self._given], [], [], SECONDS)[0], "Chromium says nothing"
            piece = os.read(self._given, 1 << 20)
            assert piece, "Chromium is gone"
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\0")
        said: dict[str, Any] = json.loads(line)
        if said.get("method") == "Network.requestWillBeSent":
            self.asked.append(said["params"]["request"]["url"])
        return said


@contextmanager
def chromium(home: Path) -> Iterator[Page]:
    """A page in a Chromium that knows nobody; *home* is an empty folder."""
    program = which("chromium")
    if program is None:
        pytest.skip("chromium is not installed: apt install chromium")
    given, told, theirs = _pipes()
    # The pipes are expected at the descriptors 3 and 4.
    line = f'exec "$@" 3<&{theirs[0]} 4>&{theirs[1]}'
    command = ["bash", "-c", line, "bash", program, *_QUIET, f"--user-data-dir={home}"]
    variables = {"PATH": os.environ["PATH"], "HOME": str(home)}
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, pass_fds=theirs, env=variables)
    for one in theirs:
        os.close(one)
    try:
        yield Page(given, told)
    finally:
        process.terminate()
        process.wait()
        os.close(given)
        os.close(told)


def _pipes() -> tuple[int, int, tuple[int, int]]:
    """Where we read, where we write, and the other ends, out of the way of 3 and 4."""
    given, their_end = os.pipe()
    their_start, told = os.pipe()
    theirs = []
    for one in (their_start, their_end):
        theirs.append(fcntl.fcntl(one, fcntl.F_DUPFD, 100))
        os.close(one)
    return given, told, (theirs[0], theirs[1])
