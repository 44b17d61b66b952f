"""Terms: what words mean, and to whom."""

from __future__ import annotations

from advisor.knowledge.kinds._fields import REFERENCES
from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import date, listing, nullable, record, text

KIND = Kind(
    record(
        {
            "term": text(80),
            "also": listing(text(80)),
            "meanings": listing(
                record(
                    {
                        "means": text(),
                        "where": nullable(text(80)),
                        "because": text(),
                        "references": REFERENCES,
                    }
                ),
                at_least=1,
            ),
            "verified": date(),
        }
    )
)
