"""Whether each address of a host takes connections, IPv4 and IPv6 told apart."""

from __future__ import annotations

import asyncio
import ipaddress

from advisor.errors import LookupFailed, ProbeFailed
from advisor.model.endpoint import Endpoint
from advisor.model.evidence import Problem
from advisor.net._addresses import has_ipv6_route, literal
from advisor.net._seams import Connector, Resolver

# How many addresses of each family are tried.
EACH = 2
OPEN, NO_ROUTE = "open", "no-route"


async def families(
    endpoint: Endpoint, resolver: Resolver, connector: Connector, *, patience: float
) -> dict[str, str]:
    """Address → open, no-route (nothing of this family leaves this computer) or the problem.

    Each has *patience* seconds to take the connection, which is closed at once.
    Empty where the host has addresses of one family only, as nothing is to be compared then.
    """
    if literal(endpoint.host) is not None:
        return {}
    try:
        found = [ipaddress.ip_address(one) for one in await resolver.addresses(endpoint.host)]
    except LookupFailed:
        return {}
    chosen = [
        address
        for version in (6, 4)
        for address in [one for one in found if one.version == version][:EACH]
    ]
    if len({address.version for address in chosen}) < 2:
        return {}
    told = await asyncio.gather(
        *(_reach(one, endpoint.port, connector, patience) for one in chosen)
    )
    return dict(zip(map(str, chosen), told, strict=True))


async def _reach(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
    port: int,
    connector: Connector,
    patience: float,
) -> str:
    if address.version == 6 and address.is_global and not has_ipv6_route():
        return NO_ROUTE
    try:
        async with asyncio.timeout(patience):
            stream = await connector.connect(str(address), port)
    except ProbeFailed as error:
        return error.problem.value
    except TimeoutError:
        return Problem.TIMEOUT.value
    await stream.close()
    return OPEN
