"""What every source may use while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.knowledge.providers import Catalogue
    from advisor.model.endpoint import Protocol
    from advisor.net._seams import Fetcher, Net, Resolver


@dataclass(frozen=True, slots=True)
class Context:
    """The network (None: offline), the provider catalogue, and the operator's choices.

    *ispdb* is the base URL of the database to ask (a domain is appended), or None for none.
    *guesses* are the host names to try, likeliest first: a protocol, and what stands before the
    domain, where "" means the domain itself.
    """

    net: Net | None
    catalogue: Catalogue
    ispdb: str | None
    guesses: tuple[tuple[Protocol, str], ...] = ()

    @property
    def dns(self) -> Resolver:
        """The resolver; only sources that are *online* may use it."""
        return self._online.dns

    @property
    def http(self) -> Fetcher:
        """The fetcher; only sources that are *online* may use it."""
        return self._online.http

    @property
    def _online(self) -> Net:
        if self.net is None:
            raise RuntimeError("a source that says it needs no network has asked for it")
        return self.net
