"""~/.mbsyncrc for mbsync 1.4, as in Debian 12."""

from __future__ import annotations

from functools import partial

from advisor.exporters._exporter import Exporter
from advisor.exporters._mbsync import export

EXPORTER = Exporter(
    "mbsync@1.4",
    "mbsync 1.4, ~/.mbsyncrc",
    "text/plain",
    "mbsyncrc",
    partial(export, keyword="SSLType", versions="1.4"),
    is_personal=True,
)
