"""The contract of a source: one module in this folder with a ``SOURCE``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.model.address import Subject
from advisor.model.evidence import Answer, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context


@dataclass(frozen=True, slots=True)
class Source:
    """One way a domain's settings can be found.

    *plan(subject, context)* lists the questions without asking any; *run(question, subject,
    context)* asks one and returns its Answer, or raises ``LookupFailed``. *online* is False for
    sources that need no network, or says whether they do in a context. The order of sources in
    the answer is in ``rules/order.yaml``.
    """

    id: str
    title: str
    references: tuple[str, ...]
    plan: Callable[[Subject, Context], Sequence[Question]]
    run: Callable[[Question, Subject, Context], Awaitable[Answer]]
    online: bool | Callable[[Context], bool] = True

    def is_online(self, context: Context) -> bool:
        """Does it need the network in *context*?"""
        return self.online if isinstance(self.online, bool) else self.online(context)
