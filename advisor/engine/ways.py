"""The ways to begin encryption that a program has, and which of them to lead somebody to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.model.client import Client
from advisor.model.endpoint import CONVENTIONAL, Protocol, Security, conventional_ports
from advisor.model.observation import Live

_PLAIN = {Security.TLS: "SSL/TLS", Security.STARTTLS: "STARTTLS"}
_MEANT = {
    "implicit": Security.TLS,
    "starttls": Security.STARTTLS,
    "opportunistic": Security.STARTTLS,
    "auto": Security.STARTTLS,
}


@dataclass(frozen=True, slots=True)
class Way:
    """One way that requires encryption: what to choose, and on which port.

    *live* tells whether it works on the standard port, as far as anybody looked.
    """

    security: Security
    port: int
    label: str
    live: Live


class Ways:
    """The ways that *client* has for *protocol*; without a client every program's two."""

    def __init__(
        self, client: Client | None, protocol: Protocol, live: Mapping[Security, Live]
    ) -> None:
        self._client, self._protocol, self._live = client, protocol, live
        self.ports = {security: port for port, security in conventional_ports(protocol)}

    def on(self, security: Security, port: int | None = None) -> Way | None:
        """The way that begins with *security*, on its standard port or another one."""
        port = port or self.ports[security]
        label = _PLAIN[security]
        if self._client:
            found = self._client.label_for(self._protocol, security, port)
            if found is None:
                return None
            label = found.label
        return Way(security, port, label, self._live.get(security, Live.NOT_CHECKED))

    def best(self, order: Sequence[Security]) -> Way | None:
        """The first in *order*, unless it was seen to fail while another one works."""
        ways = [way for way in map(self.on, order) if way]
        works = any(way.live is Live.CONFIRMED for way in ways)
        hopeful = (way for way in ways if not (works and way.live is Live.FAILED))
        return next(hopeful, None)

    def nearest(self, port: int, means: str, live: Live, order: Sequence[Security]) -> Way | None:
        """The least that has to change: what belongs on *port*, or the best where that fails.

        On a port that stands for nothing it is what the settings mean and try there; *live* is
        whether that works.
        """
        of_port = CONVENTIONAL.get((self._protocol, port))
        taken = any(number == port for _, number in CONVENTIONAL)
        begun = of_port or (None if taken else _MEANT.get(means))
        way = self.on(begun, port) if begun else None
        failed = way and (way.live if of_port else live) is Live.FAILED
        return self.best(order) if way is None or failed else way
