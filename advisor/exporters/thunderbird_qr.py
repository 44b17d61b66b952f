"""The text of the QR code for Thunderbird for Android."""

from __future__ import annotations

from advisor.exporters._exporter import Exporter
from advisor.exporters._thunderbird_qr import CLIENT, export

EXPORTER = Exporter(
    "thunderbird-qr",
    "text of the QR code for Thunderbird for Android",
    "application/json",
    "thunderbird-qr.json",
    export,
    is_personal=True,
    scanned_by=CLIENT,
)
