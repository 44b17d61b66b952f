"""What every source may use while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from advisor.model.endpoint import Endpoint, Protocol, Security

if TYPE_CHECKING:
    from pathlib import Path

    from advisor.knowledge.providers import Catalogue
    from advisor.net._seams import Fetcher, Net, Resolver

_PROTOCOLS = (Protocol.IMAP, Protocol.POP3, Protocol.SMTP)

Names = tuple[tuple[Protocol, str], ...]


@dataclass(frozen=True, slots=True)
class Guesses:
    """What to try where nobody publishes anything, likeliest first.

    *domain* and *exchanger* pair a protocol with what stands before the mail domain ("": the
    domain itself), or before the registrable domain of its mail exchanger ("@": the exchanger).
    """

    domain: Names = ()
    exchanger: Names = ()
    ports: Mapping[Protocol, tuple[tuple[int, Security], ...]] | None = None

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Guesses:
        """The guesses of ``rules/guesses.yaml``, read as *entry*."""

        def names(kind: str) -> Names:
            return tuple((one, name) for one in _PROTOCOLS for name in entry[kind][one.value])

        ports = {
            one: tuple((at["port"], Security(at["security"])) for at in entry["ports"][one.value])
            for one in _PROTOCOLS
        }
        return cls(names("domain"), names("exchanger"), ports)

    def endpoints(self, names: Iterable[tuple[Protocol, str]]) -> tuple[Endpoint, ...]:
        """Every port of each (protocol, host) of *names*, in their order."""
        ports = self.ports or {}
        return tuple(
            Endpoint(protocol, host, port, security)
            for protocol, host in names
            for port, security in ports.get(protocol, ())
        )


@dataclass(frozen=True, slots=True)
class Context:
    """The network (None: offline), the provider catalogue, and the operator's choices.

    *ispdb* is the database to ask: a base URL (a domain is appended), the folder of a copy, or
    None for none. *local* is the folder of settings that the operator wrote, or None.
    *hint* may be told endpoints that are likely, before the answer that names them is whole.
    """

    net: Net | None
    catalogue: Catalogue
    ispdb: str | Path | None
    guesses: Guesses = Guesses()
    local: Path | None = None
    hint: Callable[[Sequence[Endpoint]], None] = lambda _: None

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
