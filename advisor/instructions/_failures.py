"""What may go wrong with one combination, and what mends it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from advisor.instructions._case import Case
from advisor.knowledge.failures import fixes, message
from advisor.model.endpoint import Protocol
from advisor.model.instructions import Failure

# So many are told.
_MOST = 6

# What stands in the examples for the reader's own address and servers.
_STANDS_FOR = re.compile(r"\banna@example\.org\b|\b(mail|imap|pop|smtp)\.example\.org\b")


def failures(
    case: Case,
    programs: Sequence[str],
    likely: Sequence[Mapping[str, Any]],
    errors: Mapping[str, Mapping[str, Any]],
    classes: Mapping[str, Mapping[str, str]],
) -> Iterator[Failure]:
    """The *likely* causes that fit, in their order, with messages of the client's *programs*."""
    is_pop3 = case.incoming is not None and case.incoming.protocol is Protocol.POP3
    fitting = (one["cause"] for one in likely if case.holds(one.get("when") or ()))
    for _, cause in zip(range(_MOST), fitting, strict=False):
        shown = message(cause, programs, errors, is_pop3=is_pop3)
        shows = _shown(shown, programs, case) if shown else None
        yield Failure(cause, shows, *_said(shown, classes[cause], case))


def _said(
    shown: Mapping[str, Any] | None, general: Mapping[str, str], case: Case
) -> tuple[str, tuple[str, ...]]:
    """What it means and what mends it: as the message has it, or else what holds in *general*."""
    if shown:
        means, mends = case.told(shown["means"]), [case.told(one) for one in fixes(shown)]
        if means and all(mends):
            return means, tuple(one for one in mends if one)
    return case.told_or_english(general["means"]), (case.told_or_english(general["fix"]),)


def _shown(message: Mapping[str, Any], programs: Sequence[str], case: Case) -> str | None:
    """An example of *message* as it is read here; None where only other programs' are known."""
    others = [one.lower() for one in message["where"] if one not in programs]
    for example in message["examples"]:
        if not any(re.match(rf"{re.escape(one)}\b", example.lower()) for one in others):
            words = case.language.label(case.client.id, example)
            own = _STANDS_FOR.sub(lambda found: _own(found, case), words or example)
            return own if words else case.quoted(own)
    return None


def _own(found: re.Match[str], case: Case) -> str:
    """The reader's address or server that *found* stands for."""
    if found[1] is None:
        return case.report.address or found[0]
    one = case.of("outgoing" if found[1] == "smtp" else None)
    return one.host if one else found[0]
