"""Mozilla's remote control, Marionette: JSON messages of known length over TCP.

A message is its length in bytes, a colon, and ``[type, id, name, parameters]``; an answer is
``[1, id, error, result]``.
"""

from __future__ import annotations

import json
import socket
import time
from typing import Any

POLL_SECONDS = 0.05
# What an element is called in the messages (W3C WebDriver §12).
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
LONGEST = 64 * 1024 * 1024


class MarionetteError(Exception):
    """The program did not do what it was asked to, and why."""


class Marionette:
    """One session with the program that listens on *port*, in its own windows (context chrome)."""

    def __init__(self, port: int, deadline: float) -> None:
        """Connect as soon as somebody listens, until *deadline* (monotonic seconds)."""
        self._socket = _connected(port, deadline)
        self._lines = self._socket.makefile("rb")
        self._number = 0
        self._read()  # who is there
        # Questions that somebody forgot are answered with no, and without an error.
        self.ask("WebDriver:NewSession", unhandledPromptBehavior="dismiss")
        self.ask("Marionette:SetContext", value="chrome")

    def ask(self, name: str, **parameters: Any) -> Any:
        """The result of the command *name*.

        Raises:
            MarionetteError: the program's own word for what went wrong.
        """
        self._number += 1
        text = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, result = self._read()
        if error:
            raise MarionetteError(f"{error['error']}: {error['message']}")
        return result.get("value", result) if isinstance(result, dict) else result

    def run(self, script: str, *arguments: Any) -> Any:
        """What *script*, the body of a function of *arguments*, returns in the front window.

        A promise is waited for.
        """
        return self.ask("WebDriver:ExecuteScript", script=script, args=list(arguments))

    def close(self) -> None:
        """Hang up; the program goes on."""
        self._lines.close()
        self._socket.close()

    def _read(self) -> Any:
        length = b""
        while (byte := self._lines.read(1)) != b":":
            if not byte.isdigit():
                raise MarionetteError("the program hung up")
            length += byte
        assert int(length) < LONGEST
        return json.loads(self._lines.read(int(length)))


def _connected(port: int, deadline: float) -> socket.socket:
    while True:
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=1)
        except OSError:
            if time.monotonic() > deadline:
                raise MarionetteError(f"nobody listens on port {port}") from None
            time.sleep(POLL_SECONDS)
        else:
            connection.settimeout(60)
            return connection
