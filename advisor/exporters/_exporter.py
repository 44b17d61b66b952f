"""The contract of an exporter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from advisor.model.report import Report


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format. *render(report, even_if_unsafe)* gives the document as bytes.

    ``render`` raises ``ExportError`` where the format cannot say what the report recommends.
    *filename* is what the document is usually called.
    """

    id: str
    title: str
    media_type: str
    filename: str
    render: Callable[[Report, bool], bytes]
