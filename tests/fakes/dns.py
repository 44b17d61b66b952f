"""A DNS in a dictionary."""

from __future__ import annotations

from typing import Any

from advisor.errors import DnsFailed
from advisor.model.evidence import Problem
from advisor.net._seams import DnsAnswer

Zone = dict[tuple[str, str], Any]


class FakeResolver:
    """The ``Resolver`` seam over *zone*: (name, type) to records, or to a ``Problem``.

    A name that *zone* lacks does not exist; *wildcard* are the addresses of any such name. The
    answers for names in *signed* are authenticated. *asked* keeps every question.
    """

    def __init__(
        self, zone: Zone | None = None, *, wildcard: tuple[str, ...] = (), signed: bool = False
    ) -> None:
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
        return DnsAnswer(name, rdtype, exists, tuple(found or ()), self.signed)

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The A records of *zone*."""
        answer = await self.query(host, "A")
        if not answer.exists:
            raise DnsFailed(Problem.NO_DOMAIN, f"{host} does not exist")
        if not answer.records:
            raise DnsFailed(Problem.NO_ADDRESS, f"{host} has no address")
        return answer.records
