"""`python -m tests.lab`: the lab for a person, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType

from .daemon import LabError
from .lab import Lab
from .scenarios import DOMAINS, Domain


def main() -> int:
    """Start the lab, say what is in it, and wait."""
    signal.signal(signal.SIGTERM, _end)
    began = time.monotonic()
    try:
        with Lab() as lab:
            print(f"nameserver  {lab.nameserver}")
            print(f"CA file     {lab.ca_file}")
            print(f"ISPDB       {lab.ispdb_url}")
            print(f"logs        {lab.log_directory}")
            print(f"options     {' '.join(lab.cli_options)}\n")
            for domain in DOMAINS:
                print(_line(domain))
            print(f"\nUp after {time.monotonic() - began:.1f} s; Ctrl-C ends it.", flush=True)
            while True:
                signal.pause()
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _line(domain: Domain) -> str:
    network = domain.name_server_address() if not domain.hosts else domain.address(domain.hosts[0])
    return f"{domain.name:<24} {network:<12} {domain.shows}"


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
