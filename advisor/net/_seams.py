"""The seams of the net room: what the rooms above may ask of it.

Twins in memory for the tests live in ``tests/fakes.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from advisor.model.evidence import Dnssec, Problem
from advisor.model.observation import TlsObservation

# Bytes of one document.
MAX_BODY = 256 * 1024
# How many redirects may stand between a question and its document.
MAX_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class SrvRecord:
    """One SRV record (RFC 2782); *target* is an A-label host without final dot, or "." ."""

    priority: int
    weight: int
    port: int
    target: str


@dataclass(frozen=True, slots=True)
class MxRecord:
    """One MX record; *exchange* without final dot, or "." (RFC 7505)."""

    preference: int
    exchange: str


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """An answer that came. *records* are of the type asked for; empty with *exists* is NODATA.

    *exists* is False for NXDOMAIN. *authenticated* is the AD bit of a resolver that is trusted.
    *canonical* is the name at the end of the aliases, or *name* where there are none.
    *records* hold ``SrvRecord``, ``MxRecord``, or text (addresses, joined TXT strings, host names).
    """

    name: str
    rdtype: str
    exists: bool
    records: tuple[Any, ...] = ()
    authenticated: bool = False
    canonical: str = ""


class Resolver(Protocol):
    """Questions to the DNS; the same question is asked once per run, and answers are shared."""

    async def query(self, name: str, rdtype: str) -> DnsAnswer:
        """The records of *rdtype* (A, AAAA, MX, SRV, TXT, NS …) at *name* (A-labels).

        Raises:
            DnsFailed: SERVFAIL, bogus DNSSEC, refused, or no answer in time; ``.problem`` tells.
        """
        ...

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses to connect to, in the order to try them; policy already applied.

        Raises:
            DnsFailed: as ``query``, or no such name, no address, only forbidden private ones.
        """
        ...

    async def dnssec(self, name: str, rdtype: str) -> Dnssec:
        """What DNSSEC says of the answer to ``query``; a trusted resolver's word costs nothing.

        Without such a word the signatures are checked, which takes questions of its own: ask
        beside other work. Never raises.
        """
        ...

    def alias(self, host: str) -> str:
        """The name that *host* leads to by aliases, or *host*, by the answers that are there."""
        ...

    @property
    def servers(self) -> tuple[str, ...]:
        """The name servers in use, as ``address`` or ``address:port``."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document that came with status 200.

    *url* is the last one, *hops* every URL asked in order; *secure* means that each of them was
    HTTPS with a valid certificate.
    """

    url: str
    body: bytes
    content_type: str
    hops: tuple[str, ...]
    secure: bool
    remarks: tuple[tuple[Problem, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whatever its status; *hops* and *secure* as in ``Fetched``.

    *headers* have their names in lower case; *body* is empty unless *status* is 200.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    hops: tuple[str, ...]
    secure: bool

    @property
    def url(self) -> str:
        """The URL that answered, after all redirects."""
        return self.hops[-1]

    def header(self, name: str) -> str:
        """The first value of *name*, which is in lower case; "" where there is none."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass(frozen=True, slots=True)
class Redirect:
    """*url* leads to *location*, an absolute URL that nobody has asked yet."""

    url: str
    location: str


class Fetcher(Protocol):
    """Documents over HTTP, bounded in size, redirects and time.

    The same request is made once per run, and answers are shared.
    """

    async def get(self, url: str) -> Fetched:
        """The document at *url*, after up to ``MAX_REDIRECTS`` redirects.

        Raises:
            FetchFailed: whatever kept it; ``.problem`` tells the kind, the message the sentence.
        """
        ...

    async def look(self, url: str, *, limit: int = MAX_BODY, method: str = "GET") -> Reply:
        """What *url* answers at the end of its redirects; *limit* is the size of a body in bytes.

        *method* is one that only looks, such as PROPFIND, which is about that place alone.

        Raises:
            FetchFailed: no answer at all, one that is too large, or redirects in a circle.
        """
        ...

    async def request(self, url: str, xml: bytes | None = None) -> Fetched | Redirect:
        """What a single request gets: a GET, or a POST of *xml*. No redirect is followed.

        Raises:
            FetchFailed: as ``get``; also for a redirect from HTTPS to HTTP.
        """
        ...


class Stream(Protocol):
    """One TCP connection that may become TLS; *address* is theirs, *local_address* ours."""

    address: str
    local_address: str

    async def read_line(self, limit: int) -> bytes:
        """One line without its line end; raises ProbeFailed when it is longer than *limit*."""
        ...

    async def write(self, data: bytes) -> None:
        """Send *data*."""
        ...

    async def read_bytes(self) -> bytes:
        """Whatever comes next, as it is or out of TLS; nothing at the end."""
        ...

    async def start_tls(self, *, verify: bool, name: str | None = None) -> TlsObservation:
        """Make TLS on this connection; see ``net.stream``."""
        ...

    def sent_chain(self) -> tuple[bytes, ...]:
        """The certificates as the server sent them, in DER; empty before TLS."""
        ...

    async def close(self) -> None:
        """Close it, politely where possible; never raises, never waits long."""
        ...


class Connector(Protocol):
    """Opens streams."""

    async def connect(self, host: str, port: int) -> Stream:
        """A TCP connection to *host*, its addresses tried in order.

        Raises:
            ConnectFailed, ProbeTimeout
        """
        ...


@dataclass(frozen=True, slots=True)
class Net:
    """All of the network that a run may use."""

    dns: Resolver
    http: Fetcher
    streams: Connector
    options: dict[str, Any] = field(default_factory=dict)
