"""What the rules make of the way to the mail servers: the network told apart from the servers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from advisor.engine.evaluate import findings, tidy
from advisor.engine.facts import Facts
from advisor.engine.rulebook import Rulebook
from advisor.model.doctor import NamesRow, PathRow
from advisor.model.endpoint import Protocol
from advisor.model.report import Finding

# How many hosts must be silent on a port, while answering on another, before the network is blamed.
ENOUGH = 2

_GREETS_AS = re.compile(r"220[ -]([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\b")

Registrable = Callable[[str], str]


def judge(
    paths: Sequence[PathRow],
    names: NamesRow,
    *,
    ipv6_route: bool,
    ipv6_hosts: Sequence[str],
    registrable: Registrable,
    rulebook: Rulebook,
) -> tuple[Finding, ...]:
    """Everything that the rules tell of the network and of each path."""
    whole = doctor_facts(
        paths, names, ipv6_route=ipv6_route, ipv6_hosts=ipv6_hosts, registrable=registrable
    )
    hosts = tuple(dict.fromkeys(path.host for path in paths))
    raised = findings(rulebook.rules["doctor"].speaking(whole), whole, hosts)
    for path in paths:
        seen = path_facts(path)
        about = (f"{path.host}:{path.port}",)
        raised += findings(rulebook.rules["path"].speaking(seen), seen, about)
    return tidy(raised)


def states(paths: Sequence[PathRow]) -> dict[str, str]:
    """Port → open, refused, blocked, silent or unknown; see ``DoctorReport``."""
    up = {path.host for path in paths if path.outcome in ("open", "refused")}
    return {
        str(port): _state([path for path in paths if path.port == port], up)
        for port in sorted({path.port for path in paths})
    }


def _state(here: Sequence[PathRow], up: set[str]) -> str:
    outcomes = {path.outcome for path in here}
    for word in ("open", "refused"):
        if word in outcomes:
            return word
    silent = {path.host for path in here if path.outcome == "silent" and path.host in up}
    known = {path.host for path in here if path.host in silent and path.offered}
    if len(known) >= ENOUGH:
        return "blocked"
    return "silent" if len(silent) >= ENOUGH or known else "unknown"


def doctor_facts(
    paths: Sequence[PathRow],
    names: NamesRow,
    *,
    ipv6_route: bool,
    ipv6_hosts: Sequence[str],
    registrable: Registrable,
) -> Facts:
    """The facts that rules for each doctor's look see."""
    ports = states(paths)
    named = [path for path in paths if path.outcome != "no-name"]
    return {
        "doctor.hosts": sorted({path.host for path in paths}),
        "doctor.host_count": len({path.host for path in named}),
        "doctor.answers": any(path.outcome in ("open", "refused") for path in paths),
        "doctor.open": _ports(ports, "open"),
        "doctor.blocked": _ports(ports, "blocked"),
        "doctor.silent": _ports(ports, "silent"),
        "doctor.closed_at_server": _closed(paths, ports),
        "doctor.unknown_names": sorted({p.host for p in paths if p.outcome == "no-name"}),
        "doctor.same_greeting": _same_greeting(paths, registrable),
        "doctor.ipv6_route": ipv6_route,
        "doctor.ipv6_hosts": list(ipv6_hosts),
        "doctor.invented_names": list(names.invented),
        "doctor.private_names": list(names.private),
        "doctor.disputed_names": list(names.disputed),
    }


def path_facts(path: PathRow) -> Facts:
    """The facts that rules for each path see."""
    seen = path.observation
    certificate = seen.tls.certificate if seen.tls else None
    return {
        "path.host": path.host,
        "path.port": path.port,
        "path.protocol": path.protocol.value,
        "path.outcome": path.outcome,
        "path.greeting": seen.greeting,
        "path.capabilities": list(seen.capabilities_before),
        "path.issuer": certificate.issuer if certificate else None,
    }


def _ports(ports: dict[str, str], wanted: str) -> list[int]:
    return [int(port) for port, state in ports.items() if state == wanted]


def _closed(paths: Iterable[PathRow], ports: dict[str, str]) -> list[str]:
    """Known ports that keep silent or refuse while the same port of another host is open."""
    return [
        f"{path.host}:{path.port}"
        for path in paths
        if path.offered
        and path.outcome in ("silent", "refused")
        and ports[str(path.port)] == "open"
    ]


def _same_greeting(paths: Iterable[PathRow], registrable: Registrable) -> str | None:
    """A name that answers SMTP for hosts of several owners and belongs to none of them."""
    heard: dict[str, dict[str, str | None]] = {}
    for path in paths:
        found = _GREETS_AS.match(path.observation.greeting or "")
        if path.protocol is Protocol.SMTP and found:
            heard.setdefault(found[1].lower(), {})[path.host] = path.address
    for name, hosts in sorted(heard.items()):
        owners = {registrable(host) for host in hosts}
        if len(owners) >= ENOUGH <= len(set(hosts.values())) and registrable(name) not in owners:
            return name
    return None
