"""What the tests of the sources share: a subject, a network in dictionaries, one document."""

from __future__ import annotations

from typing import Any, cast

from advisor.discovery._context import Context
from advisor.discovery._source import Source
from advisor.knowledge.providers import Catalogue, CatalogueEntry
from advisor.model.address import subject
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Answer, Candidate, Problem, Provider
from advisor.net._seams import Fetched, Net
from tests.fakes.dns import FakeResolver
from tests.fakes.http import FakeFetcher

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
    pages: dict[str, bytes | Fetched | Problem] | None = None,
    *,
    ispdb: str | None = ISPDB,
    **dns: Any,
) -> Context:
    """A network with *zone* and *pages*."""
    net = Net(FakeResolver(zone, **dns), FakeFetcher(pages), cast(Any, None))
    return Context(net, cast(Catalogue, FakeCatalogue()), ispdb, GUESSES)


def asked(where: Context) -> tuple[list[tuple[str, str]], list[str]]:
    """What was asked in this network: DNS questions and URLs."""
    return cast(FakeResolver, where.dns).asked, cast(FakeFetcher, where.http).asked


async def answer(source: Source, id: str, where: Context, who: Any = ALICE) -> Answer:  # noqa: A002
    """The answer to the question *id* of *source*; ``LookupFailed`` goes through."""
    question = next(one for one in source.plan(who, where) if one.id == id)
    return await source.run(question, who, where)
