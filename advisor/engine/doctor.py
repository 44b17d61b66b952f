"""What the rules make of the way to the mail servers: the network told apart from the servers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from advisor.engine.evaluate import findings, tidy
from advisor.engine.facts import Facts
from advisor.engine.rulebook import Rulebook
from advisor.engine.strangers import (
    ENOUGH,
    Registrable,
    portal,
    same_certificate,
    same_greeting,
    web_instead,
)
from advisor.model.doctor import NamesRow, PathRow, Routes, WebRow
from advisor.model.evidence import Problem
from advisor.model.report import Finding

# What shows that something is there, and what shows that nothing gets through.
_ANSWERED = ("open", "strange", "refused")
_UNHEARD = ("silent", "strange", "refused")
_DNS = (
    Problem.DNS_TIMEOUT, Problem.DNS_SERVFAIL, Problem.DNS_REFUSED, Problem.DNSSEC_BOGUS,
    Problem.DNS_ISLAND,
)  # fmt: skip


def judge(
    paths: Sequence[PathRow],
    names: NamesRow,
    web: Sequence[WebRow],
    *,
    routes: Routes,
    registrable: Registrable,
    rulebook: Rulebook,
) -> tuple[Finding, ...]:
    """Everything that the rules tell of the network and of each path."""
    whole = doctor_facts(paths, names, web, routes=routes, registrable=registrable)
    hosts = tuple(dict.fromkeys(path.host for path in paths))
    raised = findings(rulebook.rules["doctor"].speaking(whole), whole, hosts)
    for path in paths:
        seen = path_facts(path)
        about = (f"{path.host}:{path.port}",)
        raised += findings(rulebook.rules["path"].speaking(seen), seen, about)
    return tidy(raised)


def states(paths: Sequence[PathRow]) -> dict[str, str]:
    """Port → open, refused, strange, blocked, silent or unknown; see ``DoctorReport``."""
    up = {path.host for path in paths if path.outcome in _ANSWERED}
    return {
        str(port): _state([path for path in paths if path.port == port], up)
        for port in sorted({path.port for path in paths})
    }


def _state(here: Sequence[PathRow], up: set[str]) -> str:
    outcomes = {path.outcome for path in here}
    if "open" in outcomes:
        return "open"
    lost = {path.host for path in here if path.outcome in _UNHEARD and path.host in up}
    known = {path.host for path in here if path.host in lost and path.offered}
    if len(known) >= ENOUGH:
        return "blocked"
    for word in ("refused", "strange"):
        if word in outcomes:
            return word
    return "silent" if len(lost) >= ENOUGH or known else "unknown"


def doctor_facts(
    paths: Sequence[PathRow],
    names: NamesRow,
    web: Sequence[WebRow] = (),
    *,
    routes: Routes,
    registrable: Registrable,
) -> Facts:
    """The facts that rules for each doctor's look see."""
    ports = states(paths)
    named = [path for path in paths if path.outcome != "no-name"]
    leads_to, led = portal(web, names.astray, registrable)
    return {
        "doctor.hosts": sorted({path.host for path in paths}),
        "doctor.host_count": len({path.host for path in named}),
        "doctor.answers": any(path.outcome in _ANSWERED for path in paths),
        "doctor.open": _ports(ports, "open"),
        "doctor.blocked": _ports(ports, "blocked"),
        "doctor.silent": _ports(ports, "silent"),
        "doctor.strange": _strange(paths, ports, registrable),
        "doctor.closed_at_server": _closed(paths, ports),
        "doctor.unknown_names": sorted({p.host for p in paths if p.outcome == "no-name"}),
        "doctor.same_greeting": same_greeting(paths, registrable),
        "doctor.same_certificate": same_certificate(paths, registrable),
        "doctor.web_instead": web_instead(paths, registrable),
        "doctor.portal": leads_to,
        "doctor.portal_hosts": led,
        "doctor.only": routes.only,
        "doctor.ipv4_route": routes.ipv4,
        "doctor.ipv6_route": routes.ipv6,
        "doctor.ipv6_hosts": list(routes.ipv6_hosts),
        "doctor.no_ipv6_hosts": list(routes.no_ipv6_hosts),
        "doctor.unresolved": _with(paths, _DNS),
        "doctor.forbidden": _with(paths, (Problem.PRIVATE_ADDRESS,)),
        "doctor.invented_names": list(names.invented),
        "doctor.astray": list(names.astray),
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


def _with(paths: Iterable[PathRow], problems: Sequence[Problem]) -> list[str]:
    """The hosts of which a look ended in one of *problems* before anything was reached."""
    return sorted({p.host for p in paths if p.observation.problem in problems})


def _strange(
    paths: Iterable[PathRow], ports: dict[str, str], registrable: Registrable
) -> list[int]:
    """Ports on which servers of several owners take connections and no mail server speaks."""
    owners: dict[int, set[str]] = {}
    for path in paths:
        if path.outcome == "strange" and ports[str(path.port)] != "open":
            owners.setdefault(path.port, set()).add(registrable(path.host))
    return sorted(port for port, found in owners.items() if len(found) >= ENOUGH)


def _closed(paths: Iterable[PathRow], ports: dict[str, str]) -> list[str]:
    """Known ports where nothing is to be had while the same port of another host is open."""
    return [
        f"{path.host}:{path.port}"
        for path in paths
        if path.offered and path.outcome in _UNHEARD and ports[str(path.port)] == "open"
    ]
