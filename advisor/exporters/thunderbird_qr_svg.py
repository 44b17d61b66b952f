"""The QR code for Thunderbird for Android as a drawing for pages and for print."""

from __future__ import annotations

from functools import partial

from advisor.exporters._exporter import Exporter
from advisor.exporters._thunderbird_qr import drawn
from advisor.formats.qr import svg


def _draw(content: str) -> bytes:
    return svg(content, "QR code for Thunderbird for Android").encode("ascii") + b"\n"


EXPORTER = Exporter(
    "thunderbird-qr@svg",
    "QR code for Thunderbird for Android, SVG",
    "image/svg+xml",
    "thunderbird-qr.svg",
    partial(drawn, draw=_draw),
    is_personal=True,
)
