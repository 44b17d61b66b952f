"""A web in a dictionary."""

from __future__ import annotations

from advisor.errors import FetchFailed
from advisor.model.evidence import Problem
from advisor.net._seams import Fetched


class FakeFetcher:
    """The ``Fetcher`` seam over *pages*: URL to body, to ``Fetched``, or to a ``Problem``.

    Anything else is not found. *asked* keeps every URL.
    """

    def __init__(self, pages: dict[str, bytes | Fetched | Problem] | None = None) -> None:
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
        return Fetched(url, page, "text/xml", (url,), url.startswith("https:"))
