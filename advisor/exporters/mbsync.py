"""~/.mbsyncrc for mbsync 1.5 and newer."""

from __future__ import annotations

from functools import partial

from advisor.exporters._exporter import Exporter
from advisor.exporters._mbsync import export

EXPORTER = Exporter(
    "mbsync",
    "mbsync 1.5 and newer, ~/.mbsyncrc",
    "text/plain",
    "mbsyncrc",
    partial(export, keyword="TLSType", versions="1.5 and newer"),
    is_personal=True,
)
