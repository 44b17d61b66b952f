"""Start-up: whole processes, beside the least that Python and Typer need."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from .rows import Row, interleaved, ms, ratio

RUNS = 15
COLD_RUNS = 5
IMPORT_RUNS = 5
COSTLIEST = 12

PORT_BUDGET = 1.15
OFFLINE_BUDGET = 1.5

PORT = ("port", "imap")
OFFLINE = ("recommend", "jane@gmail.com", "--offline")

BARE = """\
import typer


def main(protocol: str) -> None:
    print(f"{protocol}: 993")


typer.run(main)
"""

# What an answer about ports must not import, and what else is expensive.
FORBIDDEN = (
    *("dns", "ssl", "_ssl", "h11", "http", "httpcore", "httpx", "xml", "defusedxml", "jinja2"),
    *("cryptography", "socket", "urllib.request"),
)
HEAVY = (
    *FORBIDDEN,
    *("asyncio", "uvloop", "yaml", "msgspec", "rich", "pydantic", "tomllib", "publicsuffixlist"),
)

_DUMP = "import sys; from advisor.cli import main; main(sys.argv[1:]); print(*sys.modules)"
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)")


@dataclass(frozen=True)
class Place:
    """A folder of the benchmark's own, with advisor's cache and configuration in it."""

    path: Path

    def environment(self, cache: Path | None = None) -> dict[str, str]:
        """The environment of every process: nobody's settings, and caches of its own.

        Python's too: an installed advisor has its bytecode, whatever is said to this process.
        """
        kept = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith("ADVISOR_") and name != "PYTHONDONTWRITEBYTECODE"
        }
        return {
            **kept,
            "PYTHONPYCACHEPREFIX": str(self.path / "bytecode"),
            "ADVISOR_CACHE_DIR": str(cache or self.path / "cache"),
            "ADVISOR_CONFIG_DIR": str(self.path / "config"),
        }

    def run(self, command: Sequence[str], cache: Path | None = None) -> str:
        """What *command* wrote on stderr and stdout; it must succeed."""
        done = subprocess.run(
            command,
            cwd=self.path,
            env=self.environment(cache),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{' '.join(command)}: {done.returncode}\n{done.stderr}")
        return done.stderr + done.stdout

    def seconds(self, command: Sequence[str], cache: Path | None = None) -> float:
        """How long *command* takes."""
        start = time.perf_counter()
        self.run(command, cache)
        return time.perf_counter() - start


def rows() -> Iterator[Row]:
    """Every row of this group."""
    with tempfile.TemporaryDirectory(prefix="advisor-benchmark-") as folder:
        place = Place(Path(folder))
        (place.path / "bare.py").write_text(BARE)
        yield from _processes(place)
        yield from _cold(place)
        yield from _modules(place)
        yield from _costs(place)


def module(*args: str) -> list[str]:
    """The command that runs advisor as a module."""
    return [sys.executable, "-m", "advisor", *args]


def console(*args: str) -> list[str]:
    """The command that runs advisor as it is installed, by the interpreter that runs this."""
    return [str(Path(sys.executable).with_name("advisor")), *args]


def _processes(place: Place) -> Iterator[Row]:
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import typer, nothing else": [sys.executable, "-c", "import typer"],
        "bare one-command Typer program": [sys.executable, "bare.py", "imap"],
        "python -m advisor port imap": module(*PORT),
        "advisor port imap (console script)": console(*PORT),
        "python -m advisor recommend jane@gmail.com --offline": module(*OFFLINE),
        "advisor recommend jane@gmail.com --offline (console script)": console(*OFFLINE),
    }
    if not Path(console()[0]).exists():
        commands = {name: command for name, command in commands.items() if "script" not in name}
    for command in commands.values():
        place.run(command)
    taken = interleaved(
        {name: partial(place.seconds, command) for name, command in commands.items()}, RUNS
    )
    floor = taken["bare one-command Typer program"]
    for name, times in taken.items():
        factor = ratio(times, floor)
        budget = _budget(name)
        yield Row(
            name,
            ms(median(times)),
            f"{factor:.2f} × bare Typer",
            f"<= {budget:.2f} ×" if budget else "",
            factor <= budget if budget else None,
        )


def _budget(name: str) -> float | None:
    if "port imap" in name:
        return PORT_BUDGET
    return OFFLINE_BUDGET if "--offline" in name else None


def _cold(place: Place) -> Iterator[Row]:
    """The first start after an installation, when the knowledge has yet to be read from YAML."""
    for args in (PORT, OFFLINE):
        caches = (place.path / f"cold-{args[0]}-{number}" for number in range(COLD_RUNS))
        times = [place.seconds(module(*args), cache) for cache in caches]
        yield Row(f"advisor {' '.join(args)}, cold knowledge cache", ms(median(times)))


def _modules(place: Place) -> Iterator[Row]:
    for args, forbidden in ((PORT, FORBIDDEN), (OFFLINE, ())):
        out = place.run([sys.executable, "-c", _DUMP, *args])
        loaded = set(out.splitlines()[-1].split())
        found = [name for name in HEAVY if name in loaded]
        yield Row(
            f"heavy ones among the {len(loaded)} modules of advisor {' '.join(args)}",
            str(len(found)),
            " ".join(found),
            "none" if forbidden else "",
            not set(found) & set(forbidden) if forbidden else None,
        )


def _costs(place: Place) -> Iterator[Row]:
    """What is imported over the bare program, costliest first."""
    bare = _imports(place, ["bare.py", "imap"])
    for args in (PORT, OFFLINE):
        ours = _imports(place, ["-m", "advisor", *args])
        added = {name: cost for name, cost in ours.items() if name not in bare}
        total = sum(added.values())
        yield Row(f"imports of advisor {' '.join(args)} over bare Typer", ms(total / 1e6))
        for name, cost in Counter(added).most_common(COSTLIEST):
            yield Row(f"    {name}", ms(cost / 1e6))


def _imports(place: Place, arguments: Sequence[str]) -> dict[str, float]:
    """The microseconds that each module takes by itself."""
    runs = [
        {
            found[2]: int(found[1])
            for found in _IMPORT.finditer(
                place.run([sys.executable, "-X", "importtime", *arguments])
            )
        }
        for _ in range(IMPORT_RUNS)
    ]
    return {name: median(run.get(name, 0) for run in runs) for name in runs[0]}
