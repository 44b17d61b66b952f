"""Is this certificate for that host? The comparison of names, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

from advisor.model.address import host_name


def ip_literal(text: str) -> IPv4Address | IPv6Address | None:
    """*text* as an IP address, with or without brackets, or None for anything else."""
    try:
        return ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def matches(host: str, names: Iterable[str]) -> bool:
    """Does any of a certificate's subject alternative *names* stand for *host*?

    *names* are DNS names and IP addresses as ``model.observation.Certificate`` holds them; the
    common name is never asked for. A wildcard counts only as the whole left-most label and for
    exactly one label. An IP address matches only itself.

    See: RFC 9525 §6.3 (DNS-ID) and §6.4 (IP-ID).
    """
    address = ip_literal(host)
    if address is not None:
        return any(ip_literal(name) == address for name in names)
    wanted = _a_labels(host)
    return bool(wanted) and any(_names(name.lower().removesuffix("."), wanted) for name in names)


def _a_labels(host: str) -> str:
    if host.isascii():
        return host.lower().removesuffix(".")
    return host_name(host) or ""


def _names(name: str, host: str) -> bool:
    if not name.startswith("*."):
        return name == host and "*" not in name
    _, dot, parent = host.partition(".")
    return bool(dot and parent) and "*" not in parent and name[2:] == parent
