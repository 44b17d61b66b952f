"""Sending a server what mail programs would send, to see which of them it takes."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import replace

from advisor.dialogues._base import Dialogue
from advisor.formats.tls import VERSIONS
from advisor.formats.tls_hello import program_hello
from advisor.model.endpoint import Endpoint
from advisor.model.handshake import TlsDetails, Tried
from advisor.model.observation import TlsObservation
from advisor.model.reach import ProgramHello
from advisor.model.tls_names import group_name, suite_name
from advisor.net._seams import Connector
from advisor.probing.handshakes import ACCEPTED, REFUSED, UNKNOWN, Counter, Reply

# Hellos that are sent to one endpoint, and connections at a time; a server may count them.
MOST = 24
_AT_ONCE = 2


async def tried(
    endpoint: Endpoint,
    dialogue: Dialogue | None,
    connector: Connector,
    tls: TlsObservation,
    hellos: Sequence[ProgramHello],
) -> AsyncGenerator[TlsObservation, None]:
    """*tls* with what came of each of *hellos*, again whenever more is known.

    Those without a version that the server accepts are not sent, as their end is known; of the
    others ``MOST`` at most, those first that lack what the server chose of a full offer.
    """
    details = tls.details or TlsDetails()
    counter = Counter(endpoint, dialogue, connector)
    slots = asyncio.Semaphore(_AT_ONCE)

    async def ask(program: ProgramHello) -> tuple[str, Tried]:
        async with slots:
            hello = program_hello(program, endpoint.host, secrets.token_bytes(64))
            return program.id, judged(program, await counter.ask(hello))

    found: dict[str, Tried] = {}
    tasks = [asyncio.create_task(ask(one)) for one in chosen(hellos, tls)]
    try:
        for task in asyncio.as_completed(tasks):
            name, what = await task
            found[name] = what
            ordered = dict(sorted(found.items()))
            yield replace(tls, details=replace(details, tried=ordered))
    finally:
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def chosen(hellos: Iterable[ProgramHello], tls: TlsObservation) -> list[ProgramHello]:
    """Those of *hellos* that are worth a connection: first the ones in doubt, then by age."""
    accepted = {name for name, word in tls.versions.items() if word == ACCEPTED} & set(VERSIONS)
    common = {one: _common(one, accepted) for one in hellos}
    fitting = [one for one, versions in common.items() if versions]
    return sorted(fitting, key=lambda one: _rank(one, common[one][-1], tls))[:MOST]


def _common(program: ProgramHello, accepted: Iterable[str]) -> list[str]:
    """The versions that both sides have, oldest first."""
    span = range(VERSIONS[program.lowest], VERSIONS[program.highest] + 1)
    return sorted((one for one in accepted if VERSIONS[one] in span), key=VERSIONS.__getitem__)


def _rank(program: ProgramHello, version: str, tls: TlsObservation) -> tuple[int, int, int, str]:
    """How sure it is that *program* fits, by what was chosen of a full offer; then its age.

    0 for who lacks the suite, 1 for who lacks the group, 2 for who has both.
    """
    agreed = tls.details.agreements.get(version) if tls.details else None
    sure = 0
    if agreed is not None and agreed.cipher in program.suites:
        sure = 2 if agreed.key_exchange in (*program.groups, "rsa") else 1
    return sure, VERSIONS[program.highest], VERSIONS[program.lowest], program.id


def judged(program: ProgramHello, reply: Reply) -> Tried:
    """What *program* makes of the server's *reply*: it hangs up on what it did not offer."""
    hello = reply.hello
    if reply.word != ACCEPTED or hello is None:
        return Tried(UNKNOWN if reply.word == UNKNOWN else REFUSED)
    suite = suite_name(hello.cipher)
    fits = VERSIONS.get(hello.version, 0) >= VERSIONS[program.lowest] and suite in program.suites
    if hello.group is not None and group_name(hello.group) not in program.groups:
        fits = False
    word = ACCEPTED if fits else REFUSED
    return Tried(word, hello.version, suite, reply.key_exchange)
