"""Which addresses may be connected to, and in which order."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from itertools import chain, zip_longest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# RFC 6052 §2.1: the well-known prefix of NAT64, which carries an IPv4 address.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# RFC 5737 and RFC 3849; nothing is ever sent to them.
_DOCUMENTATION = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}


def literal(host: str) -> Address | None:
    """*host* as an IP address, or None where it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_public(text: str) -> bool:
    """Does *text* lead to the public Internet?

    Private, loopback, link-local, multicast, documentation and reserved addresses do not, nor do
    IPv6 addresses that carry such an IPv4 address (mapped, 6to4, NAT64).
    """
    address = ipaddress.ip_address(text)
    inner = _inner(address) if isinstance(address, ipaddress.IPv6Address) else None
    return all(
        one.is_global and not one.is_multicast and not one.is_reserved
        for one in ((address,) if inner is None else (inner,))
    )


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def interleaved(ipv6: Iterable[str], ipv4: Iterable[str], *, ipv6_first: bool) -> tuple[str, ...]:
    """Both families in turn, so that one broken family costs one attempt (RFC 8305 §4)."""
    first, second = (ipv6, ipv4) if ipv6_first else (ipv4, ipv6)
    pairs = zip_longest(first, second)
    return tuple(dict.fromkeys(address for address in chain(*pairs) if address is not None))


def has_ipv6_route() -> bool:
    """Would this machine send to a global IPv6 address? Asks the routing table, sends nothing."""
    source = _source(socket.AF_INET6)
    return source is not None and ipaddress.IPv6Address(source.partition("%")[0]).is_global


def has_ipv4_route() -> bool:
    """The same for IPv4, where private addresses are translated on the way."""
    return _source(socket.AF_INET) is not None


def _source(family: socket.AddressFamily) -> str | None:
    """The address from which this machine would send to the Internet."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((_DOCUMENTATION[family], 9))
            return str(probe.getsockname()[0])
    except OSError:
        return None
