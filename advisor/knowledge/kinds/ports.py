"""Ports: what each is for, its history, and how it compares."""

from __future__ import annotations

from advisor.knowledge.kinds._fields import PORT, PROTOCOL, REFERENCES, SECURITY
from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import choice, date, mapping, nullable, record, text

KIND = Kind(
    record(
        {
            "name": text(60),
            "protocol": PROTOCOL,
            "security": SECURITY,
            "for": choice("clients", "servers"),
            "answer": text(300),
            "because": text(),
            "history": nullable(text()),
            "versus": mapping(PORT, text()),
            "references": REFERENCES,
            "verified": date(),
        }
    )
)
