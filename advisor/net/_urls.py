"""Which URLs may be fetched, and the parts of them that a request needs."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from advisor.errors import FetchFailed
from advisor.model.address import host_name
from advisor.model.evidence import Problem
from advisor.model.text import printable

MAX_URL = 2000
_PORTS = {"https": 443, "http": 80}
# RFC 3986 §2.2 and §2.3, and "%": what may stand in a path or query as it is.
_SAFE = "%/?:@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be fetched; *path* includes the query."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host, and the port where it is not the usual one (RFC 9110 §7.2)."""
        usual = _PORTS["https" if self.secure else "http"]
        return self.host if self.port == usual else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL itself, normalised, without fragment."""
        return f"{'https' if self.secure else 'http'}://{self.authority}{self.path}"


def target(url: str) -> Target:
    """The parts of *url*.

    Raises:
        FetchFailed: not HTTP or HTTPS, with user name or password, or not for a host name.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _unusable(url, "cannot be read") from None
    if parts.scheme not in _PORTS:
        raise _unusable(url, "is neither http nor https")
    if "@" in parts.netloc:
        raise _unusable(url, "carries a user name")
    host = host_name(parts.hostname or "")
    if host is None or port == 0 or len(url) > MAX_URL:
        raise _unusable(url, "does not lead to a host name")
    path = quote(parts.path or "/", _SAFE) + (f"?{quote(parts.query, _SAFE)}" * bool(parts.query))
    return Target(parts.scheme == "https", host, port or _PORTS[parts.scheme], path)


def redirected(base: Target, location: str) -> Target:
    """Where *location*, absolute or relative, leads from *base*.

    Raises:
        FetchFailed: as ``target``, or from HTTPS to HTTP.

    See: RFC 9110 §10.2.2 and §15.4.
    """
    try:
        found = target(urljoin(base.url, location))
    except ValueError:
        raise _unusable(location, "cannot be read") from None
    if base.secure and not found.secure:
        raise FetchFailed(
            Problem.INSECURE_REDIRECT,
            f"{base.host} redirects from HTTPS to the unprotected {printable(found.url, 200)}: "
            "not followed",
        )
    return found


def _unusable(url: str, why: str) -> FetchFailed:
    return FetchFailed(Problem.HTTP_ERROR, f"the web address {printable(url, 200)} {why}")
