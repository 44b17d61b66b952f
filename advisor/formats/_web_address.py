"""Web addresses out of documents: only those that may be shown and used."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from advisor.model.address import host_name
from advisor.model.text import printable

MAX_URL = 2000
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class WebAddress:
    """*url* as it was written, with the parts that matter."""

    url: str
    host: str
    port: int
    secure: bool


def web_address(text: str, *, https_only: bool = False) -> WebAddress | None:
    """*text* as a web address, or None: other schemes, user names, odd hosts, blanks, controls."""
    if len(text) > MAX_URL or printable(text, MAX_URL) != text or set(text) & set(' "<>\\^`{|}'):
        return None
    try:
        parts = urlsplit(text)
        host, port = host_name(parts.hostname or ""), parts.port
    except ValueError:
        return None
    usual = _PORTS.get(parts.scheme)
    if usual is None or host is None or port == 0 or "@" in parts.netloc:
        return None
    if https_only and parts.scheme != "https":
        return None
    return WebAddress(text, host, port or usual, parts.scheme == "https")
