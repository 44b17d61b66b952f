"""A web in a dictionary."""

from __future__ import annotations

from advisor.errors import FetchFailed
from advisor.model.evidence import Problem
from advisor.net._seams import MAX_BODY, Fetched, Reply

Page = bytes | Fetched | Reply | Problem


class FakeFetcher:
    """The ``Fetcher`` seam over *pages*: URL to body, ``Fetched``, ``Reply``, or ``Problem``.

    Anything else is not found. *asked* keeps every URL.
    """

    def __init__(self, pages: dict[str, Page] | None = None) -> None:
        self.pages = pages or {}
        self.asked: list[str] = []

    async def get(self, url: str) -> Fetched:
        """The page at *url*."""
        self.asked.append(url)
        page = self.pages.get(url, Problem.NOT_FOUND)
        if isinstance(page, Problem):
            raise FetchFailed(page, f"{page} at {url}")
        if isinstance(page, Fetched):
            return page
        if isinstance(page, Reply):
            raise FetchFailed(Problem.HTTP_ERROR, f"{page.status} at {url}")
        return Fetched(url, page, "text/xml", (url,), url.startswith("https:"))

    async def look(self, url: str, *, limit: int = MAX_BODY) -> Reply:
        """The page at *url*; what is not there answers 404."""
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
