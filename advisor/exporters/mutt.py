"""~/.muttrc for Mutt 2."""

from __future__ import annotations

from functools import partial

from advisor.exporters._exporter import Exporter
from advisor.exporters._mutt import export

EXPORTER = Exporter(
    "mutt",
    "Mutt, ~/.muttrc",
    "text/plain",
    "muttrc",
    partial(export, name="mutt", inbox="spoolfile", home="~/.muttrc"),
    is_personal=True,
)
