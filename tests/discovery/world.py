"""What the tests of the sources share: a subject, a network in dictionaries, one document."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, cast

from advisor.discovery._context import Context
from advisor.discovery._source import Source
from advisor.knowledge.providers import Catalogue, CatalogueEntry
from advisor.model.address import subject
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Answer, Candidate, Provider
from advisor.net._seams import DnsAnswer, Net
from tests.fakes.dns import FakeResolver
from tests.fakes.http import FakeFetcher, Page

ALICE = subject("al.ice+tag@example.org")
DOMAIN = subject("example.org")
ISPDB = "https://ispdb.example.net/v1.1/"
DOCUMENT = b"""<clientConfig version="1.1"><emailProvider id="example.org">
<displayName>Example Mail</displayName><documentation url="https://example.org/help"/>
<incomingServer type="imap"><hostname>imap.example.org</hostname><port>993</port>
<socketType>SSL</socketType><authentication>password-cleartext</authentication></incomingServer>
</emailProvider></clientConfig>"""
IMAP = Candidate(Endpoint(Protocol.IMAP, "imap.example.org", 993, Security.TLS))
GUESSES = ((Protocol.IMAP, "imap"), (Protocol.IMAP, ""), (Protocol.SMTP, "smtp"))
ENTRY = CatalogueEntry(Provider("example", "Example Mail", verified="2026-11-01"), (IMAP,))


class FakeCatalogue:
    """A catalogue with one provider."""

    def by_domain(self, domain: str) -> CatalogueEntry | None:
        """Known by its domain."""
        return ENTRY if domain == "known.example" else None

    def by_mx(self, host: str) -> CatalogueEntry | None:
        """Known by its MX hosts."""
        return ENTRY if host.endswith(".hoster.example") else None


def context(
    zone: dict[tuple[str, str], Any] | None = None,
    pages: Mapping[str, Page] | None = None,
    *,
    ispdb: str | None = ISPDB,
    **dns: Any,
) -> Context:
    """A network with *zone* and *pages*."""
    return over(FakeResolver(zone, **dns), pages, ispdb=ispdb)


def over(
    dns: FakeResolver,
    pages: Mapping[str, Page] | None = None,
    *,
    ispdb: str | None = ISPDB,
) -> Context:
    """A network with *dns* and *pages*."""
    net = Net(dns, FakeFetcher(pages), cast(Any, None))
    return Context(net, cast(Catalogue, FakeCatalogue()), ispdb, GUESSES)


class LateResolver(FakeResolver):
    """A DNS that takes its time: *delays* in seconds by how "TYPE name" begins."""

    delays: dict[str, float]

    async def query(self, name: str, rdtype: str) -> DnsAnswer:
        """The same, later."""
        question = f"{rdtype} {name}"
        await asyncio.sleep(next((s for n, s in self.delays.items() if question.startswith(n)), 0))
        return await super().query(name, rdtype)


def late(zone: dict[tuple[str, str], Any], delays: dict[str, float]) -> LateResolver:
    """*zone*, with *delays*."""
    resolver = LateResolver(zone)
    resolver.delays = delays
    return resolver


def asked(where: Context) -> tuple[list[tuple[str, str]], list[str]]:
    """What was asked in this network: DNS questions and URLs."""
    return cast(FakeResolver, where.dns).asked, cast(FakeFetcher, where.http).asked


async def answer(source: Source, id: str, where: Context, who: Any = ALICE) -> Answer:  # noqa: A002
    """The answer to the question *id* of *source*; ``LookupFailed`` goes through."""
    question = next(one for one in source.plan(who, where) if one.id == id)
    return await source.run(question, who, where)
