"""What may go wrong with one combination, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from advisor.instructions._case import Case
from advisor.knowledge.failures import fixes, message
from advisor.model.instructions import Failure

# So many are told.
_MOST = 6


def failures(
    case: Case,
    programs: Sequence[str],
    likely: Sequence[Mapping[str, Any]],
    errors: Mapping[str, Mapping[str, Any]],
    classes: Mapping[str, Mapping[str, str]],
) -> Iterator[Failure]:
    """The *likely* causes that fit, in their order, with messages of the client's *programs*."""
    fitting = (one["cause"] for one in likely if case.holds(one.get("when") or ()))
    for _, cause in zip(range(_MOST), fitting, strict=False):
        shown = message(cause, programs, errors)
        shows = case.quoted(shown["examples"][0]) if shown else None
        yield Failure(cause, shows, *_said(shown, classes[cause], case))


def _said(
    shown: Mapping[str, Any] | None, general: Mapping[str, str], case: Case
) -> tuple[str, tuple[str, ...]]:
    """What it means and what mends it: as the message has it, or else what holds in *general*."""
    if shown:
        means, mends = case.told(shown["means"]), [case.told(one) for one in fixes(shown)]
        if means and all(mends):
            return means, tuple(one for one in mends if one)
    return case.told_or_english(general["means"]), (case.told_or_english(general["fix"]),)
