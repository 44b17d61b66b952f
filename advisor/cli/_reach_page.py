"""Which mail programs could connect to the ports that were looked at, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from advisor.cli._output import Paint
from advisor.cli._words import PROTOCOLS
from advisor.cli._wrap import wrapped
from advisor.knowledge.versions import Bound, bounds
from advisor.model.reach import ClientReach
from advisor.model.report import ProbedEndpoint


def text(ends: Iterable[ProbedEndpoint], paint: Paint, *, verbose: bool = False) -> Iterator[str]:
    """For each port those that cannot connect, with the reason; *verbose* names all of them."""
    for end in ends:
        if not end.clients:
            continue
        yield ""
        yield paint.bold(f"Mail programs and {PROTOCOLS[end.protocol]} {end.port}")
        unable = [one for one in end.clients if one.connects is False]
        for why in dict.fromkeys(one.why for one in unable):
            same = [one for one in unable if one.why == why]
            yield from wrapped(f"cannot connect: {why}", "  x ", "    ")
            yield from _grouped(same)
            if all(one.measured for one in same):
                yield "    Measured: this port was sent what they would send."
            if any(one.confidence == "unverified" for one in same):
                yield "    Part of this could not be verified."
        able = [one for one in end.clients if one.connects]
        unknown = [one for one in end.clients if one.connects is None]
        if verbose:
            for title, rows in (
                ("can connect, measured", [one for one in able if one.measured]),
                ("can connect, worked out", [one for one in able if not one.measured]),
                ("not known", unknown),
            ):
                if rows:
                    yield f"  {title}:"
                    yield from _grouped(rows)
        else:
            names, open_ = len({one.name for one in able}), len({one.name for one in unknown})
            sent = len({one.name for one in able if one.measured})
            measured = f" ({sent} measured with what they would send)" if sent else ""
            yield from wrapped(
                f"{names} can connect in some version{measured}; of {open_} it is not known.",
                "  ", "  ",
            )  # fmt: skip


def _grouped(rows: Sequence[ClientReach]) -> Iterator[str]:
    """Those of the same systems together."""
    for systems in dict.fromkeys(one.systems for one in rows):
        same = ", ".join(_named(one) for one in rows if one.systems == systems)
        on = f"{', '.join(systems)}: " if systems else ""
        yield from wrapped(f"{on}{same}", "    - ", "      ")


def shown(one: ClientReach) -> str:
    """The program with its versions and systems: Microsoft Outlook 2013-2019 (Windows Vista)."""
    return _named(one) + (f" ({', '.join(one.systems)})" if one.systems else "")


def _named(one: ClientReach) -> str:
    return " ".join([one.name, " and ".join(spans(one.ranges))]).strip()


def spans(ranges: Iterable[str]) -> Iterator[str]:
    """Ranges for people, oldest first, with those in one that follow each other: 31-67."""
    groups: list[list[str]] = []
    for span in sorted(ranges, key=bounds):
        if groups and _meet(bounds(groups[-1][-1])[1], bounds(span)[0]):
            groups[-1].append(span)
        else:
            groups.append([span])
    for group in groups:
        yield _versions(group[0], group[-1])


def _meet(end: Bound, first: Bound) -> bool:
    """Does *first* come right behind *end*: 38 behind all of 37, 12.2 behind all of 12.1?"""
    *most, last = end[:-1] or end
    return first <= end or (len(end) > 1 and first == (*most, last + 1))


def _versions(first: str, last: str) -> str:
    """From the beginning of one range to the end of another: before 31, 78 and newer, 2007-2010."""
    low = "" if first[0] in "<*" else first.lstrip(">=").partition("-")[0]
    if last[0] in ">*":
        return f"{low} and newer" if low else ""
    if last[0] == "<":
        return f"before {last[1:]}" if last[1] != "=" else f"{last[2:]} and older"
    high = last.partition("-")[2] or last
    if not low:
        return f"{high} and older"
    return low if low == high else f"{low}-{high}"
