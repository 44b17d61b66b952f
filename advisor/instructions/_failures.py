"""What may go wrong with one combination, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from advisor.instructions._case import Case
from advisor.model.instructions import Failure

# So many are told, and so many ways to mend each.
_MOST = 6
_FIXES = 2


def failures(
    case: Case,
    programs: Sequence[str],
    likely: Sequence[Mapping[str, Any]],
    errors: Mapping[str, Mapping[str, Any]],
    classes: Mapping[str, Mapping[str, str]],
) -> Iterator[Failure]:
    """The *likely* causes that fit, in their order, with messages of the client's *programs*."""
    known = [
        one
        for family in errors.values()
        for one in family["entries"]
        if not one["generic"] and set(one["where"]) & set(programs)
    ]
    fitting = (one["cause"] for one in likely if case.holds(one.get("when") or ()))
    for _, cause in zip(range(_MOST), fitting, strict=False):
        message = next((one for one in known if one["causes"][:1] == [cause]), None)
        told = case.language.causes.get(cause)
        shows = message["examples"][0] if message else None
        if message and case.language.id == "en":
            fixes = tuple(message["fixes"][:_FIXES])
            yield Failure(cause, shows, message["means"], fixes)
        else:
            words = told or classes[cause]
            yield Failure(cause, shows, words["means"], (words["fix"],))
