"""Could a mail program still connect to a server? What it offers, and what came of comparing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """The versions of TLS that a program offers, as ``TlsObservation`` names them.

    *system* is where it does so, or None for everywhere; *sni*: it sends the server's name.
    *lowest* is None where nobody knows. *range* is of the program's versions.
    """

    range: str
    system: str | None
    lowest: str | None
    highest: str
    sni: bool
    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class ClientReach:
    """One mail program, in some of its versions and on some *systems*, before one endpoint.

    *ranges* are of its versions, empty for all. *connects* is None where that is not known.
    *why* is a clause, empty where it connects; *confidence* is that of the data, None without.
    """

    client: str
    name: str
    ranges: tuple[str, ...]
    systems: tuple[str, ...]
    connects: bool | None
    why: str
    confidence: str | None
    sources: tuple[str, ...]
