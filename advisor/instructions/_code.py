"""The QR code by which a client sets an account up, where it can scan one."""

from __future__ import annotations

from advisor._plugins import collect
from advisor.errors import ExportError
from advisor.exporters._exporter import Exporter, Wish
from advisor.model.address import subject
from advisor.model.report import Report


def code(report: Report) -> str | None:
    """The text of the code for the person and the client of *report*, or None.

    A whole domain has none, and neither has a client without a camera for it, nor an account that
    the code cannot say.
    """
    if report.address is None or report.client is None:
        return None
    found: dict[str, Exporter] = collect("advisor.exporters", "EXPORTER")
    wish = Wish(person=subject(report.address))
    for one in found.values():
        if one.scanned_by == report.client.id:
            try:
                return one.render(report, wish).document.decode("utf-8").strip()
            except ExportError:
                return None
    return None
