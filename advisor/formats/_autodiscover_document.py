"""What one Autodiscover answer says."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.model.evidence import Candidate, Problem

# [MS-OXDSCLI] ErrorCode: 500 the address is unknown, 501 nothing is set up for it, 600 a bad
# request, 601 another schema is wanted, 602 a mistake in the set-up, 603 an internal error.
NO_SUCH_ADDRESS = (500, 501)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An ``Error`` in place of settings; *code* is 0 where none can be read."""

    code: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The ``Response`` of Autodiscover: settings, or where to ask instead, or an error.

    *candidates* stand in document order, those with the user name that they were asked for as
    placeholders. At most one of *redirect_url* (https) and *redirect_address* is filled, and then
    nothing else counts. *remarks* are what could not be used, and what can be read in more than
    one way. *display_name* is the account's.
    """

    candidates: tuple[Candidate, ...] = ()
    display_name: str = ""
    redirect_url: str = ""
    redirect_address: str = ""
    error: Refusal | None = None
    remarks: tuple[tuple[Problem, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Pointer:
    """An answer of Autodiscover v2: the https *url* of the service, or an error."""

    url: str = ""
    error: str = ""
