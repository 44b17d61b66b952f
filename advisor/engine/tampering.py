"""What in a conversation tells of somebody on the way, or of a server out of order; pure."""

from __future__ import annotations

import re
from typing import Any

from advisor.model.observation import Observation, Reached

# How firewalls that inspect mail write over what they do not let through: letters by X, the last
# one counting up, and a greeting by stars but for some of its digits.
_CROSSED_OUT = re.compile(r"X{4,}[A-Z]?")
_STARS = re.compile(r"220 [*02 ]*\*{8}[*02 ]*")
_UPGRADES = frozenset({"STARTTLS", "STLS"})


def tampering(seen: Observation) -> dict[str, Any]:
    """The facts about it, as ``engine.vocabulary`` describes them."""
    inside = seen.tls is not None and seen.reached is Reached.DONE
    return {
        "observed.blanked": _blanked(seen),
        "observed.starttls_inside": inside and not _UPGRADES.isdisjoint(seen.capabilities_after),
        "observed.mechanisms_lost": _lost(seen) if inside else [],
    }


def _blanked(seen: Observation) -> str | None:
    greeting = seen.greeting or ""
    if _STARS.fullmatch(greeting):
        return greeting.removeprefix("220 ")[:20]
    words = (word for line in seen.capabilities_before for word in line.split(" "))
    return next((word for word in words if _CROSSED_OUT.fullmatch(word)), None)


def _lost(seen: Observation) -> list[str]:
    """APOP does not count: POP3 announces it by its greeting, which is said once."""
    kept = {*seen.mechanisms_after, "APOP"}
    return [name for name in seen.mechanisms_before if name not in kept]
