"""The vocabulary of Autodiscover, and what its words for encryption come to on a port.

``SSL`` (on, off) says whether a login needs TLS, not how TLS begins; ``Encryption`` (None, SSL,
TLS, Auto) says that, overrides ``SSL``, and is unknown to many programs and servers. So the two
are often missing, contradict each other or the port, or hold other words.

See: [MS-OXDSCLI] §2.2.4.1.1.2.6.
"""

from __future__ import annotations

from dataclasses import dataclass

from advisor.model.endpoint import CONVENTIONAL, Protocol, Security, conventional_ports
from advisor.model.text import printable

_SCHEMAS = "http://schemas.microsoft.com/exchange/autodiscover/"
REQUEST = f"{_SCHEMAS}outlook/requestschema/2006"
ROOT = f"{_SCHEMAS}responseschema/2006"
RESPONSE = f"{_SCHEMAS}outlook/responseschema/2006a"

# Types are compared in upper case. Sections of other types (WEB, NNTP …) are skipped.
MAIL = {"IMAP": Protocol.IMAP, "POP3": Protocol.POP3, "SMTP": Protocol.SMTP}
EXCHANGE = ("EXCH", "EXPR", "EXHTTP")
# Read by eM Client, in no document of Microsoft's.
BY_URL = {"CALDAV": Protocol.CALDAV, "CARDDAV": Protocol.CARDDAV}

# How sections are written, in this order: IMAP first, because some readers take the first.
TYPES = {
    Protocol.IMAP: "IMAP",
    Protocol.POP3: "POP3",
    Protocol.SMTP: "SMTP",
    Protocol.CALDAV: "CalDAV",
    Protocol.CARDDAV: "CardDAV",
}

# ``SSL on`` goes with STARTTLS too: readers that know no Encryption take "off" for clear text.
WRITTEN = {
    Security.TLS: ("on", "SSL"),
    Security.STARTTLS: ("on", "TLS"),
    Security.NONE: ("off", "None"),
}

_ENCRYPTION = {"none": Security.NONE, "ssl": Security.TLS, "tls": Security.STARTTLS}
_SSL = {"on": Security.TLS, "off": Security.NONE}
_WAYS = {
    Security.TLS: "TLS from the first byte",
    Security.STARTTLS: "STARTTLS",
    Security.NONE: "no encryption",
}


@dataclass(frozen=True, slots=True)
class Way:
    """A port and how TLS begins there; *doubt* says what else it could mean, or is "".

    *security* is None where nobody can know.
    """

    port: int
    security: Security | None
    doubt: str = ""


def way(protocol: Protocol, port: int | None, ssl: str | None, encryption: str | None) -> Way:
    """What *ssl* and *encryption*, as they stand there, mean for *protocol* on *port*.

    None stands for an element, or a port, that is not there. Where the words and the convention of
    the port contradict each other, the port is believed.
    """
    said, is_clear = _said(ssl, encryption)
    words = _shown(ssl, encryption)
    if port is None:
        return _by_default_port(protocol, said, words)
    usual = CONVENTIONAL.get((protocol, port))
    if said is None or (usual is not None and _contradicts(said, usual)):
        return Way(port, usual, _doubt(words, port, usual))
    if is_clear and (said is usual or encryption is not None):
        return Way(port, said)
    return Way(port, said, _doubt(words, port, said))


def _said(ssl: str | None, encryption: str | None) -> tuple[Security | None, bool]:
    """What the words say, if anything; and whether they say it without contradiction."""
    needed = _SSL.get("on" if ssl is None else ssl.lower())
    if encryption is None:
        return needed, needed is not None
    said = _ENCRYPTION.get(encryption.lower())
    if ssl is None:
        return said, True
    both = {needed, said}
    return said, needed is not None and both != {Security.TLS, Security.NONE}


def _contradicts(said: Security, usual: Security) -> bool:
    """Clear text on a port for STARTTLS is no contradiction, only unsafe."""
    return said is not usual and not (said is Security.NONE and usual is Security.STARTTLS)


def _by_default_port(protocol: Protocol, said: Security | None, words: str) -> Way:
    for port, security in conventional_ports(protocol):
        if security is said:
            return Way(port, said, f"names no port and says {words}: read as port {port}")
    return Way(0, None, f"names no port and says {words}: nobody can know which one is meant")


def _doubt(words: str, port: int, security: Security | None) -> str:
    if security is None:
        return f"says {words} for port {port}: nobody can know how encryption begins there"
    return f"says {words} for port {port}: read as {_WAYS[security]}"


def _shown(ssl: str | None, encryption: str | None) -> str:
    """The words as they stand in the document."""
    parts = {"SSL": ssl, "Encryption": encryption}
    told = [f"{name} “{printable(text, 20)}”" for name, text in parts.items() if text is not None]
    return " and ".join(told) or "neither SSL nor Encryption"
