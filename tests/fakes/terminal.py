"""A terminal to run a command in: two screens, one for stdout and one for stderr."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

_SIGN = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|([\s\S])")


@dataclass
class Screen:
    """What a terminal shows of all that was written to it."""

    written: str
    rows: list[str] = field(default_factory=lambda: [""])
    cursor_shown: bool = True

    def __post_init__(self) -> None:
        self._row = self._column = 0
        for sign in _SIGN.finditer(self.written):
            if sign[2]:
                self._control(sign[1], sign[2])
            else:
                self._type(sign[3])

    def _control(self, how: str, what: str) -> None:
        if what == "A":
            self._row -= int(how or 1)
        elif what == "K":
            row = self.rows[self._row]
            self.rows[self._row] = "" if how == "2" else row[: self._column]
        elif what in "hl" and how == "?25":
            self.cursor_shown = what == "h"
        else:
            assert what == "m", f"the screen does not know ESC [ {how} {what}"

    def _type(self, sign: str) -> None:
        if sign == "\r":
            self._column = 0
        elif sign == "\n":
            self._row += 1
            self.rows += [""] * (self._row + 1 - len(self.rows))
        else:
            row = self.rows[self._row].ljust(self._column)
            self.rows[self._row] = row[: self._column] + sign + row[self._column + 1 :]
            self._column += 1

    @property
    def lines(self) -> list[str]:
        """The lines that are not empty."""
        return [row.rstrip() for row in self.rows if row.strip()]


@dataclass(frozen=True)
class Shown:
    """The exit code of a command, and what its two terminals were sent."""

    code: int
    out: Screen
    err: Screen


def advisor(*args: str, interrupted_at: str = "", **environment: str) -> Shown:
    """Run ``advisor`` with *args*, its stdout and stderr on terminals of their own.

    With *interrupted_at*, Ctrl-C is pressed as soon as stderr shows that text.
    """
    (out, out_slave), (err, err_slave) = pty.openpty(), pty.openpty()
    size = {"COLUMNS": "100", "LINES": "50", "TERM": "xterm-256color"}
    process = subprocess.Popen(
        [sys.executable, "-m", "advisor", *args],
        stdin=subprocess.DEVNULL,
        stdout=out_slave,
        stderr=err_slave,
        env={**os.environ, **size, **environment},
    )
    os.close(out_slave)
    os.close(err_slave)
    heard = {out: b"", err: b""}
    reading, deadline = {out, err}, time.monotonic() + 30
    while reading:
        ready = select.select(reading, [], [], deadline - time.monotonic())[0]
        assert ready, f"the command does not end: {heard}"
        for one in ready:
            try:
                data = os.read(one, 65536)
            except OSError:  # how Linux tells that nobody writes there any more
                data = b""
            heard[one] += data
            if not data:
                reading.discard(one)
        if interrupted_at and interrupted_at in heard[err].decode(errors="replace"):
            interrupted_at = ""
            time.sleep(0.1)  # a person is no faster
            process.send_signal(signal.SIGINT)
    os.close(out)
    os.close(err)
    return Shown(process.wait(10), Screen(heard[out].decode()), Screen(heard[err].decode()))
