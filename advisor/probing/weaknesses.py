"""What a server would agree on with somebody who offers nothing good.

One connection each for SSL 2.0, for the broken suites and for Diffie-Hellman over primes; where a
broken suite is taken, one more for every kind that is left: nine at most.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import replace

from advisor.dialogues._base import Dialogue
from advisor.formats.tls import SSL2
from advisor.formats.tls_hello import broken_hello, diffie_hellman_hello
from advisor.model.endpoint import Endpoint
from advisor.model.handshake import TlsDetails
from advisor.model.observation import TlsObservation
from advisor.model.tls_names import BROKEN, suite_name
from advisor.net._seams import Connector
from advisor.probing.handshakes import ACCEPTED, Counter, Reply


async def tempted(
    endpoint: Endpoint, dialogue: Dialogue | None, connector: Connector, tls: TlsObservation
) -> TlsObservation:
    """*tls* with what the server takes of that; two connections at a time."""
    counter = Counter(endpoint, dialogue, connector)
    (ssl2, prime), broken = await asyncio.gather(_old(counter), _broken(counter))
    details = tls.details or TlsDetails()
    primes = [bits for bits in (details.dh_bits, shortest_prime([prime])) if bits is not None]
    return replace(
        tls,
        versions={SSL2: ssl2.word, **tls.versions},
        details=replace(details, broken=broken, dh_bits=min(primes, default=None)),
    )


async def _old(counter: Counter) -> tuple[Reply, Reply]:
    """What comes of SSL 2.0, and of Diffie-Hellman."""
    ssl2 = await counter.offer_ssl2()
    hello = diffie_hellman_hello(counter.endpoint.host, secrets.token_bytes(64))
    return ssl2, await counter.ask(hello)


async def _broken(counter: Counter) -> dict[str, str]:
    """Every kind that the server takes with the suite that it chose of it."""
    found: dict[str, str] = {}
    left = list(BROKEN)
    while left:
        hello = broken_hello(counter.endpoint.host, secrets.token_bytes(64), left)
        reply = await counter.ask(hello)
        if reply.word != ACCEPTED or reply.hello is None:
            break
        cipher = reply.hello.cipher
        kind = next((one for one in left if cipher in BROKEN[one]), None)
        if kind is None:
            break
        found[kind] = suite_name(cipher)
        left.remove(kind)
    return {kind: found[kind] for kind in BROKEN if kind in found}


def shortest_prime(replies: Iterable[Reply]) -> int | None:
    """The fewest bits of Diffie-Hellman in *replies*: 2048 for “dh 2048”; None without any."""
    told = ((reply.key_exchange or "").partition(" ") for reply in replies)
    bits = [int(size) for name, _, size in told if name == "dh" and size.isdigit()]
    return min(bits, default=None)
