"""Slips: what can be wrong with how a published document is written; one file for each format.

``common`` holds those of every format.
"""

from __future__ import annotations

from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import choice, date, mapping, record, text

KIND = Kind(
    record(
        {
            "title": text(120),
            "slips": mapping(
                text(60),
                record(
                    {"severity": choice("error", "warning", "note"), "says": text(300)},
                    optional={"instead": text(300), "reference": text(120)},
                ),
            ),
            "verified": date(),
        }
    )
)
