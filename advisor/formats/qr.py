"""QR codes as drawings. segno is an extra (``mail-advisor[qr]``), imported where one is drawn.

See: ISO/IEC 18004.
"""

from __future__ import annotations

from base64 import b64decode
from html import escape
from typing import Any

from advisor.errors import InputError

# What version 40 with the second level of repair holds, in bytes.
MAX_BYTES = 2331

# Modules of white around a code, and pixels of a module.
_BORDER = 4
_SCALE = 8


def svg(content: str, label: str) -> str:
    """An SVG element that shows *content*, dark on white whatever surrounds it.

    *label* is read to who cannot see it. As a file of its own it is a picture, too.

    Raises:
        InputError: segno is not installed, or *content* is too long for a code.
    """
    rows = [bytes(row) for row in _code(content).matrix_iter(border=_BORDER)]
    size, shown = len(rows), len(rows) * _SCALE
    dark = "".join(
        f"M{x} {y}h{run}v1h-{run}z" for y, row in enumerate(rows) for x, run in _runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'width="{shown}" height="{shown}" shape-rendering="crispEdges" '
        f'role="img" aria-label="{escape(label)}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path d="{dark}"/></svg>'
    )


def png(content: str) -> bytes:
    """A PNG file that shows *content*, black on white.

    Raises:
        InputError: segno is not installed, or *content* is too long for a code.
    """
    uri: str = _code(content).png_data_uri(scale=_SCALE, border=_BORDER)
    return b64decode(uri.partition(",")[2])


def _code(content: str) -> Any:
    """The code for *content* in UTF-8, which is what readers take bytes for these days."""
    if len(content.encode()) > MAX_BYTES:
        raise InputError(f"a QR code holds at most {MAX_BYTES} bytes, and this needs more")
    try:
        import segno
    except ImportError:
        raise InputError("a QR code needs segno: install mail-advisor[qr]") from None
    return segno.make_qr(content, error="m", encoding="utf-8", boost_error=False)


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Where dark modules begin in *row*, and how many there are side by side."""
    runs: list[tuple[int, int]] = []
    for x, module in enumerate(row):
        if module and runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif module:
            runs.append((x, 1))
    return runs
