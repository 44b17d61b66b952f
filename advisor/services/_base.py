"""What a look at a web service is made of.

A look is a generator, as a dialogue is. It yields ``Send`` (resumed with None), ``Read`` (resumed
with what came, nothing at the end) and ``Visit`` (resumed with None once TLS is up elsewhere), and
writes what it learns into a ``Seen`` at once. Trouble with what the server says is raised as
``RemoteProtocolError``; trouble with the wire is thrown into it by whoever drives it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, urljoin, urlsplit

from advisor.dialogues._base import Send
from advisor.errors import ProbeFailed, RemoteProtocolError
from advisor.model.address import host_name
from advisor.model.endpoint import Endpoint, Protocol
from advisor.model.evidence import Problem
from advisor.model.text import printable

MAX_URL = 2000
HTTP, HTTPS = 80, 443
_USUAL = {True: HTTPS, False: HTTP}
# RFC 3986 §2.2 and §2.3, and "%": what may stand in a path or query as it is.
_SAFE = "%/?:@!$&'()*+,;=-._~"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read:
    """Read whatever comes next; resumed with it as bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Leave, connect to *place*, and make verified TLS for its host."""

    place: Place


Step = Send | Read | Visit
Talk = Generator[Step, bytes | None, None]
Part = Generator[Step, bytes | None, T]
"""A piece of a look that gives a T to the look it belongs to."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address of the web, over HTTPS unless not *secure*; *path* includes the query."""

    host: str
    port: int
    path: str
    secure: bool = True

    @property
    def authority(self) -> str:
        """Host, and the port where it is not the usual one (RFC 9110 §7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _USUAL[self.secure] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address as people write it."""
        return f"{'https' if self.secure else 'http'}://{self.authority}{self.path}"

    def moved(self, location: str) -> Place:
        """Where *location*, absolute or relative, leads from here.

        Raises:
            RemoteProtocolError: to plain HTTP (``INSECURE_REDIRECT``), or to no web address.

        See: RFC 9110 §10.2.2 and §15.4.
        """
        shown = printable(location, 200)
        try:
            parts = urlsplit(urljoin(self.url, location))
            port, host = parts.port, parts.hostname or ""
        except ValueError:
            raise _leads_nowhere(shown) from None
        if parts.scheme == "http":
            raise RemoteProtocolError(
                Problem.INSECURE_REDIRECT,
                f"redirects from HTTPS to the unprotected {shown}: not followed",
            )
        name = host if host == self.host else host_name(host)
        if parts.scheme != "https" or "@" in parts.netloc or not name or port == 0:
            raise _leads_nowhere(shown)
        return place(name, port or HTTPS, parts.path, parts.query)


def place(host: str, port: int, path: str, query: str = "") -> Place:
    """The place at *path*, quoted where it has to be.

    Raises:
        RemoteProtocolError: it is longer than a web address may be.
    """
    found = quote(path or "/", _SAFE) + (f"?{quote(query, _SAFE)}" if query else "")
    if len(found) > MAX_URL:
        raise _leads_nowhere(printable(found, 80))
    return Place(host, port, found)


def _leads_nowhere(shown: str) -> RemoteProtocolError:
    return RemoteProtocolError(
        Problem.HTTP_ERROR, f"redirects to “{shown}”, which is no web address that can be asked"
    )


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, wherever it is; never with anything that would sign in."""

    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. *headers* have their names in lower case, and text that is safe to show.

    *cut* is what kept the body from being read to its end.
    """

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    cut: ProbeFailed | None = None

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of the header *name*, which is in lower case."""
        return tuple(value for key, value in self.headers if key == name)

    @property
    def location(self) -> str | None:
        """Where a redirect leads (RFC 9110 §15.4); None for what is none; "" where it forgot."""
        if self.status not in (301, 302, 303, 307, 308):
            return None
        return next(iter(self.values("location")), "").strip()


@dataclass(frozen=True, slots=True)
class Service:
    """How to look at a service over HTTPS.

    *ask* is sent to *path* or wherever it was said to live; *is_there* tells from the answer
    whether that is the service, *capabilities* what it says of itself. *also* is asked once it is
    there, for its capabilities only. With *at_root*, a path that is not found is followed by "/".
    """

    protocol: Protocol
    name: str
    path: str
    ask: Request
    is_there: Callable[[Reply], bool]
    capabilities: Callable[[Reply], tuple[str, ...]]
    also: Request | None = None
    at_root: bool = False

    def place(self, endpoint: Endpoint) -> Place:
        """Where to look for it at *endpoint*."""
        path, _, query = (endpoint.path or self.path).partition("?")
        return place(endpoint.host, endpoint.port, path, query)
