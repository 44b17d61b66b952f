"""An IMAP server on the loopback that lets one user in and keeps every byte it is sent."""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from dataclasses import dataclass, field

USER = "jane@example.org"
PASSWORD = "s3cret-Pa55word"


@dataclass
class Mailbox:
    """*users* may sign in by PLAIN with ``PASSWORD``; *starttls* is its TLS, if it offers that.

    *refusal* is what others hear; *greeting* comes first on every connection.
    """

    starttls: ssl.SSLContext | None = None
    users: tuple[str, ...] = (USER,)
    refusal: str = "NO [AUTHENTICATIONFAILED] Authentication failed."
    greeting: str = "* OK ready"
    mechanisms: str = "AUTH=PLAIN"
    sent: bytearray = field(default_factory=bytearray)
    tries: int = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        self._say(writer, self.greeting)
        while line := await reader.readline():
            self.sent += line
            tag, _, command = line.decode(errors="replace").strip().partition(" ")
            match command.upper().partition(" ")[0]:
                case "CAPABILITY":
                    upgrade = " STARTTLS" if self.starttls else ""
                    self._say(writer, f"* CAPABILITY IMAP4rev1 SASL-IR {self.mechanisms}{upgrade}")
                    self._say(writer, f"{tag} OK done")
                case "STARTTLS" if self.starttls is not None:
                    self._say(writer, f"{tag} OK begin")
                    await writer.start_tls(self.starttls)
                case "AUTHENTICATE":
                    self.tries += 1
                    right = {b64encode(f"\0{u}\0{PASSWORD}".encode()).decode() for u in self.users}
                    ok = command.rpartition(" ")[2] in right
                    self._say(writer, f"{tag} {'OK in' if ok else self.refusal}")
                case _:
                    self._say(writer, f"{tag} OK done")

    def _say(self, writer: asyncio.StreamWriter, line: str) -> None:
        writer.write(line.encode() + b"\r\n")
