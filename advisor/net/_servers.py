"""Name servers: how they are written, and which ones the system uses."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from advisor.errors import InputError
from advisor.model.text import printable

PORT = 53

_WITH_PORT = re.compile(r"(?:\[(?P<ipv6>[^\]]+)\]|(?P<ipv4>[^:\[\]]+))(?::(?P<port>\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class Server:
    """One recursive name server."""

    address: str
    port: int = PORT

    def __str__(self) -> str:
        if self.port == PORT:
            return self.address
        return (
            f"[{self.address}]:{self.port}"
            if ":" in self.address
            else (f"{self.address}:{self.port}")
        )

    @property
    def is_loopback(self) -> bool:
        """Does the way to it stay on this machine?"""
        return ipaddress.ip_address(self.address).is_loopback


def parse_server(text: str) -> Server:
    """The name server written as ``address``, ``address:port`` or ``[v6]:port``.

    Raises:
        InputError: it is none.
    """
    found = _WITH_PORT.fullmatch(text.strip())
    address = (found["ipv6"] or found["ipv4"]) if found else text.strip()
    port = int(found["port"] or PORT) if found else PORT
    try:
        ipaddress.ip_address(address)
    except ValueError:
        port = 0
    if not 1 <= port <= 65535:
        raise InputError(
            f"{printable(text, 80)} is no name server: give an IP address, with a port where it "
            "is not 53, such as 192.0.2.53 or 127.0.0.1:5353 or [2001:db8::53]:5353"
        )
    return Server(address, port)


def system_servers() -> tuple[str, ...]:
    """The name servers this machine is set up to use; empty where it knows none."""
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver(configure=True)
    except dns.resolver.NoResolverConfiguration:
        return ()
    return tuple(
        str(Server(server, resolver.port))
        for server in resolver.nameservers
        if isinstance(server, str) and "://" not in server
    )
