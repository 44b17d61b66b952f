"""Why a server does not suit a program, in a clause: its suites, its groups, its certificate."""

from __future__ import annotations

from collections.abc import Iterable

from advisor.formats.tls import VERSIONS
from advisor.model.handshake import SentCertificate, TlsDetails, Tried
from advisor.model.observation import TlsObservation
from advisor.model.reach import ProgramHello

# What a suite encrypts with, by the part of its name that tells it; CBC is what is left.
_MODES = {
    "CHACHA20": "ChaCha20-Poly1305",
    "GCM": "AES-GCM",
    "RC4": "RC4",
    "DES-CBC3": "3DES",
    "DES-CBC": "DES",
}
_NAMES = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256"}


def refused(program: ProgramHello, tls: TlsObservation) -> str:
    """Why a server that is known as *tls* did not take the hello of *program*.

    Told by what the server chose of other offers; it never says itself.
    """
    details = tls.details or TlsDetails()
    wanted = _taken(program, details)
    offered = program.suites
    if wanted and not set(wanted) & set(offered):
        if all("ECDSA" in one for one in wanted) and not any("ECDSA" in one for one in offered):
            return "cannot verify ECDSA certificates, and this port has no other"
        for kind, says in ((_mode, "offers only {} suites"), (_exchange, "agrees on keys by {}")):
            own, theirs = set(map(kind, offered)), set(map(kind, wanted))
            if not own & theirs:
                return f"{says.format(_listed(own))}, and this port wants {_listed(theirs)}"
        families = {family for family in map(_family, wanted) if family}
        if len(families) == 1 and not families & set(map(_family, offered)):
            return f"offers no {families.pop()}, and this port wants them"
        return "has no cipher suite in common with this port"
    groups = {one.key_exchange for one in details.agreements.values() if one.key_exchange}
    if program.groups and groups and not groups & set(program.groups):
        return f"has no group for keys in common with this port, which takes {_listed(groups)}"
    return "is refused, and the server does not say why"


def unfit(program: ProgramHello, details: TlsDetails, came: Tried | None) -> str:
    """Why *program* hangs up on what it gets although its hello was taken; empty if it does not."""
    kind, _, size = ((came and came.key_exchange) or "").partition(" ")
    if kind == "dh" and size.isdigit():
        if program.least_dh_bits and int(size) < program.least_dh_bits:
            least = program.least_dh_bits
            return f"wants Diffie-Hellman of at least {least} bits, and this port has {size}"
        if program.most_dh_bits and int(size) > program.most_dh_bits:
            most = program.most_dh_bits
            return f"can do Diffie-Hellman of {most} bits at most, and this port has {size}"
    cipher = (came and came.cipher) or ""
    signed = details.signed
    if not signed or _is_for_another(cipher, signed[0]):
        return ""
    hashes = [one.signature for one in signed if one.signature in program.refuses]
    if hashes:
        hash_ = _NAMES.get(hashes[0] or "", hashes[0])
        return f"does not accept certificates signed with {hash_}, as here"
    bits = [one.bits for one in signed if one.key == "RSA" and one.bits is not None]
    shortest = program.least_rsa_bits
    if shortest and bits and min(bits) < shortest:
        return f"wants RSA keys of at least {shortest} bits, and here one has {min(bits)}"
    return ""


def may_fit(program: ProgramHello, details: TlsDetails) -> bool:
    """Is a suite of *program* among those chosen in its versions, or is none of these known?"""
    taken = _taken(program, details)
    return not taken or any(one in program.suites for one in taken)


def _taken(program: ProgramHello, details: TlsDetails) -> list[str]:
    """The suites that were chosen in the versions of *program*."""
    span = range(VERSIONS[program.lowest], VERSIONS[program.highest] + 1)
    chosen = [(version, one.cipher) for version, one in details.agreements.items()]
    chosen += [(one.version or "", one.cipher) for one in details.tried.values() if one.cipher]
    return [suite for version, suite in chosen if VERSIONS.get(version, 0) in span]


def _is_for_another(cipher: str, leaf: SentCertificate) -> bool:
    """Would a server that chose *cipher* show another certificate than *leaf*?"""
    if cipher.startswith("TLS_") or not cipher:
        return False
    return ("ECDSA" in cipher) != (leaf.key == "EC")


def _mode(suite: str) -> str:
    return next((mode for part, mode in _MODES.items() if part in suite), "CBC")


def _exchange(suite: str) -> str:
    first = suite.partition("-")[0]
    return "ECDHE" if suite.startswith("TLS_") else first if first in ("ECDHE", "DHE") else "RSA"


def _family(suite: str) -> str:
    """How keys are agreed on and signed, and what encrypts: ECDHE-RSA suites with AES-GCM."""
    parts = suite.split("-")
    if parts[0] not in ("ECDHE", "DHE"):
        return ""
    return f"{parts[0]}-{parts[1]} suites with {_mode(suite)}"


def _listed(names: Iterable[str]) -> str:
    *most, last = sorted(names)
    return f"{', '.join(most)} and {last}" if most else last
