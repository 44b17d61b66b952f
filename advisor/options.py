"""The operator's choices for everything that may touch the network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ISPDB = "https://v1.ispdb.net/"


@dataclass(frozen=True, slots=True)
class Options:
    """How to ask.

    *nameservers* are ``address`` or ``address:port`` (empty: the system's); *ca_file* is PEM,
    added to the system's trust; *ispdb* is a base URL, the folder of an imported copy, or None
    for none; *local* is a folder of autoconfig files named DOMAIN.xml, or None; *timeout* is the
    whole command's, in seconds; *client* is the mail client that advice is for, as people write
    it. *trust_resolver* says whether to believe what the name servers say of DNSSEC (None: those
    on loopback only); where they are not believed, signatures are checked here, from the keys in
    *trust_anchor*, a file of DS or DNSKEY records (None: the root's).
    """

    offline: bool = False
    probe: bool = True
    nameservers: tuple[str, ...] = ()
    ca_file: Path | None = None
    ispdb: str | Path | None = ISPDB
    local: Path | None = None
    timeout: float = 15.0
    ipv4: bool = True
    ipv6: bool = True
    private_addresses: bool = True
    client: str | None = None
    trust_resolver: bool | None = None
    trust_anchor: Path | None = None
