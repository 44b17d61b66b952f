"""A report as a page that is read in ten seconds: the two settings, why, and what to beware of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from advisor.cli._chosen import chosen, halves, how_to_sign_in, matters, missing_half
from advisor.cli._login_page import login_line
from advisor.cli._markdown import cited, escaped
from advisor.cli._output import Paint
from advisor.cli._words import (
    PROTOCOLS,
    SECURITY,
    TRUST,
    listed,
    mark,
    place,
    user_name,
)
from advisor.cli._wrap import WIDTH, wrapped
from advisor.engine.case import GUESSED
from advisor.engine.observed import long_date
from advisor.model.endpoint import OUTGOING
from advisor.model.observation import Live
from advisor.model.report import Finding, Reason, Report, Setting, Status, Verdict
from advisor.model.text import printable

_SENTENCE = re.compile(r".+?[.!?](?=\s|$)\s*")

_STATUS = {
    Status.UNUSABLE: "Nothing that was found can be used as it stands.",
    Status.NOTHING_FOUND: "No settings were found.",
    Status.UNREACHABLE: "The network kept us from finding out.",
}

_SERVICE = {Live.CONFIRMED: " (works)", Live.FAILED: " (does not work)", Live.NOT_CHECKED: ""}


def text(report: Report, paint: Paint, *, quiet: bool = False, verbose: bool = False) -> str:
    """The page; *quiet* leaves only the settings, *verbose* adds every source and probe."""
    lines = [paint.bold(_title(report)), ""]
    lines += _settings(report, paint)
    if quiet:
        return "\n".join(lines[2:] if chosen(report) else lines)
    lines += _evidence(report)
    lines += _why(report, paint)
    lines += _beware(report, paint, verbose=verbose)
    lines += _also(report)
    if verbose:
        from advisor.cli._details import details

        lines += details(report, paint)
    elif report.status is Status.OK:
        lines += ["", paint.dim("Every source and probe: --verbose. For machines: --format json.")]
    return "\n".join(lines)


def _title(report: Report) -> str:
    name = report.address or report.domain
    if report.domain != report.domain_unicode:
        local_part = f"{report.address.rpartition('@')[0]}@" if report.address else ""
        name = f"{local_part}{report.domain_unicode} ({report.domain})"
    return printable(f"{name} · {report.provider.name}" if report.provider else name)


def _settings(report: Report, paint: Paint) -> list[str]:
    firsts = chosen(report)
    if not firsts:
        return [
            f"  {paint.alarm(_STATUS.get(report.status, _STATUS[Status.UNUSABLE]))}",
            *_unusable(report),
        ]
    rows = [
        (
            "Outgoing" if one.protocol.value == "smtp" else "Incoming",
            PROTOCOLS[one.protocol],
            printable(one.host),
            str(one.port),
            one.label or SECURITY[one.security],
            how_to_sign_in(one, report),
            printable(user_name(one, report.address)),
        )
        for one in firsts
    ]
    lines = [paint.bold(line) for line in columns(rows)]
    if len(firsts) == 1:
        lines.append(f"  {paint.warn(missing_half(firsts[0], report))}")
    return lines


def _unusable(report: Report) -> list[str]:
    """What was found all the same, so that it can be mended or asked about."""
    rows = [
        (PROTOCOLS[one.protocol], one.host, str(one.port), SECURITY[one.security], _state(one))
        for one in (*report.incoming, *report.outgoing)
    ]
    return ["", *columns(rows)] if rows else []


def _state(one: Setting) -> str:
    if one.observation is not None and one.observation.error:
        said = one.observation.error.removeprefix(f"{one.host}:{one.port}").lstrip(": ")
        return printable(said, 60)
    return one.verdict.value


def columns(rows: Sequence[Sequence[str]], indent: str = "  ") -> list[str]:
    """*rows* in columns as wide as their widest cell."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return [
        indent + "   ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _evidence(report: Report) -> list[str]:
    firsts = chosen(report)
    if not firsts:
        return []
    sentences = [_checked(firsts, report), *_logins(firsts), _published(firsts, report)]
    return ["", *(line for said in sentences for line in wrapped(said, "  "))]


