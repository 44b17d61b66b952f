"""Could the programs of the catalogue still connect to an endpoint that was looked at?

Where the endpoint was sent a program's own hello, what came of that decides; else versions of TLS
and suites are compared. Ways to begin, server names, and what a program refuses in certificates
and keys are compared in any case. What is wrong with a certificate for all is told by rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from advisor.engine.observed import tls_name, tls_number
from advisor.engine.refusals import may_fit, refused, unfit
from advisor.formats.tls import VERSIONS
from advisor.model.client import MODES, Client
from advisor.model.endpoint import CONVENTIONAL, Protocol, Security
from advisor.model.handshake import TlsDetails
from advisor.model.observation import ProbeResult, TlsObservation
from advisor.model.reach import ClientReach, Offer, ProgramHello

_BEGINS = {
    Security.TLS: "cannot begin TLS with the first byte",
    Security.STARTTLS: "cannot do STARTTLS here",
}
_CANNOT = {Security.TLS: "starttls-only", Security.STARTTLS: "implicit-only"}
_CONFIDENCE = ("measured", "source", "vendor", "guide", "unverified")


class _Answer(NamedTuple):
    connects: bool | None
    why: str
    measured: bool = False


_Told = tuple[Client, list[tuple[Offer | None, _Answer]]]


def reach(
    result: ProbeResult, clients: Iterable[tuple[Client, Sequence[Offer]]]
) -> tuple[ClientReach, ...]:
    """What becomes of each of *clients* with what it offers; empty where TLS was not made.

    Clients that do not speak the protocol are left out.
    """
    tls = result.observation.tls
    if tls is None:
        return ()
    found: dict[str, list[_Told]] = {}
    for client, offers in clients:
        if result.protocol.value in client.protocols:
            found.setdefault(client.id, []).append((client, _answers(result, tls, client, offers)))
    return tuple(row for told in found.values() for row in _rows(told))


def _answers(
    result: ProbeResult, tls: TlsObservation, client: Client, offers: Sequence[Offer]
) -> list[tuple[Offer | None, _Answer]]:
    if not can_begin(client, result.protocol, result.security, result.port):
        return [(None, _Answer(False, _BEGINS[result.security]))]
    accepted = [name for name, word in tls.versions.items() if word == "accepted"]
    if not offers:
        return [(None, _Answer(None, "nobody has looked up which versions of TLS it offers"))]
    return [(offer, _compared(offer, accepted or [tls.version], tls)) for offer in offers]


def can_begin(client: Client, protocol: Protocol, security: Security, port: int) -> bool:
    """Has *client* a way to begin TLS as *security* says, or are its ways not known?"""
    if client.limit(_CANNOT[security], protocol):
        return False
    if (
        security is Security.STARTTLS
        and protocol is Protocol.SMTP
        and port != 25
        and client.limit("smtp-starttls-on-25-only", protocol)
    ):
        return False
    choices = client.choices(protocol)
    ways = {MODES[security], "auto"}
    if security is Security.STARTTLS:
        ways.add("opportunistic")
    if (protocol, port) not in CONVENTIONAL:  # nobody wrote down what becomes of odd ports
        return not choices or any(one.does in ways for one in choices)
    return not choices or any(one.does in ways and one.does_on(port) for one in choices)


def _compared(offer: Offer, accepted: Sequence[str], tls: TlsObservation) -> _Answer:
    numbers = [VERSIONS[name] for name in accepted if name in VERSIONS]
    if not numbers:
        return _Answer(None, "it is not known which versions of TLS this port accepts")
    lowest = VERSIONS[offer.lowest] if offer.lowest else 0
    if VERSIONS[offer.highest] < min(numbers):
        wanted = tls_name(min(accepted, key=_age))
        says = f"knows {tls_name(offer.highest)} at most, and this port wants {wanted} or newer"
        return _Answer(False, says)
    if offer.lowest and lowest > max(numbers):
        most = tls_name(max(accepted, key=_age))
        return _Answer(
            False, f"wants {tls_name(offer.lowest)} at least, and this port has {most} at most"
        )
    if not any(lowest <= number <= VERSIONS[offer.highest] for number in numbers):
        return _Answer(False, "has no version of TLS in common with this port")
    answer = _offered(offer.hello, tls) if offer.hello else _Answer(True, "")
    if answer.connects is False:
        return answer
    if not offer.sni and tls.details and tls.details.names and tls.details.names.needed:
        return _Answer(False, "sends no server name, and gets no certificate for it without one")
    return answer


def _offered(hello: ProgramHello, tls: TlsObservation) -> _Answer:
    """What comes of a whole *hello* whose versions fit."""
    details = tls.details or TlsDetails()
    came = details.tried.get(hello.id)
    measured = came is not None and came.word != "unknown"
    if came is not None and came.word == "refused":
        return _Answer(False, refused(hello, tls), measured)
    why = unfit(hello, details, came)
    if why:
        return _Answer(False, why, measured)
    if measured or may_fit(hello, details):
        return _Answer(True, "", measured)
    return _Answer(None, "its cipher suites were not tried here")


def _age(version: str) -> float:
    return tls_number(version) or 0


def _rows(told: Sequence[_Told]) -> Iterator[ClientReach]:
    """One row for all versions and systems of a client with which the same becomes of it."""
    systems: dict[tuple[str, _Answer], list[Offer]] = {}
    for client, answers in told:
        for offer, answer in answers:
            same = systems.setdefault((offer.range if offer else client.range, answer), [])
            if offer is not None and offer not in same:
                same.append(offer)
    ranges: dict[tuple[_Answer, tuple[str, ...]], list[str]] = {}
    for (span, answer), offers in systems.items():
        on = tuple(one.system for one in offers if one.system)
        ranges.setdefault((answer, on), []).append(span)
    every = {client.range for client, _ in told}
    for (answer, on), spans in ranges.items():
        used = [one for span in spans for one in systems[span, answer]]
        yield ClientReach(
            client=told[0][0].id,
            name=told[0][0].name,
            ranges=() if every <= set(spans) else tuple(spans),
            systems=on,
            connects=answer.connects,
            why=answer.why,
            confidence=max((one.confidence for one in used), key=_CONFIDENCE.index, default=None),
            sources=tuple(dict.fromkeys(text for one in used for text in one.sources)),
            measured=answer.measured,
        )
