"""Which of a report's settings and findings a page shows, and in which words."""

from __future__ import annotations

from advisor.cli._words import sign_in
from advisor.model.endpoint import OUTGOING
from advisor.model.report import Finding, Report, Setting, Severity
from advisor.model.telling import concerns, passed_over
from advisor.model.text import printable


def chosen(report: Report) -> list[Setting]:
    """The first usable incoming and the first usable outgoing setting."""
    lists = (report.incoming, report.outgoing)
    return [next(filter(lambda s: s.is_usable, found), found[0]) for found in lists
            if any(s.is_usable for s in found)]  # fmt: skip


def halves(report: Report) -> list[Setting | None]:
    """The same, with None for a half that has none."""
    return [
        next((one for one in found if one.is_usable), None)
        for found in (report.incoming, report.outgoing)
    ]


def missing_half(there: Setting, report: Report) -> str:
    """What to say of the half that is not beside *there*."""
    missing = "incoming" if there.protocol in OUTGOING else "outgoing"
    found = report.incoming if missing == "incoming" else report.outgoing
    if report.client and found and all(_is_out(one, report) for one in found):
        who = printable(report.client.name)
        return f"{who} can use none of the {missing} servers that are known."
    return f"No usable {missing} server was found."


def _is_out(one: Setting, report: Report) -> bool:
    """Is it the client that keeps *one* from being used?"""
    codes = {f.code for f in report.findings if f.code.startswith("client-")}
    return any(reason.holds_back and reason.rule in codes for reason in one.reasons)


def how_to_sign_in(one: Setting, report: Report) -> str:
    """How to sign in: the label on the screen, or the methods that program and server have."""
    codes = {f.code for f in report.findings if str(one.endpoint) in f.about}
    if "client-app-password" in codes:
        return f"{one.sign_in_label} (app password)" if one.sign_in_label else "app password"
    wants = any(f.code == "app-password-required" for f in report.findings)
    return one.sign_in_label or sign_in(one, app_password=wants)


def matters(one: Finding, report: Report) -> bool:
    """Warnings always do; a note about settings only beside the chosen, or why others are not."""
    if one.severity is not Severity.NOTE:
        return True
    found = {str(setting.endpoint) for setting in (*report.incoming, *report.outgoing)}
    if not found.issuperset(one.about):
        return True
    over = [
        passed
        for settings, first in zip((report.incoming, report.outgoing), halves(report), strict=True)
        for passed in passed_over(settings, first)
    ]
    return concerns(one, chosen(report), over)