def _logins(firsts: Sequence[Setting]) -> list[str]:
    return [
        f"{login_line(f'{PROTOCOLS[one.protocol]} {one.port}', one.observation.login)}."
        for one in firsts
        if one.observation is not None and one.observation.login is not None
    ]


def _checked(firsts: Sequence[Setting], report: Report) -> str:
    if report.network.offline:
        return "Nothing was checked live: this answer was made without a network."
    confirmed = [one for one in firsts if one.live is Live.CONFIRMED]
    if not confirmed:
        return "Nothing was checked live."
    ends = [
        one.observation.tls.certificate.not_after
        for one in confirmed
        if one.observation and one.observation.tls and one.observation.tls.certificate
    ]
    until = f", certificates valid to {long_date(min(ends))}" if ends else ""
    if len(confirmed) == len(firsts):
        who = "both answer" if len(firsts) > 1 else "it answers"
    else:
        late = next(one for one in firsts if one.live is not Live.CONFIRMED)
        who = f"{confirmed[0].host} answers; {late.host} was not heard in time"
    return f"Checked just now: {who}{until}."


def _published(firsts: Sequence[Setting], report: Report) -> str:
    titles = {row.id: row.title for row in report.sources}
    ids = list(dict.fromkeys(name for one in firsts for name in one.sources))
    worst = max((one.trust for one in firsts), key=lambda trust: trust.rank)
    agree = all(len(one.sources) > 1 for one in firsts) and not any(
        f.code == "source-conflict" for f in report.findings
    )
    if GUESSED.issuperset(ids):
        return "Published by nobody: found by trying usual host names."
    said = f"Named by {listed([titles.get(name, name) for name in ids])}"
    return f"{said}{'; they agree' if agree else ''}{TRUST[worst]}."


def _why(report: Report, paint: Paint) -> list[str]:
    lines: list[str] = []
    for found, first in zip((report.incoming, report.outgoing), halves(report), strict=True):
        if first is not None:
            lines += _reason(first, found, paint)
    return ["", paint.bold("Why"), *lines] if lines else []


def _reason(first: Setting, found: Iterable[Setting], paint: Paint) -> list[str]:
    told = _weighing(first, found)
    return _hung(*told, paint) if told else []


def _weighing(first: Setting, found: Iterable[Setting]) -> tuple[str, Reason] | None:
    """What *first* was weighed against, in a few words, and the reason that weighed most."""
    rival = _rival(first, found)
    known = {reason.rule for reason in rival.reasons} if rival else set()
    speaking = [r for r in first.reasons if r.points > 0 and r.rule not in known]
    speaking = speaking or [r for r in first.reasons if r.points > 0]
    speaking = speaking or [r for r in first.reasons if r.effect != "told as a finding"]
    if not speaking:
        return None
    return _head(first, rival), max(speaking, key=lambda reason: reason.points)


def _rival(first: Setting, found: Iterable[Setting]) -> Setting | None:
    """What somebody might take instead: another port first, then another protocol."""
    others = [one for one in found if one is not first]
    same = [one for one in others if one.protocol is first.protocol]
    usable = [one for one in (*same, *others) if one.is_usable]
    return next(iter(usable or same), None)


def _head(first: Setting, rival: Setting | None) -> str:
    if rival and rival.protocol is not first.protocol:
        return f"{PROTOCOLS[first.protocol]} and not {PROTOCOLS[rival.protocol]}"
    if rival and rival.port != first.port:
        return f"{first.port} and not {rival.port}"
    return f"{PROTOCOLS[first.protocol]} on {first.port}"


def _brief(because: str) -> str:
    """The first two sentences: the reason, and the other side."""
    sentences = _SENTENCE.findall(because)
    return "".join(sentences[:2]).strip() or because


def _hung(head: str, reason: Reason, paint: Paint) -> list[str]:
    own = f" (your rule {reason.rule})" if reason.origin == "overlay" else ""
    cited = ", ".join(str(ref) for ref in reason.references[:2])
    first, *rest = wrapped(f"{_brief(reason.because)}{own}", f"  {head:18} ", " " * 21)
    lines = [first, *rest]
    if cited and len(lines[-1]) + len(cited) + 3 <= WIDTH:
        lines[-1] += "   " + paint.dim(cited)
    elif cited:
        lines.append(" " * 21 + paint.dim(cited))
    return lines


