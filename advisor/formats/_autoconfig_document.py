"""What one clientConfig document says."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.model.auth import OAuth2
from advisor.model.evidence import Candidate, Problem

MAX_NAME = 60
MAX_SHORT_NAME = 20


@dataclass(frozen=True, slots=True)
class Part:
    """An element that advisor does not use and hands on as it came: *attributes* by name."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """A clientConfig document; *documentation* are web addresses of the provider's help pages.

    *candidates* stand in document order; those with OAuth2 among their methods carry *oauth2*
    too. *remarks* are the parts that could not be used, each with its line and what is wrong
    with it.

    What only re-exporting needs: *mx_domains* are those of *domains* that are marked as hosts of
    MX records; *descriptions* what stands at the help pages, as (address, language, text);
    *details* further elements of server sections, as (place in *candidates*, element); *extras*
    further elements of the document: unknown ones, and servers of kinds that advisor does not use.
    """

    id: str
    domains: tuple[str, ...] = ()
    name: str = ""
    short_name: str = ""
    documentation: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    remarks: tuple[tuple[Problem, str], ...] = ()
    oauth2: OAuth2 | None = None
    mx_domains: tuple[str, ...] = ()
    descriptions: tuple[tuple[str, str, str], ...] = ()
    details: tuple[tuple[int, Part], ...] = ()
    extras: tuple[Part, ...] = ()
