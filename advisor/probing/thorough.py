"""Everything about TLS at one endpoint that takes connections of its own, eleven of them at most.

Each version by a hello of its own (twice where ALPN is in the way), a post-quantum key agreement,
and three handshakes that ask for other server names.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from advisor.dialogues._base import Dialogue
from advisor.formats.tls import VERSIONS, Hello
from advisor.formats.tls_hello import post_quantum_hello
from advisor.model.endpoint import Endpoint
from advisor.model.handshake import Agreement, TlsDetails
from advisor.model.observation import TlsObservation
from advisor.model.tls_names import group_name, suite_name
from advisor.net import chain as chains
from advisor.net._seams import Connector, Resolver
from advisor.probing import dane
from advisor.probing.handshakes import ACCEPTED, REFUSED, UNKNOWN, Counter, Reply
from advisor.probing.server_names import WRONG, Made, compared, make
from advisor.probing.weaknesses import shortest_prime

# Connections at a time; a server may count them.
_AT_ONCE = 2

T = TypeVar("T")


async def examined(
    endpoint: Endpoint,
    dialogue: Dialogue | None,
    connector: Connector,
    resolver: Resolver | None,
    tls: TlsObservation,
    code: int | None,
) -> TlsObservation:
    """*tls* with its versions and details; *code* is how OpenSSL verified the chain, if it did.

    Without a *dialogue* TLS begins with the first byte.
    """
    slots = asyncio.Semaphore(_AT_ONCE)
    counter = Counter(endpoint, dialogue, connector)

    async def in_turn(work: Callable[[], Awaitable[T]]) -> T:
        async with slots:
            return await work()

    offers = (in_turn(partial(counter.offer, version)) for version in VERSIONS)
    names = (
        in_turn(partial(make, endpoint, dialogue, connector, name)) for name in (None, "", WRONG)
    )
    told, made, group, records = await asyncio.gather(
        asyncio.gather(*offers),
        asyncio.gather(*names),
        in_turn(partial(_post_quantum, counter)),
        _records(endpoint, resolver),
    )
    replies = dict(zip(VERSIONS, told, strict=True))
    if replies["TLSv1.3"].word == REFUSED:
        group = REFUSED
    found, links = await _detailed(replies, made, code)
    pinned = dane.judged(records, links, verified=code == 0)
    found = replace(found, post_quantum=group, names=compared(*made), dane=pinned)
    versions = {name: reply.word for name, reply in replies.items()}
    return replace(tls, versions=versions, details=found)


async def _records(endpoint: Endpoint, resolver: Resolver | None) -> tuple[str, ...]:
    """The TLSA records of the endpoint, where there is somebody to ask."""
    if resolver is None:
        return ()
    return await dane.published(endpoint.host, endpoint.port, resolver)


async def _post_quantum(counter: Counter) -> str:
    """The group that the server asks for where only post-quantum ones are offered."""
    hello = post_quantum_hello(counter.endpoint.host, secrets.token_bytes(64))
    reply = await counter.ask(hello)
    if reply.hello is not None and reply.hello.group is not None:
        return group_name(reply.hello.group)
    return UNKNOWN if reply.word == ACCEPTED else reply.word


async def _detailed(
    replies: Mapping[str, Reply], made: list[Made | None], code: int | None
) -> tuple[TlsDetails, tuple[chains.Link, ...]]:
    """The details that the replies and handshakes hold, and the certificates that were sent."""
    clear = replies["TLSv1.2"]
    own = made[0]
    sent = own.chain if own is not None else ()
    if not sent and clear.flight is not None:
        sent = clear.flight.certificates
    links = await asyncio.to_thread(chains.links, sent)
    verdict = chains.verdict(links, code, datetime.now(UTC))
    agreements = {
        version: Agreement(suite_name(reply.hello.cipher), reply.key_exchange)
        for version, reply in replies.items()
        if reply.hello is not None and reply.word == ACCEPTED
    }
    whole = clear.flight is not None and clear.flight.complete
    old = _newest_of_old(replies)
    return TlsDetails(
        agreements=agreements,
        alpn=clear.hello.alpn if clear.hello is not None else None,
        stapled=clear.flight.stapled if whole and clear.flight is not None else None,
        must_staple=links[0].must_staple if links else None,
        sent=len(sent),
        chain=tuple(link.shown for link in links),
        chain_state=verdict.state,
        missing=verdict.missing,
        outdated=verdict.outdated,
        dh_bits=shortest_prime(replies.values()),
        secure_renegotiation=None if old is None else old.renegotiation,
        extended_master_secret=None if old is None else old.extended_master,
        compression=None if old is None else old.compressed,
    ), links


def _newest_of_old(replies: Mapping[str, Reply]) -> Hello | None:
    """The answer in the newest version before TLS 1.3 that is accepted; TLS 1.0 at least."""
    old = (replies[version].hello for version in ("TLSv1.2", "TLSv1.1", "TLSv1"))
    return next((hello for hello in old if hello is not None), None)
