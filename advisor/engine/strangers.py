"""One stranger that answers for hosts of several owners; pure.

What hosts of different owners, at different addresses, have in common is the way to them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from advisor.model.doctor import PathRow, WebRow
from advisor.model.endpoint import Protocol

Registrable = Callable[[str], str]

# How many owners and addresses it takes to blame what they have in common.
ENOUGH = 2

_GREETS_AS = re.compile(r"220[ -]([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\b")
_WEB = re.compile(r"HTTP/\d|\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)
_SIGN_IN_FIRST = 511

# What shows → the hosts that show it, with the address of each.
_Shown = dict[str, dict[str, str | None]]


def same_greeting(paths: Iterable[PathRow], registrable: Registrable) -> str | None:
    """A name that answers SMTP for hosts of several owners and belongs to none of them."""
    heard: _Shown = {}
    for path in paths:
        found = _GREETS_AS.match(path.observation.greeting or "")
        if path.protocol is Protocol.SMTP and found:
            heard.setdefault(found[1].lower(), {})[path.host] = path.address
    for name, hosts in sorted(heard.items()):
        owners = {registrable(host) for host in hosts}
        if _is_one_for_many(hosts, registrable) and registrable(name) not in owners:
            return name
    return None


def same_certificate(paths: Iterable[PathRow], registrable: Registrable) -> str | None:
    """Whose certificate hosts of several owners show, though it is for none of them."""
    shown: _Shown = {}
    names: dict[str, str] = {}
    for path in paths:
        tls = path.observation.tls
        if tls is not None and tls.certificate is not None and not tls.name_ok:
            certificate = tls.certificate
            shown.setdefault(certificate.sha256, {})[path.host] = path.address
            names[certificate.sha256] = next(iter(certificate.names), certificate.subject)
    seen = (names[one] for one, hosts in shown.items() if _is_one_for_many(hosts, registrable))
    return min(seen, default=None)


def web_instead(paths: Iterable[PathRow], registrable: Registrable) -> list[str]:
    """Mail ports of hosts of several owners that answer as web servers do."""
    found = [path for path in paths if _WEB.match(path.observation.greeting or "")]
    is_many = len({registrable(path.host) for path in found}) >= ENOUGH
    return [f"{path.host}:{path.port}" for path in found] if is_many else []


def portal(
    pages: Iterable[WebRow], astray: Iterable[str], registrable: Registrable
) -> tuple[str | None, list[str]]:
    """Where a network leads whoever has not signed in to it, and the hosts that it does so for.

    It is where hosts of several owners lead alike, at addresses of their own or *astray*, and that
    is none of theirs; or whoever answers 511 (RFC 6585 §6).
    """
    rows, lost = list(pages), set(astray)
    led: _Shown = {}
    for row in rows:
        if row.leads_to is not None:
            address = row.host if row.host in lost else row.address
            led.setdefault(row.leads_to, {})[row.host] = address
    for name, hosts in sorted(led.items()):
        owners = {registrable(host) for host in hosts}
        if _is_one_for_many(hosts, registrable) and registrable(name) not in owners:
            return name, sorted(hosts)
    asking = [row for row in rows if row.status == _SIGN_IN_FIRST]
    if asking:
        return asking[0].leads_to or asking[0].host, sorted(row.host for row in asking)
    return None, []


def _is_one_for_many(hosts: Mapping[str, str | None], registrable: Registrable) -> bool:
    owners = {registrable(host) for host in hosts}
    return len(owners) >= ENOUGH <= len(set(hosts.values()))
