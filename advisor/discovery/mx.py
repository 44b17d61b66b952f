"""What is published for the host that takes the domain's mail.

The draft sends the full address to ``https://autoconfig.MXDOMAIN``. We do not: that name comes
out of an unsigned MX record, so anybody who can forge one would learn the address. The answer
rests on that record too, and is trusted no further than it.

See: draft-ietf-mailmaint-autoconfig-06 §4.3 and §7.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.discovery._answers import document, skipped
from advisor.discovery._source import Source
from advisor.discovery._state import asked_exchangers
from advisor.discovery.autoconfig import FILE
from advisor.discovery.ispdb import NO_DATABASE, entry, entry_at
from advisor.model.address import Subject
from advisor.model.evidence import Answer, Question

if TYPE_CHECKING:
    from advisor.discovery._context import Context


@dataclass(frozen=True, slots=True)
class _Way:
    """*full*: the MX host without its first label; else its registrable domain."""

    database: bool
    full: bool


_WAYS = {
    "mx-autoconfig-full": _Way(database=False, full=True),
    "mx-autoconfig-base": _Way(database=False, full=False),
    "mx-ispdb-full": _Way(database=True, full=True),
    "mx-ispdb-base": _Way(database=True, full=False),
}


def plan(subject: Subject, context: Context) -> list[Question]:
    """Four questions whose names are known only when the MX record is."""
    domain = subject.domain.ascii
    return [
        Question(name, _title(way), f"MX of {domain}, then {_url(way, '…', context)}", way)
        for name, way in _WAYS.items()
    ]


def _title(way: _Way) -> str:
    where = "the provider database" if way.database else "settings published"
    return f"{where} for the {'network' if way.full else 'domain'} of the mail exchanger"


def _url(way: _Way, domain: str, context: Context) -> str:
    if way.database:
        return entry_at(context, domain)
    return f"https://autoconfig.{domain}/{FILE}"


async def run(question: Question, subject: Subject, context: Context) -> Answer:
    """Ask for the MX record, then for what is published about its most preferred host."""
    way = question.known
    assert isinstance(way, _Way)  # noqa: S101  # as planned
    if way.database and context.ispdb is None:
        return skipped(question, NO_DATABASE)
    own = subject.domain.ascii
    state = await asked_exchangers(question, own, context.dns)
    if isinstance(state, Answer):
        return state
    full, base = mx_domains(state.mx[0].exchange)
    domain = full if way.full else base
    if domain is None:
        return skipped(question, f"it would be the same as asking for {base}")
    if domain == own:
        return skipped(question, f"{own} takes its mail itself, and was asked already")
    if way.database:
        return await entry(question, context, domain, domain=own, via=state.hops)
    url = _url(way, domain, context)
    return await document(question, url, context, domain=own, via=state.hops)


def mx_domains(host: str) -> tuple[str | None, str]:
    """MXFULLDOMAIN, or None where it adds nothing, and MXBASEDOMAIN of *host*.

    See: draft-ietf-mailmaint-autoconfig-06 §4.3.
    """
    from advisor.knowledge.suffixes import registrable

    base = registrable(host)
    full = host.partition(".")[2]
    return (full if len(full) > len(base) else None), base


SOURCE = Source(
    id="mx",
    title="settings published for the mail exchanger",
    references=("draft-ietf-mailmaint-autoconfig-06 §4.3",),
    plan=plan,
    run=run,
)
