"""Sources that begin with the domain's MX record, and how they end where it leads nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.discovery._answers import failed, nothing, skipped
from advisor.discovery._state import exchangers
from advisor.model.evidence import Answer, Problem, Question, Trust

if TYPE_CHECKING:
    from advisor.discovery._context import Context
    from advisor.net._seams import MxRecord

Exchangers = tuple[tuple["MxRecord", ...], Trust]


async def mail_exchangers(question: Question, domain: str, context: Context) -> Exchangers | Answer:
    """Who takes the mail of *domain*, most preferred first, and how far the DNS is trusted there.

    Or the answer to *question*, where nobody does or the DNS does not say.
    """
    state = await exchangers(domain, context.dns)
    if state.problem is Problem.NULL_MX:
        return skipped(question, state.message, Problem.NULL_MX)
    if state.problem is not None:
        return failed(question, state.problem, state.message)
    if not state.mx:
        return nothing(question, Problem.NOT_FOUND, f"{domain} names no mail exchanger")
    return state.mx, Trust.AUTHENTICATED if state.authenticated else Trust.UNAUTHENTICATED
