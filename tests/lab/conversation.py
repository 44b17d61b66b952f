"""A plain client for the lab's own tests: lines over a socket, and TLS when asked for."""

from __future__ import annotations

import socket
import ssl
import warnings
from pathlib import Path
from types import TracebackType

SECONDS = 10.0


class Conversation:
    """One connection to a server, spoken line by line."""

    def __init__(self, address: str, port: int, timeout: float = SECONDS) -> None:
        """Connect; every wait afterwards takes at most *timeout* seconds."""
        self._socket = socket.create_connection((address, port), timeout)
        self._reader = self._socket.makefile("rb")

    def __enter__(self) -> Conversation:
        """The conversation itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up."""
        self._reader.close()
        self._socket.close()

    def line(self) -> str:
        """The next line."""
        return self._reader.readline(8192).decode("latin-1").rstrip("\r\n")

    def say(self, text: str) -> None:
        """Send one line."""
        self._socket.sendall(text.encode() + b"\r\n")

    def read(self) -> bytes:
        """Whatever comes next, of any kind."""
        return self._reader.read1(4096)

    def start_tls(self, context: ssl.SSLContext, name: str) -> str:
        """Begin TLS with the host *name*; gives the version that was agreed on."""
        self._reader.close()
        self._socket = context.wrap_socket(self._socket, server_hostname=name)
        self._reader = self._socket.makefile("rb")
        return str(self._socket.version())

    def certificate_ends(self) -> float:
        """When the server's certificate ends, in seconds since 1970; after verified TLS only."""
        assert isinstance(self._socket, ssl.SSLSocket)
        certificate = self._socket.getpeercert() or {}
        return ssl.cert_time_to_seconds(str(certificate["notAfter"]))

    def imap(self, command: str) -> list[str]:
        """The lines of an IMAP reply; the last is the tagged one."""
        self.say(f"a {command}")
        lines = [self.line()]
        while lines[-1] and not lines[-1].startswith("a "):
            lines.append(self.line())
        return lines

    def pop3(self, command: str) -> list[str]:
        """The lines of a POP3 reply; CAPA has many, everything else one."""
        self.say(command)
        lines = [self.line()]
        while command == "CAPA" and lines[-1] not in (".", ""):
            lines.append(self.line())
        return lines

    def smtp(self, command: str | None = None) -> list[str]:
        """The lines of an SMTP reply; without a command, the greeting."""
        if command is not None:
            self.say(command)
        lines = [self.line()]
        while lines[-1][3:4] == "-":
            lines.append(self.line())
        return lines

    def sieve(self, command: str | None = None) -> list[str]:
        """The lines of a ManageSieve reply; without a command, the greeting."""
        if command is not None:
            self.say(command)
        lines = [self.line()]
        while lines[-1] and not lines[-1].startswith(("OK", "NO", "BYE")):
            lines.append(self.line())
        return lines


def verifying(ca_file: Path) -> ssl.SSLContext:
    """TLS as a careful client speaks it, trusting nobody but the lab's authority."""
    return ssl.create_default_context(cafile=str(ca_file))


def antique(ca_file: Path) -> ssl.SSLContext:
    """The same, but content with TLS 1.0 and its ciphers."""
    context = verifying(ca_file)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    return context
