"""A mail server of tests: it says what it is told to offer, refuses every login, and remembers.

Real enough for real programs to come as far as their passwords; on loopback, on a free port.
"""

from __future__ import annotations

import base64
import binascii
import re
import socket
import ssl
import threading
from contextlib import ExitStack, suppress
from types import TracebackType

CRLF = b"\r\n"
SECONDS = 15.0


class Listener:
    """One server for one of ``imap``, ``pop3`` and ``smtp``.

    *context* is its certificate; *implicit* says that TLS comes first, *upgrades* that STARTTLS is
    offered. Everything it was sent is in *heard*, decrypted; *logins* are the user names and
    passwords it was given.
    """

    def __init__(
        self,
        protocol: str,
        context: ssl.SSLContext | None,
        *,
        implicit: bool,
        upgrades: bool,
        address: str = "127.0.0.1",
    ) -> None:
        self.protocol = protocol
        self.heard: list[bytes] = []
        self.logins: list[tuple[str, str]] = []
        self.finished = threading.Event()
        self._context, self._implicit, self._upgrades = context, implicit, upgrades
        self._socket = socket.create_server((address, 0))
        self.port: int = self._socket.getsockname()[1]

    def __enter__(self) -> Listener:
        """Listen."""
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up."""
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(SECONDS)
        with ExitStack() as stack, suppress(OSError, ValueError):
            stack.callback(self.finished.set)
            stack.enter_context(connection)
            if self._implicit:
                connection = stack.enter_context(self.begin_tls(connection))
            Dialogue(self, connection, stack, self._upgrades).run()

    def begin_tls(self, connection: socket.socket) -> socket.socket:
        """The same connection inside TLS."""
        assert self._context is not None
        return self._context.wrap_socket(connection, server_side=True)


class Dialogue:
    """One connection."""

    def __init__(
        self, listener: Listener, connection: socket.socket, stack: ExitStack, upgrades: bool
    ) -> None:
        self._listener, self._upgrades, self._stack = listener, upgrades, stack
        self._use(connection)

    def _use(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lines = self._stack.enter_context(connection.makefile("rb"))

    def run(self) -> None:
        """Until the other side hangs up."""
        greetings = {"imap": "* OK ready", "pop3": "+OK ready", "smtp": "220 localhost ready"}
        self._say(greetings[self._listener.protocol])
        while line := self._read():
            word = line.split(b" ")[1 if self._listener.protocol == "imap" else 0]
            getattr(self, f"_{self._listener.protocol}")(word.upper().strip(), line.strip(CRLF))

    def _say(self, *lines: str) -> None:
        self._connection.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def _read(self) -> bytes:
        line = self._lines.readline(8192)
        self._listener.heard.append(line)
        return line

    def _upgrade(self) -> None:
        self._use(self._stack.enter_context(self._listener.begin_tls(self._connection)))
        self._upgrades = False

    def _login(self, username: bytes, password: bytes) -> None:
        self._listener.logins.append((username.decode(), password.decode()))

    def _plain(self, answer: bytes) -> None:
        try:
            _, username, password = base64.b64decode(answer, validate=True).split(b"\0")
        except (binascii.Error, ValueError):
            return
        self._login(username, password)

    def _imap(self, word: bytes, line: bytes) -> None:
        tag = line.split(b" ")[0].decode()
        if word == b"CAPABILITY":
            offer = " STARTTLS" if self._upgrades else ""
            self._say(f"* CAPABILITY IMAP4rev1 AUTH=PLAIN{offer}", f"{tag} OK done")
        elif word == b"STARTTLS" and self._upgrades:
            self._say(f"{tag} OK begin")
            self._upgrade()
        elif word == b"AUTHENTICATE":
            self._say("+ ")
            self._plain(self._read().strip(CRLF))
            self._say(f"{tag} NO refused")
        elif word == b"LOGIN":
            given = self._strings(line.split(b" ", 2)[2])
            if len(given) == 2:
                self._login(*given)
            self._say(f"{tag} NO refused")
        elif word == b"LOGOUT":
            self._say("* BYE", f"{tag} OK done")
        elif word in (b"NOOP", b"ID"):
            self._say(f"{tag} OK done")
        else:
            self._say(f"{tag} BAD no")

    def _strings(self, text: bytes) -> list[bytes]:
        """The atoms, quoted strings and literals in *text* (RFC 9051 §4.3)."""
        found: list[bytes] = []
        while text := text.strip(b" \r\n"):
            if literal := re.fullmatch(rb"\{(\d+)(\+?)\}", text):
                if not literal[2]:
                    self._say("+ go on")
                found.append(self._lines.read(int(literal[1])))
                self._listener.heard.append(found[-1])
                text = self._read()
            elif quoted := re.match(rb'"((?:[^"\\]|\\.)*)"', text):
                found.append(re.sub(rb"\\(.)", rb"\1", quoted[1]))
                text = text[quoted.end() :]
            else:
                atom, _, text = text.partition(b" ")
                found.append(atom)
        return found

    def _pop3(self, word: bytes, line: bytes) -> None:
        if word == b"CAPA":
            offer = ["STLS"] if self._upgrades else []
            self._say("+OK", "USER", "UIDL", *offer, ".")
        elif word == b"STLS" and self._upgrades:
            self._say("+OK")
            self._upgrade()
        elif word == b"USER":
            self._say("+OK")
            self._login(line.partition(b" ")[2], b"")
        elif word == b"PASS":
            username, _ = self._listener.logins.pop()
            self._login(username.encode(), line.partition(b" ")[2])
            self._say("-ERR [AUTH] refused")
        elif word == b"QUIT":
            self._say("+OK")
        else:
            self._say("-ERR no")

    def _smtp(self, word: bytes, line: bytes) -> None:
        if word == b"EHLO":
            offer = ["250-STARTTLS"] if self._upgrades else []
            self._say("250-localhost", *offer, "250 AUTH PLAIN")
        elif word == b"STARTTLS" and self._upgrades:
            self._say("220 go")
            self._upgrade()
        elif word == b"AUTH":
            _, _, answer = (*line.split(b" "), b"")[:3]
            if not answer:
                self._say("334 ")
                answer = self._read().strip(CRLF)
            self._plain(answer)
            self._say("535 5.7.8 refused")
        elif word == b"QUIT":
            self._say("221 bye")
        else:
            self._say("502 5.5.2 no")
