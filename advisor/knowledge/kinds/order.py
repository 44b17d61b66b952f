"""The order of the keys that sort settings, of the sources, and of ways to begin and sign in."""

from __future__ import annotations

from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import choice, listing, record, text

KEYS = ("verdict", "live", "preference", "trust", "source")

KIND = Kind(
    record(
        {
            "settings": listing(choice(*KEYS), at_least=1),
            "sources": listing(text(40), at_least=1),
            "ways": listing(choice("tls", "starttls"), at_least=1),
            "mechanisms": listing(text(40), at_least=1),
        }
    )
)
