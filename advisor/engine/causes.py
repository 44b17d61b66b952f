"""Which causes a live look at the server rules out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from advisor.engine.observed import Facts, tls_number
from advisor.engine.when import compile_condition
from advisor.model.endpoint import Protocol, Security
from advisor.model.evidence import Problem
from advisor.model.observation import Live, ProbeResult, Reached

_NAMELESS = (Problem.NO_DOMAIN, Problem.NO_ADDRESS)


def diagnosis_facts(protocol: Protocol, seen: Sequence[ProbeResult]) -> Facts:
    """What looks at the standard ports of one server showed, as plain facts."""
    made = [one.observation.tls for one in seen if one.observation.tls is not None]
    versions = [number for tls in made if (number := tls_number(tls.version)) is not None]
    return {
        "diagnosis.protocol": protocol.value,
        "diagnosis.name_found": not any(one.observation.problem in _NAMELESS for one in seen),
        "diagnosis.answers": any(one.observation.reached is not Reached.NOTHING for one in seen),
        "diagnosis.implicit": _live(seen, Security.TLS),
        "diagnosis.starttls": _live(seen, Security.STARTTLS),
        "diagnosis.certificate_names": all(tls.name_ok for tls in made) if made else None,
        "diagnosis.certificate_trusted": all(tls.chain_ok for tls in made) if made else None,
        "diagnosis.tls_version": min(versions, default=None),
        "diagnosis.starttls_offered": _any(one.observation.starttls_offered for one in seen),
        "diagnosis.cleartext_login": _any(one.observation.cleartext_login_possible for one in seen),
    }


def _live(seen: Iterable[ProbeResult], security: Security) -> str:
    found = (one.live for one in seen if one.security is security)
    return next(found, Live.NOT_CHECKED).value


def _any(values: Iterable[bool | None]) -> bool | None:
    known = [value for value in values if value is not None]
    return any(known) if known else None


def ruled_out(classes: Mapping[str, Mapping[str, Any]], facts: Facts) -> frozenset[str]:
    """The classes whose ``ruled_out_when`` holds."""
    return frozenset(
        name
        for name, one in classes.items()
        if one.get("ruled_out_when") is not None and compile_condition(one["ruled_out_when"])(facts)
    )
