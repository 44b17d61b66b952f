"""Which findings to tell beside the settings that were chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from advisor.model.report import Finding, Setting, Verdict


def passed_over(found: Sequence[Setting], first: Setting | None) -> list[Setting]:
    """Those of *found* that would stand before *first*, did no rule hold them back."""
    least = sum(reason.points for reason in first.reasons) if first else None
    return [
        one
        for one in found
        if one.verdict.rank > Verdict.ACCEPTABLE.rank
        and one is not first
        and (least is None or sum(reason.points for reason in one.reasons) > least)
    ]


def concerns(finding: Finding, chosen: Iterable[Setting], over: Iterable[Setting]) -> bool:
    """Is *finding* about one of the *chosen*, or why one of those passed *over* is not?"""
    about = set(finding.about)
    if any(str(one.endpoint) in about for one in chosen):
        return True
    return any(
        str(one.endpoint) in about
        and any(reason.holds_back and reason.rule == finding.code for reason in one.reasons)
        for one in over
    )
