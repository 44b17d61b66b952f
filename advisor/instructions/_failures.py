"""What may go wrong with one combination, and what mends it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from advisor.instructions._case import Case
from advisor.model.endpoint import Protocol
from advisor.model.instructions import Failure

# So many are told, and so many ways to mend each.
_MOST = 6
_FIXES = 2

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
    known = [
        one
        for family in errors.values()
        for one in family["entries"]
        if set(one["where"]) & set(programs) and _is_of_protocol(one["id"], case)
    ]
    # Words that accompany others come last: they are quoted only where nothing else is known.
    known.sort(key=lambda one: bool(one["generic"]))
    fitting = (one["cause"] for one in likely if case.holds(one.get("when") or ()))
    for _, cause in zip(range(_MOST), fitting, strict=False):
        message = next((one for one in known if one["causes"][:1] == [cause]), None)
        shows = _shown(message, programs, case) if message else None
        if message and case.language.id == "en":
            yield Failure(cause, shows, message["means"], tuple(message["fixes"][:_FIXES]))
        else:
            words = case.language.causes.get(cause) or classes[cause]
            yield Failure(cause, shows, words["means"], (words["fix"],))


def _is_of_protocol(entry: str, case: Case) -> bool:
    """Can *entry* come up here? One that is about POP3 alone has it in its id."""
    is_pop3 = case.incoming is not None and case.incoming.protocol is Protocol.POP3
    return is_pop3 or "pop" not in entry.split("-")


def _shown(message: Mapping[str, Any], programs: Sequence[str], case: Case) -> str | None:
    """An example of *message* as it is read here; None where only other programs' are known."""
    others = [one.lower() for one in message["where"] if one not in programs]
    for example in message["examples"]:
        if not any(re.match(rf"{re.escape(one)}\b", example.lower()) for one in others):
            words = case.language.label(case.client.id, example) or example
            return _STANDS_FOR.sub(lambda found: _own(found, case), words)
    return None


def _own(found: re.Match[str], case: Case) -> str:
    """The reader's address or server that *found* stands for."""
    if found[1] is None:
        return case.report.address or found[0]
    one = case.of("outgoing" if found[1] == "smtp" else None)
    return one.host if one else found[0]
