"""TLS over bytes in memory: contexts, one session, and what can be learned from it.

The sessions use ``ssl.MemoryBIO`` instead of ``loop.start_tls``: asyncio's own TLS layer holds
256 KiB for every connection, and hides the bytes that tell a clear-text answer from a bad one.
"""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from advisor.errors import InputError, TlsFailed
from advisor.model.evidence import Problem
from advisor.model.identity import matches
from advisor.model.observation import Certificate, TlsObservation
from advisor.model.text import decoded, printable
from advisor.net._certificate import from_der, from_facts
from advisor.net._certificates import dislike

_CHUNK = 16 * 1024

T = TypeVar("T")


class Later(Generic[T]):
    """What takes long to make: made once, in a thread, so that the event loop goes on meanwhile.

    Belongs to one event loop. *make* is called when it is first wanted or announced.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: asyncio.Future[T] | None = None

    def start(self) -> asyncio.Future[T]:
        """Announce that it will be wanted."""
        if self._made is None:
            self._made = asyncio.get_running_loop().run_in_executor(None, self._make)
            self._made.add_done_callback(_seen)
        return self._made

    async def get(self) -> T:
        """It, or what *make* raised; a caller that is cancelled leaves it to the others."""
        return await asyncio.shield(self.start())


def _seen(made: asyncio.Future[Any]) -> None:
    if not made.cancelled():
        made.exception()  # else asyncio complains where nobody wanted it in the end


def trusting(ca_file: str | Path | None = None) -> ssl.SSLContext:
    """Python's default context, and the authorities in the PEM file *ca_file* trusted besides.

    Takes tens of milliseconds, during which other threads run.

    Raises:
        InputError: the CA file cannot be read.
    """
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ValueError) as error:
            raise InputError(
                f"the CA file {ca_file} cannot be used: {printable(str(error))}"
            ) from None
    return context


class Contexts:
    """The two ways to make TLS, each built when first needed and then shared by all streams.

    *verifying* checks chain and dates, and wants TLS 1.2 at least; names are compared by
    ``model.identity``. *ca_file* is as in ``trusting``.
    """

    def __init__(self, ca_file: str | Path | None = None) -> None:
        self.verifying = Later(partial(_verifying, ca_file))

    @cached_property
    def lenient(self) -> ssl.SSLContext:
        """Nothing verified, and as old a TLS as the local library still speaks; only to look."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
        try:
            context.set_ciphers("ALL:@SECLEVEL=0")
        except ssl.SSLError:
            context.set_ciphers("ALL")
        return context


def _verifying(ca_file: str | Path | None) -> ssl.SSLContext:
    context = trusting(ca_file)
    context.check_hostname = False
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # Python 3.13 began to refuse chains that mail programs accept.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


class Session:
    """One TLS connection as a client: ciphertext in and out, plaintext in and out.

    *name* is the server name to ask for, none where it is empty.
    """

    def __init__(self, context: ssl.SSLContext, name: str) -> None:
        self._in = ssl.MemoryBIO()
        self._out = ssl.MemoryBIO()
        asked = name.removesuffix(".") or None
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=asked)

    def feed(self, data: bytes) -> None:
        """Take *data* from the wire; none means that the other side is done."""
        if data:
            self._in.write(data)
        else:
            self._in.write_eof()

    def outgoing(self) -> bytes:
        """What must be sent now."""
        return self._out.read()

    def shake(self) -> bool:
        """Go on with the handshake; True when it is complete, ``ssl.SSLError`` when it failed."""
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def read(self) -> bytes | None:
        """Some plaintext, none at the end, or None while more ciphertext is needed."""
        try:
            return self._tls.read(_CHUNK)
        except ssl.SSLWantReadError:
            return None
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    def write(self, data: bytes) -> None:
        """Encrypt *data* into ``outgoing``."""
        self._tls.write(data)

    def end(self) -> None:
        """Put a closure alert into ``outgoing`` (RFC 8446 §6.1)."""
        try:
            self._tls.unwrap()
        except ssl.SSLError:
            return

    def observe(self, host: str, *, verified: bool) -> TlsObservation:
        """What was made; *verified* says whether the context checked the chain."""
        cipher = self._tls.cipher()
        certificate = self._certificate(verified)
        return TlsObservation(
            version=self._tls.version() or "unknown",
            cipher=cipher[0] if cipher else "unknown",
            chain_ok=verified,
            name_ok=certificate is not None and matches(host, certificate.names),
            chain_error=None if verified else "the certificate chain was not checked",
            certificate=certificate,
        )

    def sent(self) -> tuple[bytes, ...]:
        """The certificates as the server sent them, in DER; empty where the library hides them."""
        if hasattr(self._tls, "get_unverified_chain"):  # from Python 3.13 on
            return tuple(self._tls.get_unverified_chain())
        chain = getattr(getattr(self._tls, "_sslobj", None), "get_unverified_chain", tuple)
        return tuple(ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in chain() or ())

    def _certificate(self, verified: bool) -> Certificate | None:
        der = self._tls.getpeercert(binary_form=True)
        if der is None:
            return None
        known = self._tls.getpeercert() if verified else None
        return from_facts(known, der) if known else from_der(der)


def is_clear_text(first: bytes) -> bool:
    """Are these first bytes of an answer to a ClientHello anything but a TLS record?

    See: RFC 8446 §5.1; only alert (21) and handshake (22) can come first.
    """
    return first[:1] not in (b"\x15", b"\x16") or first[1:2] not in (b"", b"\x03")


def clear_text(answer: bytes, where: str, port: int) -> TlsFailed:
    """The error for a port that answers a ClientHello with *answer*, which is no TLS."""
    said = decoded(answer.partition(b"\n")[0].removesuffix(b"\r"), 100)
    return TlsFailed(
        Problem.NOT_TLS,
        f"{where} answers without TLS: port {port} seems to expect STARTTLS or clear text "
        f"(it said “{said}”)",
    )


def failure(error: ssl.SSLError, where: str) -> TlsFailed:
    """*error* of a handshake with *where*, with its kind and a sentence of our own."""
    if isinstance(error, ssl.SSLCertVerificationError):
        problem, says = dislike(error)
        return TlsFailed(problem, f"{where}: its certificate {says}", error.verify_code)
    if isinstance(error, ssl.SSLEOFError):
        return TlsFailed(Problem.TLS_HANDSHAKE, f"{where} hung up during the TLS handshake")
    return TlsFailed(Problem.TLS_HANDSHAKE, f"{where}: the TLS handshake failed ({_reason(error)})")


def breakage(error: ssl.SSLError, where: str) -> TlsFailed:
    """*error* in a conversation inside TLS; a server may refuse only then (RFC 8446 §4.4.2.4)."""
    return TlsFailed(Problem.TLS_HANDSHAKE, f"{where}: TLS broke off ({_reason(error)})")


def _reason(error: ssl.SSLError) -> str:
    return printable((error.reason or "no reason given").replace("_", " ").lower())
