"""What came of asking, before anything is judged; and who may watch it come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from advisor.engine.case import MailDomain
from advisor.model.endpoint import Endpoint
from advisor.model.evidence import Answer, Question
from advisor.model.observation import ProbeResult

Watch = Callable[[Question | Answer | ProbeResult], None]


@dataclass
class Heard:
    """The answers, what the probes saw, and what the DNS says of the domain.

    *aliases* gives the canonical name of each host that has another one. *offline* where nothing
    of it came from the network.
    """

    answers: list[Answer] = field(default_factory=list)
    probed: dict[Endpoint, ProbeResult] = field(default_factory=dict)
    domain: MailDomain = field(default_factory=MailDomain)
    aliases: dict[str, str] = field(default_factory=dict)
    offline: bool = False
