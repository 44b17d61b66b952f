"""What one clientConfig document says."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.model.auth import OAuth2
from advisor.model.evidence import Candidate, Problem

MAX_NAME = 60
MAX_SHORT_NAME = 20


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """A clientConfig document; *documentation* are web addresses of the provider's help pages.

    *candidates* stand in document order; those with OAuth2 among their methods carry *oauth2*
    too. *remarks* are the parts that could not be used, each with what is wrong with it.
    """

    id: str
    domains: tuple[str, ...] = ()
    name: str = ""
    short_name: str = ""
    documentation: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    remarks: tuple[tuple[Problem, str], ...] = ()
    oauth2: OAuth2 | None = None
