"""Steps to set up an account; field names are their JSON."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.model.report import ClientRow


@dataclass(frozen=True, slots=True)
class Entry:
    """One box on the screen: what it is called, and what to enter or choose there."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, where to click, and what to enter there."""

    text: str
    where: str | None = None
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Instructions:
    """The steps for one address in the words of one client, and what to beware of."""

    address: str | None
    domain: str
    client: ClientRow
    steps: tuple[Step, ...]
    beware: tuple[str, ...]
    schema: str = "advisor.instructions/1"
