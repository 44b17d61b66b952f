"""The contract of a linter, and how linters note what they see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from advisor.errors import FormatError
from advisor.model.evidence import Problem
from advisor.model.published import Reading, Slip
from advisor.model.text import printable

MAX_SLIPS = 200


@dataclass(frozen=True, slots=True)
class Linter:
    """One format: *recognises(document)* without raising, *read(document)* likewise.

    What is wrong with how a document is written is among its slips, of which ``rules/slips`` has
    the sentences; what is unwise about its servers is said by rules (``rules/lint``).
    """

    id: str
    title: str
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes], Reading]


@dataclass(slots=True)
class Slips:
    """Collects slips, at most ``MAX_SLIPS`` of them."""

    found: list[Slip] = field(default_factory=list)

    def add(self, code: str, at: tuple[int, int], **facts: object) -> None:
        """The slip *code* at this line and column; *facts* fill the braces of its sentences."""
        if len(self.found) < MAX_SLIPS:
            told = tuple((name, printable(str(fact), 200)) for name, fact in facts.items())
            self.found.append(Slip(code, *at, told))

    def __call__(self) -> tuple[Slip, ...]:
        return tuple(self.found)


def unreadable(error: FormatError, slips: Slips, remarks: tuple[str, ...] = ()) -> Reading:
    """What there is to say of a document that cannot be read to its end."""
    said = str(error)
    code = "document-too-large" if error.problem is Problem.TOO_LARGE else "document-broken"
    slips.add(code, (error.line, error.column), said=f"{said[:1].upper()}{said[1:]}")
    return Reading(slips=slips(), whole=False, remarks=remarks)
