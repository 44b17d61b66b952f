"""What a dialogue is made of.

A dialogue is a generator. It yields what it wants done and is resumed with the result:
``Send`` and ``SendSecret`` (resumed with None), ``ReadLine`` (resumed with one line without its
line end) and ``StartTls`` (resumed with None once TLS is up). Whatever it learns it writes into a
``Seen`` at once, so that nothing is lost when the connection breaks half-way. Trouble with what the
server says is raised as ``RemoteProtocolError``; trouble with the wire is thrown into the generator
by whoever drives it, and passes through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

from advisor.dialogues._sasl import Exchange
from advisor.model.endpoint import Protocol, Security
from advisor.model.observation import Reached, Web


@dataclass(frozen=True, slots=True)
class Send:
    """Write *data*."""

    data: bytes


@dataclass(frozen=True, slots=True)
class SendSecret:
    """Write *data*, inside verified TLS or not at all; *shown* is what may be told of it."""

    data: bytes = field(repr=False)
    shown: bytes


@dataclass(frozen=True, slots=True)
class ReadLine:
    """Read one line; resumed with it as bytes, without CRLF or LF."""


@dataclass(frozen=True, slots=True)
class StartTls:
    """Make TLS on the open connection now.

    The driver raises ``RemoteProtocolError(Problem.INJECTION)`` when bytes are left in its
    buffer: they came before the handshake and belong to nobody (RFC 9051 §6.2.1, RFC 3207 §4).
    """


Step = Send | SendSecret | ReadLine | StartTls
Talk = Generator[Step, bytes | None, None]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a sign-in ended: whether it was accepted, and the line in which the server said so."""

    accepted: bool
    line: bytes


SignIn = Generator[Step, bytes | None, Ending]


@dataclass(slots=True)
class Seen:
    """What a dialogue has learned so far; *before* and *after* are on either side of TLS.

    *early* are kinds of things that were said before TLS and have no business there.
    """

    reached: Reached = Reached.CONNECT
    greeting: str | None = None
    software: str | None = None
    capabilities_before: tuple[str, ...] = ()
    capabilities_after: tuple[str, ...] = ()
    mechanisms_before: tuple[str, ...] = ()
    mechanisms_after: tuple[str, ...] = ()
    starttls_offered: bool | None = None
    cleartext_login_possible: bool | None = None
    login_disabled: bool | None = None
    early: tuple[str, ...] = ()
    web: Web | None = None


@dataclass(frozen=True, slots=True)
class Injection:
    """A harmless command to send in clear text right behind STARTTLS: a good server drops it.

    *upgrade* is the line that asks for TLS, *command* what is sent with it, *goodbye* what is said
    inside TLS, and *betrays* matches a line that answers *command*. Where a strange server might
    answer *goodbye* *alike*, that only tells when it is not the only line.

    See: RFC 3207 §4.2, RFC 9051 §6.2.1; "Why TLS is better without STARTTLS" (USENIX 2021) §4.
    """

    upgrade: bytes
    command: bytes
    goodbye: bytes
    betrays: re.Pattern[bytes]
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Dialogue:
    """How to look at a server of one protocol.

    *inspect(seen, security, name)* holds the whole conversation, greeting to goodbye; with
    ``Security.TLS`` it starts inside TLS. *name* is how we introduce ourselves where the
    protocol asks for it (SMTP: a domain or an address literal).

    *sign_in(exchange, security, name)* is another conversation, which ends with one try to sign in.
    """

    protocol: Protocol
    ports: dict[int, Security]
    inspect: Callable[[Seen, Security, str], Talk]
    injection: Injection
    sign_in: Callable[[Exchange, Security, str], SignIn]
