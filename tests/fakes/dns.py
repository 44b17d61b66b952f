"""A DNS in a dictionary."""

from __future__ import annotations

from typing import Any

from advisor.errors import DnsFailed
from advisor.model.evidence import Dnssec, Problem
from advisor.net._seams import DnsAnswer

Zone = dict[tuple[str, str], Any]


class FakeResolver:
    """The ``Resolver`` seam over *zone*: (name, type) to records, or to a ``Problem``.

    A name that *zone* lacks does not exist; *wildcard* are the addresses of any such name. The
    answers are authenticated where *signed*. *checked* is what a check of signatures comes to, by
    (name, type), and *aliases* the end of each alias. *asked* keeps every question.
    """

    def __init__(
        self, zone: Zone | None = None, *, wildcard: tuple[str, ...] = (), signed: bool = False
    ) -> None:
        self.checked: dict[tuple[str, str], Dnssec] = {}
        self.aliases: dict[str, str] = {}
        self.zone = zone or {}
        self.wildcard = wildcard
        self.signed = signed
        self.asked: list[tuple[str, str]] = []

    @property
    def servers(self) -> tuple[str, ...]:
        """A server that is nowhere."""
        return ("192.0.2.53",)

    async def query(self, name: str, rdtype: str) -> DnsAnswer:
        """What *zone* says."""
        self.asked.append((name, rdtype))
        found = self.zone.get((name, rdtype))
        if isinstance(found, Problem):
            raise DnsFailed(found, f"{found} for {rdtype} of {name}")
        exists = any(owner == name for owner, _ in self.zone)
        if found is None and not exists and rdtype == "A" and self.wildcard:
            return DnsAnswer(name, rdtype, exists=True, records=self.wildcard)
        alias = self.aliases.get(name, name)
        return DnsAnswer(name, rdtype, exists, tuple(found or ()), self.signed, alias)

    async def dnssec(self, name: str, rdtype: str) -> Dnssec:
        """What *checked* says; nothing is asked."""
        return self.checked.get((name, rdtype), Dnssec.SECURE if self.signed else Dnssec.INSECURE)

    def alias(self, host: str) -> str:
        """What *aliases* says."""
        return self.aliases.get(host, host)

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The A records of *zone*."""
        answer = await self.query(host, "A")
        if not answer.exists:
            raise DnsFailed(Problem.NO_DOMAIN, f"{host} does not exist")
        if not answer.records:
            raise DnsFailed(Problem.NO_ADDRESS, f"{host} has no address")
        return answer.records
