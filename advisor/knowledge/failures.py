"""Which message of a program stands for a cause, where instructions tell what may go wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# The guide of every client that has none of its own; it also says what is likely to go wrong.
ANY = "any"

# So many ways to mend a failure are told.
_FIXES = 2


def message(
    cause: str, programs: Sequence[str], errors: Mapping[str, Mapping[str, Any]], *, is_pop3: bool
) -> Mapping[str, Any] | None:
    """The first message of one of *programs* that means *cause* before all else.

    One that is about POP3 alone has it in its id, and comes up only with POP3. Words that accompany
    others come last: they stand for a cause only where nothing else is known.
    """
    known = [
        one
        for family in errors.values()
        for one in family["entries"]
        if one["causes"][:1] == [cause]
        and set(one["where"]).intersection(programs)
        and (is_pop3 or "pop" not in one["id"].split("-"))
    ]
    return min(known, key=lambda one: bool(one["generic"]), default=None)


def fixes(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Those of a message's fixes that a page has room for."""
    return tuple(told["fixes"][:_FIXES])