def _beware(report: Report, paint: Paint, *, verbose: bool = False) -> list[str]:
    lines: list[str] = []
    for one in report.findings:
        if verbose or matters(one, report):
            lines += _finding(one, paint)
    return ["", paint.bold("Beware"), *lines] if lines else []


def _finding(one: Finding, paint: Paint) -> list[str]:
    own = " (your rule)" if one.origin == "overlay" else ""
    folded = wrapped(f"{printable(one.message)}{own}", "  @ ", "    ")
    folded[0] = folded[0].replace("@", mark(one.severity, paint), 1)
    if len(folded[-1]) + len(one.code) + 3 <= WIDTH:
        folded[-1] += "   " + paint.dim(one.code)
    else:
        folded.append("    " + paint.dim(one.code))
    return folded


def _also(report: Report) -> list[str]:
    firsts = chosen(report)
    others = [
        one
        for one in (*report.incoming, *report.outgoing)
        if one not in firsts and one.is_usable and one.verdict.rank <= Verdict.ACCEPTABLE.rank
    ]
    lines = []
    for word, live in (("Also works", True), ("Also possible", False)):
        told = [_elsewhere(o, firsts) for o in others if (o.live is Live.CONFIRMED) is live]
        if told:
            lines += wrapped(f"{word}: {', '.join(dict.fromkeys(told))}.")
    if report.services:
        named = [
            f"{PROTOCOLS[one.protocol]} {one.url or one.host}{_SERVICE[one.live]}"
            for one in report.services
        ]
        lines += wrapped(printable(f"Also published: {', '.join(dict.fromkeys(named))}."))
    return ["", *lines] if lines else []


def _elsewhere(one: Setting, firsts: Sequence[Setting]) -> str:
    """A setting in a few words, with its host where the chosen one for its way has another."""
    same_way = [f for f in firsts if (f.protocol in OUTGOING) is (one.protocol in OUTGOING)]
    known = any(first.host == one.host for first in same_way)
    return place(one) if known else f"{place(one)} ({printable(one.host)})"


def markdown(report: Report) -> str:
    """The same as Markdown, for a ticket or a wiki."""
    lines = [f"# {escaped(_title(report))}", ""]
    firsts = chosen(report)
    if firsts:
        lines += ["| | protocol | server | port | security | sign-in | user name |"]
        lines += ["|---|---|---|---|---|---|---|"]
        for one in firsts:
            way = "Outgoing" if one.protocol.value == "smtp" else "Incoming"
            name = escaped(user_name(one, report.address))
            security = escaped(one.label or SECURITY[one.security])
            lines.append(
                f"| {way} | {PROTOCOLS[one.protocol]} | `{one.host}` | {one.port} "
                f"| {security} | {escaped(how_to_sign_in(one, report))} | {name} |"
            )
    else:
        lines.append(f"**{_STATUS.get(report.status, _STATUS[Status.UNUSABLE])}**")
    lines += [escaped(line.strip()) for line in _evidence(report)]
    plain = Paint(on=False)
    for title, block in (("Why", _why(report, plain)), ("Beware", _beware(report, plain))):
        if block:
            lines += ["", f"## {title}", ""]
            lines += _bullets(report, title)
    lines += ["", *(escaped(line) for line in _also(report)[1:])]
    return "\n".join(lines).rstrip() + "\n"


def _bullets(report: Report, title: str) -> list[str]:
    if title == "Beware":
        return [
            f"- **{one.severity}** ({one.code}){_owned(one.origin)}: {escaped(one.message)}"
            for one in report.findings
            if matters(one, report)
        ]
    lines = []
    for found, first in zip((report.incoming, report.outgoing), halves(report), strict=True):
        told = _weighing(first, found) if first is not None else None
        if told is not None:
            head, best = told
            own = f" (your rule {best.rule})" if best.origin == "overlay" else ""
            named = ", ".join(cited(str(ref)) for ref in best.references[:2])
            because = f"{escaped(_brief(best.because))}{own}"
            lines.append(f"- **{head}**: {because}{f' ({named})' if named else ''}")
    return lines


def _owned(origin: str) -> str:
    return " (your rule)" if origin == "overlay" else ""
