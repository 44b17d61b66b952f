"""~/.neomuttrc for NeoMutt."""

from __future__ import annotations

from functools import partial

from advisor.exporters._exporter import Exporter
from advisor.exporters._mutt import export

EXPORTER = Exporter(
    "neomutt",
    "NeoMutt, ~/.neomuttrc",
    "text/plain",
    "neomuttrc",
    partial(export, name="neomutt", inbox="spool_file", home="~/.neomuttrc"),
    is_personal=True,
)
