"""Versions and the ranges that the data speak of: ``<3``, ``>=132``, ``2007-2019``, ``*``."""

from __future__ import annotations

import re

Version = tuple[int, ...]
Bound = tuple[float, ...]

_END = float("inf")


def numbers(text: str) -> Version:
    """The numbers of a version: (2, 0, 0, 24)."""
    return tuple(int(part) for part in re.findall(r"\d+", text))


def covers(span: str, version: Version) -> bool:
    """Does the range *span* hold *version*?

    A bound with fewer numbers covers all below it: 2.0.0.24 lies in ``2-2``.
    """
    if span == "*":
        return True
    sign, low, high = _parts(span)
    cut = version[: len(low)]
    match sign:
        case "<":
            return cut < low
        case "<=":
            return cut <= low
        case ">":
            return cut > low
        case ">=":
            return cut >= low
    return cut >= low and version[: len(high)] <= high


def bounds(span: str) -> tuple[Bound, Bound]:
    """Where *span* begins, and the first place behind it."""
    if span == "*":
        return (), (_END,)
    sign, low, high = _parts(span)
    match sign:
        case "<":
            return (), low
        case "<=":
            return (), (*low, _END)
        case ">":
            return (*low, _END), (_END,)
        case ">=":
            return low, (_END,)
    return low, (*high, _END)


def overlap(one: str, other: str) -> bool:
    """Is there a version that both ranges hold?"""
    (first, end), (second, last) = bounds(one), bounds(other)
    return max(first, second) < min(end, last)


def _parts(span: str) -> tuple[str, Version, Version]:
    found = re.match(r"[<>]=?", span)
    sign = found.group() if found else ""
    low, _, high = span[len(sign) :].partition("-")
    return sign, numbers(low), numbers(high or low)
