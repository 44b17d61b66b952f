"""A web in a dictionary."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.errors import FetchFailed
from advisor.model.evidence import Problem
from advisor.net._seams import MAX_BODY, Fetched, Redirect, Reply

Page = bytes | Fetched | Redirect | Reply | Problem


class FakeFetcher:
    """The ``Fetcher`` seam over *pages*: URL to body, or to what is named in ``Page``.

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
        if isinstance(page, Reply):
            raise FetchFailed(Problem.HTTP_ERROR, f"{page.status} at {url}")
        if isinstance(page, bytes):
            return Fetched(url, page, "text/xml", (url,), url.startswith("https:"))
        return page

    async def look(self, url: str, *, limit: int = MAX_BODY, method: str = "GET") -> Reply:
        """The page at *url*, by whatever *method*; what is not there answers 404."""
        page = self.pages.get(url, Problem.NOT_FOUND)
        if isinstance(page, Reply):
            self.asked.append(url)
            return page
        if page is Problem.NOT_FOUND:
            self.asked.append(url)
            return Reply(404, (), b"", (url,), url.startswith("https:"))
        found = await self.get(url)
        if len(found.body) > limit:
            raise FetchFailed(Problem.TOO_LARGE, f"too much at {url}")
        return Reply(200, (), found.body, found.hops, found.secure)
