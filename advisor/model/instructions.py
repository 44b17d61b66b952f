"""Steps to set up an account; field names are their JSON."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.model.report import ClientRow


@dataclass(frozen=True, slots=True)
class Entry:
    """One box on the screen: what it is called, and what to enter or choose there."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, where to click, what to enter there, and what ends it.

    *command* is a line for a terminal.
    """

    text: str
    where: str | None = None
    entries: tuple[Entry, ...] = ()
    command: str | None = None
    then: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning on the way: what the screen *shows*, if known, and what to do about it."""

    shows: str | None
    means: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that may go wrong: the message, where one is known, and what mends it."""

    cause: str
    shows: str | None
    means: str
    fixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Helpdesk:
    """Whose instructions these are; *logo* is a data URI.

    *language* is that of its notes and rules (BCP 47), where it said so.
    """

    name: str
    contact: str | None = None
    logo: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Instructions:
    """The steps for one address in the words of one client, and what to beware of.

    *untranslated* is more to beware of, in English where *language* is another; *english* are the
    labels, messages and other texts of the rest that had to be left in English. *remarks* say how
    far the labels can be trusted, *notes* are the helpdesk's own; *link* is where it publishes a
    profile that sets the client up, and *code* is the text of a QR code that does so when it is
    scanned there.
    """

    address: str | None
    domain: str
    client: ClientRow
    steps: tuple[Step, ...]
    beware: tuple[str, ...]
    language: str = "en"
    remarks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[Notice, ...] = ()
    failures: tuple[Failure, ...] = ()
    untranslated: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    helpdesk: Helpdesk | None = None
    link: str | None = None
    code: str | None = None
    schema: str = "advisor.instructions/1"
