"""What every source may use while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.knowledge.providers import Catalogue
    from advisor.net._seams import Net


@dataclass(frozen=True, slots=True)
class Context:
    """The network, the provider catalogue, and the operator's choices.

    *ispdb* is the base URL of the database to ask (a domain is appended), or None for none.
    """

    net: Net
    catalogue: Catalogue
    ispdb: str | None
