"""What a server would agree on with somebody who offers nothing good.

One connection each for SSL 2.0, for the broken suites and for Diffie-Hellman over primes; where a
broken suite is taken, one more for every kind that is left.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from advisor.formats.tls_hello import broken_hello, diffie_hellman_hello
from advisor.model.tls_names import BROKEN, suite_name
from advisor.probing.handshakes import ACCEPTED, UNKNOWN, Counter, Reply

InTurn = Callable[[Callable[[], Awaitable[Reply]]], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Weaknesses:
    """The *word* on SSL 2.0, the *broken* suites that were taken by kind, and a prime's bits."""

    ssl2: str = UNKNOWN
    broken: dict[str, str] = field(default_factory=dict)
    dh_bits: int | None = None


async def weaknesses(counter: Counter, in_turn: InTurn) -> Weaknesses:
    """What *counter*'s server takes; *in_turn* keeps the number of connections at a time."""
    ssl2, broken, bits = await asyncio.gather(
        in_turn(counter.offer_ssl2), _broken(counter, in_turn), _dh_bits(counter, in_turn)
    )
    return Weaknesses(ssl2.word, broken, bits)


async def _broken(counter: Counter, in_turn: InTurn) -> dict[str, str]:
    """Every kind that the server takes with the suite that it chose of it."""
    found: dict[str, str] = {}
    left = list(BROKEN)
    while left:
        hello = broken_hello(counter.endpoint.host, secrets.token_bytes(64), left)

        async def ask(hello: bytes = hello) -> Reply:
            return await counter.ask(hello)

        reply = await in_turn(ask)
        if reply.word != ACCEPTED or reply.hello is None:
            break
        cipher = reply.hello.cipher
        kind = next((one for one in left if cipher in BROKEN[one]), None)
        if kind is None:
            break
        found[kind] = suite_name(cipher)
        left.remove(kind)
    return {kind: found[kind] for kind in BROKEN if kind in found}


async def _dh_bits(counter: Counter, in_turn: InTurn) -> int | None:
    hello = diffie_hellman_hello(counter.endpoint.host, secrets.token_bytes(64))

    async def ask() -> Reply:
        return await counter.ask(hello)

    return prime_bits((await in_turn(ask)).key_exchange)


def prime_bits(key_exchange: str | None) -> int | None:
    """2048 for “dh 2048”; None for other ways to agree on a key."""
    name, _, bits = (key_exchange or "").partition(" ")
    return int(bits) if name == "dh" and bits.isdigit() else None
