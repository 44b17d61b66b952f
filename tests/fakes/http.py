"""A web in a dictionary."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.errors import FetchFailed
from advisor.model.evidence import Problem
from advisor.net._seams import Fetched, Redirect

Page = bytes | Fetched | Redirect | Problem


class FakeFetcher:
    """The ``Fetcher`` seam over *pages*: URL to body, to ``Fetched``, ``Redirect`` or ``Problem``.

    Anything else is not found. *asked* keeps every URL, *sent* every body.
    """

    def __init__(self, pages: Mapping[str, Page] | None = None) -> None:
        self.pages = dict(pages or {})
        self.asked: list[str] = []
        self.sent: list[bytes] = []

    async def get(self, url: str) -> Fetched:
        """The page at *url*; redirects are for ``request``."""
        page = await self.reply(url)
        assert isinstance(page, Fetched)
        return page

    async def request(self, url: str, xml: bytes | None = None) -> Fetched | Redirect:
        """The page at *url*, whatever is sent there."""
        if xml is not None:
            self.sent.append(xml)
        return await self.reply(url)

    async def reply(self, url: str) -> Fetched | Redirect:
        """What *pages* has for *url*."""
        self.asked.append(url)
        page = self.pages.get(url, Problem.NOT_FOUND)
        if isinstance(page, Problem):
            raise FetchFailed(page, f"{page} at {url}")
        if isinstance(page, bytes):
            return Fetched(url, page, "text/xml", (url,), url.startswith("https:"))
        return page
