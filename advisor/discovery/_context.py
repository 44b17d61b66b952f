"""What every source may use while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from advisor.knowledge.providers import Catalogue
    from advisor.model.endpoint import Protocol
    from advisor.net._seams import Fetcher, Net, Resolver


@dataclass(frozen=True, slots=True)
class Context:
    """The network (None: offline), the provider catalogue, and the operator's choices.

    *ispdb* is the database to ask: a base URL (a domain is appended), the folder of a copy, or
    None for none. *local* is the folder of settings that the operator wrote, or None.
    *guesses* are the host names to try, likeliest first: a protocol, and what stands before the
    domain, where "" means the domain itself.
    """

    net: Net | None
    catalogue: Catalogue
    ispdb: str | Path | None
    guesses: tuple[tuple[Protocol, str], ...] = ()
    local: Path | None = None

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
