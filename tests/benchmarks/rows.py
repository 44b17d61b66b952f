"""A row of the report, and how the numbers in it are taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

_WIDTHS = (76, 8, 34, 9)


@dataclass(frozen=True)
class Row:
    """What was measured, its median, its ratio to a floor, its budget, and whether that holds."""

    what: str
    measured: str
    ratio: str = ""
    budget: str = ""
    holds: bool | None = None

    def __str__(self) -> str:
        """The row in columns."""
        verdict = {None: "", True: "ok", False: "OVER"}[self.holds]
        cells = (self.what, self.measured, self.ratio, self.budget)
        padded = (f"{cell:{width}}" for cell, width in zip(cells, _WIDTHS, strict=True))
        return "  ".join((*padded, verdict)).rstrip()


HEAD = Row("what", "median", "ratio to its floor", "budget")


def interleaved(works: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """What each work returned, in seconds, *rounds* times; one of each in turn (A B A B)."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(work())
    return taken


def ratio(times: list[float], floor: list[float]) -> float:
    """The median of the ratios round by round, so that a slow moment of the machine hits both."""
    return median(one / other for one, other in zip(times, floor, strict=True))


def ms(seconds: float) -> str:
    """*seconds* as people compare them."""
    return f"{seconds * 1000:.1f} ms" if seconds >= 0.01 else f"{seconds * 1000:.2f} ms"
