"""Could a mail program still connect to a server? What it offers, and what came of trying that."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProgramHello:
    """The first message of TLS as programs on one library send it, and what they accept then.

    *lowest* and *highest* are versions as ``TlsObservation`` names them, *suites* are named as
    OpenSSL names them, *groups* and *signatures* as IANA does, all in the order of the message;
    *sni*: the server's name is sent. *refuses* are hashes of signatures in certificates. Bits are
    the shortest RSA key, and the shortest and longest prime of Diffie-Hellman, None for no limit.
    """

    id: str
    lowest: str
    highest: str
    sni: bool
    suites: tuple[str, ...]
    groups: tuple[str, ...]
    signatures: tuple[str, ...]
    refuses: tuple[str, ...] = ()
    least_rsa_bits: int | None = None
    least_dh_bits: int | None = None
    most_dh_bits: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """The versions of TLS that a program offers, as ``TlsObservation`` names them.

    *system* is where it does so, or None for everywhere; *sni*: it sends the server's name.
    *lowest* is None where nobody knows. *range* is of the program's versions. *hello* is its whole
    offer, None where only the versions are known.
    """

    range: str
    system: str | None
    lowest: str | None
    highest: str
    sni: bool
    confidence: str
    source: str
    hello: ProgramHello | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """Where this is from, and where the hello is from."""
        return (self.source,) if self.hello is None else (self.source, self.hello.source)


@dataclass(frozen=True, slots=True)
class ClientReach:
    """One mail program, in some of its versions and on some *systems*, before one endpoint.

    *ranges* are of its versions, empty for all. *connects* is None where that is not known.
    *why* is a clause, empty where it connects; *confidence* is that of the data, None without.
    *measured*: this very offer was sent to the server; otherwise the answer is worked out.
    """

    client: str
    name: str
    ranges: tuple[str, ...]
    systems: tuple[str, ...]
    connects: bool | None
    why: str
    confidence: str | None
    sources: tuple[str, ...]
    measured: bool = False
