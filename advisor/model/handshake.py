"""What a thorough look at TLS shows beside the connection that was made."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ChainState(StrEnum):
    """What the certificates that were sent come to."""

    COMPLETE = "complete"  # verified, up to an authority that is trusted here
    SELF_SIGNED = "self-signed"  # the server signed its own
    INCOMPLETE = "incomplete"  # from a public authority, with a certificate missing on the way
    UNKNOWN_ISSUER = "unknown-issuer"  # the next one is not sent and not known: missing or private
    PRIVATE = "private"  # it ends at an authority that was sent and is not trusted here
    WEAK = "weak"  # a key or signature in it is too weak for this computer
    EXPIRED = "expired"  # the server's own is out of date
    EXPIRED_ABOVE = "expired-above"  # one above it is


@dataclass(frozen=True, slots=True)
class SentCertificate:
    """One certificate as it was sent; times are ISO 8601 in UTC, *sha256* of the DER form in hex.

    *key* is RSA, EC, DSA, Ed25519 …, *bits* its size; *signature* is the hash that its issuer
    signed, as ``sha256``, or None where the kind of signature has none of its own.
    """

    subject: str
    issuer: str
    not_before: str
    not_after: str
    sha256: str
    key: str
    bits: int | None
    signature: str | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a server chose in one version: the cipher suite, and the group or kind of its key."""

    cipher: str
    key_exchange: str | None


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a program's own offer: *word* is accepted, refused or unknown.

    The rest is what the server chose where it accepted something.
    """

    word: str
    version: str | None = None
    cipher: str | None = None
    key_exchange: str | None = None


@dataclass(frozen=True, slots=True)
class ServerNames:
    """Which certificate comes for which server name (RFC 6066 §3), by its SHA-256 in hex.

    *own*, *none* and *wrong* stand for the host's name, for no name, and for one that nobody has;
    None where no handshake came of it. *needed*: without the name no certificate for the host
    comes, and with it one does.
    """

    own: str | None
    none: str | None
    wrong: str | None
    needed: bool | None


@dataclass(frozen=True, slots=True)
class Dane:
    """Signed TLSA *records* as the zone writes them, and what they are to the certificates.

    *state* is matches, differs, or unusable where no record can be used.
    """

    state: str
    records: tuple[str, ...]
    usages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TlsDetails:
    """What was seen besides; empty or None where it could not be told.

    *agreements* is by version; *post_quantum* is the group that a server takes when offered no
    other kind, ``refused`` or ``unknown``. *sent* counts the certificates, *chain* holds the first
    of them. *missing* is the issuer that was neither sent nor known, *outdated* the subject of the
    certificate above the server's own that is out of date. *stapled* and *alpn* are told where TLS
    1.2 or older is accepted; *must_staple*: the certificate promises an OCSP answer (RFC 7633).
    *dane* is None where the zone is unsigned or has no TLSA records for the port. *broken* are
    the suites that were taken where nothing better was offered, by what is wrong with them (null,
    anonymous, export, des, rc4, 3des); *dh_bits* is the shortest prime of Diffie-Hellman that was
    shown. *secure_renegotiation* (RFC 5746), *extended_master_secret* (RFC 7627) and *compression*
    are told where TLS 1.2 or older is accepted. *tried* is by the id of a program's hello.
    """

    agreements: dict[str, Agreement] = field(default_factory=dict)
    post_quantum: str = "unknown"
    alpn: str | None = None
    stapled: bool | None = None
    must_staple: bool | None = None
    sent: int = 0
    chain: tuple[SentCertificate, ...] = ()
    chain_state: ChainState | None = None
    missing: str | None = None
    outdated: str | None = None
    names: ServerNames | None = None
    dane: Dane | None = None
    broken: dict[str, str] = field(default_factory=dict)
    dh_bits: int | None = None
    secure_renegotiation: bool | None = None
    extended_master_secret: bool | None = None
    compression: bool | None = None
    tried: dict[str, Tried] = field(default_factory=dict)

    @property
    def signed(self) -> list[SentCertificate]:
        """The certificates whose signatures count, the server's own first.

        Nobody verifies an authority's signature below its own name: it is trusted or not.
        """
        return [
            one for place, one in enumerate(self.chain) if place == 0 or one.subject != one.issuer
        ]
