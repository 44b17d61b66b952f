"""QR codes as drawings inside a page. segno is an extra (``mail-advisor[qr]``)."""

from __future__ import annotations

from html import escape

# What version 40 with the second level of repair holds, in bytes.
MAX_BYTES = 2331


def svg(content: str, label: str) -> str | None:
    """An SVG element that shows *content*, dark on white; *label* is read to who cannot see it.

    None where segno is not installed, or *content* is too long for a code.
    """
    if len(content.encode()) > MAX_BYTES:
        return None
    try:
        import segno
    except ImportError:
        return None
    drawing = segno.make(content, error="m", micro=False, boost_error=False).svg_inline(
        scale=3, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return f'<div role="img" aria-label="{escape(label)}">{drawing}</div>'
