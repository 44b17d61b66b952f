"""Service records for the zone of the domain.

See: RFC 6186 §3; RFC 8314 §5.1; RFC 5804 §1.8; RFC 6764 §3, §4; RFC 8620 §2.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from advisor.errors import ExportError
from advisor.exporters import _text as text
from advisor.exporters._advisable import advisable, leads_home
from advisor.exporters._exporter import ZONE, Export, Exporter, Wish
from advisor.formats.srv import LABELS, MAIL, WELL_KNOWN, is_path, label, owner, zone_line
from advisor.model.auth import AuthMethod, UsernameForm
from advisor.model.endpoint import INCOMING, OUTGOING, Protocol, Security
from advisor.model.observation import Live
from advisor.model.report import Report, Setting, Verdict

# Seconds that others may keep a record.
TTL = 3600

# What a mail program tries by itself: RFC 6186 §4.
_GUESSED = (UsernameForm.ADDRESS, UsernameForm.LOCALPART, UsernameForm.UNKNOWN)

# RFC 6186 §3.4: priorities compare across labels, the lowest first; so far they are apart.
_STEP = 10


def export(report: Report, wish: Wish) -> Export:
    """Zone lines, one label after the other; what the servers do not offer is denied with ".".

    Nothing is denied where nobody looked at the servers.

    Raises:
        ExportError: no server is known that a service record can name.
    """
    settings = [
        one
        for group in (report.incoming, report.outgoing, report.services)
        for one in advisable(group, wish.even_if_unsafe)
        if not leads_home(one)
    ]
    best: dict[str, Setting] = {}
    for one in settings:
        name = label(one.protocol, one.security)
        if name and one.host:
            best.setdefault(name, one)
    if not best.keys() & MAIL.keys():
        raise ExportError(
            f"no server of {report.domain} is known that service records can name: "
            "advisor recommend says more"
        )
    lines = [
        f"; Service records of {report.domain} for mail programs: RFC 6186, RFC 8314 section 5.1.",
        *_lines(best, report),
    ]
    return Export(
        "\n".join((*lines, "")).encode("ascii"), (*_lost(settings, best), *text.unnamed(wish))
    )


def _lines(best: dict[str, Setting], report: Report) -> Iterator[str]:
    looked = _was_looked_at(report)
    for name in LABELS:
        at = owner(name, report.domain)
        if name in best:
            yield from _offered(at, best[name], _priority(best[name], best.values()))
        elif name in MAIL and looked:
            yield zone_line(at, "SRV", "0 0 0 .", ttl=TTL)


def _lost(settings: Iterable[Setting], best: dict[str, Setting]) -> Iterator[str]:
    told = {one.endpoint for one in best.values()}
    for one in settings:
        if one.endpoint not in told:
            yield f"{one.endpoint} (a label names one server, and not every protocol has one)"
    if any(one.username_form not in _GUESSED for one in best.values()):
        yield "a user name that is neither the address nor what stands before its @"
    ways = {method for one in best.values() for method in one.auth}
    if ways - {AuthMethod.PASSWORD}:
        yield f"how to sign in: {', '.join(sorted(ways))}"
    if any(one.security is Security.STARTTLS for one in best.values()):
        yield "that STARTTLS must not be skipped"


def _was_looked_at(report: Report) -> bool:
    settings: Iterable[Setting] = (*report.incoming, *report.outgoing)
    return any(one.live is Live.CONFIRMED for one in settings)


def _priority(one: Setting, best: Iterable[Setting]) -> int:
    """How many settings for the same purpose the report puts before *one*, in steps."""
    if one.protocol not in (*INCOMING, *OUTGOING):
        return 0
    way = INCOMING if one.protocol in INCOMING else OUTGOING
    return _STEP * [other for other in best if other.protocol in way].index(one)


def _offered(at: str, one: Setting, priority: int) -> Iterator[str]:
    if one.verdict is Verdict.FORBIDDEN:
        yield "; UNSAFE, exported on request, do not publish:"
    yield zone_line(at, "SRV", f"{priority} 1 {one.port} {one.host}.", ttl=TTL)
    path = urlsplit(one.url or "").path
    is_usual = path in ("", WELL_KNOWN.get(one.protocol)) or one.protocol is Protocol.JMAP
    if not is_usual and is_path(path):
        yield zone_line(at, "TXT", f'"path={path}"', ttl=TTL)


EXPORTER = Exporter(
    "srv", "service records (zone lines)", "text/dns", "srv.zone", export, places=(ZONE,)
)
