"""The QR code for Thunderbird for Android as a picture for mails and screens."""

from __future__ import annotations

from functools import partial

from advisor.exporters._exporter import Exporter
from advisor.exporters._thunderbird_qr import drawn
from advisor.formats.qr import png

EXPORTER = Exporter(
    "thunderbird-qr@png",
    "QR code for Thunderbird for Android, PNG",
    "image/png",
    "thunderbird-qr.png",
    partial(drawn, draw=png),
    is_personal=True,
)
