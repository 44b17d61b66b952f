"""What a thorough look at TLS showed, line by line, for ``--verbose``."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.engine.observed import tls_name
from advisor.model.handshake import ChainState, Dane, SentCertificate, ServerNames, TlsDetails
from advisor.model.text import printable

# Certificates of a chain that are shown.
_SHOWN = 4
_CHAINS = {
    ChainState.COMPLETE: "complete",
    ChainState.SELF_SIGNED: "the server signed its own",
    ChainState.INCOMPLETE: "one of a public authority is missing",
    ChainState.UNKNOWN_ISSUER: "the next one is neither sent nor known here",
    ChainState.PRIVATE: "it ends at an authority that is not trusted here",
    ChainState.WEAK: "a key or signature is too weak for this computer",
    ChainState.EXPIRED: "the server’s own is out of date",
    ChainState.EXPIRED_ABOVE: "one above the server’s own is out of date",
}
_DANE = {"matches": "fit", "differs": "do not fit", "unusable": "cannot be used"}


def details(seen: TlsDetails) -> Iterator[str]:
    """The lines for *seen*."""
    for version, agreed in seen.agreements.items():
        exchange = f", key exchange {agreed.key_exchange}" if agreed.key_exchange else ""
        yield printable(f"{tls_name(version)} agrees on {agreed.cipher}{exchange}")
    if seen.post_quantum != "unknown":
        can = seen.post_quantum if seen.post_quantum != "refused" else "not offered"
        yield printable(f"post-quantum key exchange: {can}")
    yield from _weaknesses(seen)
    if seen.alpn:
        yield f"protocol named in TLS (ALPN): {printable(seen.alpn, 40)}"
    if seen.sent:
        yield from _chain(seen)
    if seen.names is not None:
        yield f"server name: {_names(seen.names)}"
    if seen.stapled is not None:
        promised = ", although the certificate promises one"
        missing = f"not sent{promised if seen.must_staple else ''}"
        yield f"OCSP answer: {'sent along' if seen.stapled else missing}"
    if seen.dane is not None:
        yield _dane(seen.dane)


def _weaknesses(seen: TlsDetails) -> Iterator[str]:
    """What a good server does not take, and what it has."""
    if seen.broken:
        yield printable(f"taken where nothing better is offered: {', '.join(seen.broken.values())}")
    if seen.dh_bits is not None:
        yield f"Diffie-Hellman over primes: {seen.dh_bits} bits"
    for name, has in (
        ("secure renegotiation", seen.secure_renegotiation),
        ("extended master secret", seen.extended_master_secret),
        ("compression", seen.compression),
    ):
        if has is not None:
            yield f"{name}: {'yes' if has else 'no'}"


def _chain(seen: TlsDetails) -> Iterator[str]:
    state = f": {_CHAINS[seen.chain_state]}" if seen.chain_state else ""
    yield f"certificates sent: {seen.sent}{state}"
    for one in seen.chain[:_SHOWN]:
        yield f"  {_certificate(one)}"
    if seen.missing:
        yield f"  missing: {printable(seen.missing, 100)}"


def _certificate(one: SentCertificate) -> str:
    key = f"{one.key} {one.bits}" if one.bits else one.key
    signed = f", signed with {one.signature}" if one.signature else ""
    subject = printable(one.subject, 80) or "no subject"
    return f"{subject}: {key}{signed}, until {one.not_after[:10]}"


def _names(names: ServerNames) -> str:
    if names.needed:
        return "without it another certificate comes, or none"
    if names.own is None or names.none is None:
        return "no certificate came when asked with it, or without it"
    same = names.own == names.none
    return f"{'the same' if same else 'another'} certificate comes without it"


def _dane(seen: Dane) -> str:
    count = f"{len(seen.records)} TLSA record{'s' if len(seen.records) > 1 else ''}"
    usages = f" (usage {', '.join(map(str, seen.usages))})" if seen.usages else ""
    return f"DANE: {count}{usages}, signed, {_DANE[seen.state]}"
