"""What lies between this computer and the mail servers, as far as it shows."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.model.endpoint import Protocol, Security
from advisor.model.observation import Observation
from advisor.model.report import Finding


@dataclass(frozen=True, slots=True)
class PathRow:
    """One port of one host, as seen from here.

    *outcome* is open, strange (the connection was taken, and no mail server spoke), refused,
    silent, no-name or unknown; *offered* means that the catalogue of providers names this port of
    this host.
    """

    protocol: Protocol
    host: str
    port: int
    security: Security
    address: str | None
    outcome: str
    offered: bool
    observation: Observation


@dataclass(frozen=True, slots=True)
class NamesRow:
    """What the name servers say.

    *invented* are names that nobody has registered and that led somewhere all the same, and
    *astray* are hosts that lead where these do; *private* are names of hosts that lead to private
    addresses, and *disputed* those that some name servers know and others do not. *compared* is how
    many name servers were asked one by one.
    """

    servers: tuple[str, ...]
    compared: int = 0
    invented: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    astray: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WebRow:
    """What answers on port 80 of a host, which need not be a web server.

    *status* is HTTP's, None where nothing answered in HTTP; *leads_to* is the host that a redirect
    names, which nobody has asked.
    """

    host: str
    address: str | None = None
    status: int | None = None
    leads_to: str | None = None


@dataclass(frozen=True, slots=True)
class Routes:
    """Which ways this computer has: to IPv4, to IPv6, and what they lead to.

    *ipv6_hosts* have an IPv6 address, *no_ipv6_hosts* none. *only* is ipv4 or ipv6 where only that
    may be used.
    """

    ipv4: bool
    ipv6: bool
    ipv6_hosts: tuple[str, ...] = ()
    no_ipv6_hosts: tuple[str, ...] = ()
    only: str | None = None


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """The network as the named hosts show it.

    *ports* maps each port to open (some host spoke), refused (all that answered refused), strange
    (connections are taken, and no mail server speaks), blocked (no way to servers that are known to
    listen), silent (it may be the network or the servers) or unknown.
    """

    hosts: tuple[str, ...]
    ports: dict[str, str]
    paths: tuple[PathRow, ...]
    names: NamesRow
    web: tuple[WebRow, ...]
    routes: Routes
    findings: tuple[Finding, ...]
    version: str
    schema: str = "advisor.doctor/1"
