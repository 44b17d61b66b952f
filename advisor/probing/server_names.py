"""Which certificate comes for which server name, and the chain as it is sent.

TLS 1.3 hides certificates from hellos by hand, so these handshakes are made by the local library.
"""

from __future__ import annotations

from dataclasses import dataclass

from advisor.dialogues._base import Dialogue
from advisor.errors import ProbeFailed
from advisor.model.endpoint import Endpoint, Security
from advisor.model.handshake import ServerNames
from advisor.model.observation import TlsObservation
from advisor.net._seams import Connector
from advisor.probing.arrival import arrive

# RFC 2606 §2: a name that nobody can have.
WRONG = "wrong-name.invalid"


@dataclass(frozen=True, slots=True)
class Made:
    """The TLS that was made, and the certificates that were sent, in DER."""

    tls: TlsObservation
    chain: tuple[bytes, ...]

    @property
    def fingerprint(self) -> str | None:
        """The SHA-256 of the server's own certificate."""
        certificate = self.tls.certificate
        return certificate.sha256 if certificate is not None else None


async def make(
    endpoint: Endpoint, dialogue: Dialogue | None, connector: Connector, name: str | None
) -> Made | None:
    """TLS with any certificate, asking for *name* (None: the host's, empty: none); None if not."""
    try:
        stream = await connector.connect(endpoint.host, endpoint.port)
    except ProbeFailed:
        return None
    try:
        if endpoint.security is Security.STARTTLS and dialogue is not None:
            await arrive(stream, dialogue)
        tls = await stream.start_tls(verify=False, name=name)
        return Made(tls, stream.sent_chain())
    except (ProbeFailed, ValueError):
        return None
    finally:
        await stream.close()


def compared(own: Made | None, none: Made | None, wrong: Made | None) -> ServerNames:
    """What the three handshakes tell together.

    A name is needed where it brings a certificate for the host that does not come without it.
    """
    needed = None
    if own is not None and own.tls.name_ok:
        needed = none is None or not none.tls.name_ok
    prints = [one.fingerprint if one is not None else None for one in (own, none, wrong)]
    return ServerNames(prints[0], prints[1], prints[2], needed)
