"""From a report to steps in the words of its client, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from advisor.errors import ExportError
from advisor.instructions._beware import beware
from advisor.instructions._case import Case
from advisor.instructions._code import code
from advisor.instructions._failures import failures
from advisor.instructions._steps import steps
from advisor.knowledge.failures import ANY
from advisor.knowledge.helpdesk import helpdesk, link, notes
from advisor.knowledge.languages import ENGLISH, language
from advisor.knowledge.library import Library
from advisor.knowledge.versions import bounds, covers, numbers
from advisor.model.instructions import Failure, Instructions, Notice
from advisor.model.report import ClientRow, Report, Setting

__all__ = ["instructions"]


def instructions(
    report: Report, library: Library | None = None, tongue: str = ENGLISH
) -> Instructions:
    """The steps to set up what *report* recommends in its client, in the language *tongue*.

    Raises:
        ExportError: the report is for no client, or recommends nothing that can be used.
        InputError: there is no such language, or the helpdesk's logo cannot be used.
        RuleError: the rules are wrong.
    """
    library = library or Library()
    client, incoming, outgoing = _chosen(report)
    found = language(library, tongue)
    guides = library.entries("instructions")
    guide, is_own = _guide(guides, client)
    known = library.entries("clients").get(client.id, {})
    named = replace(client, name=found.texts.get(client.name, client.name))
    case = Case(
        report, named, incoming, outgoing, guide, found,
        kind=known.get("kind", "desktop"),
    )  # fmt: skip
    told = tuple(beware(case, library.entries("rules")))
    return Instructions(
        address=report.address,
        domain=report.domain,
        client=named,
        steps=tuple(steps(case)),
        beware=tuple(said for _, said in told if said),
        language=found.id,
        remarks=tuple(_remarks(case, is_own)),
        notes=notes(library, client.id),
        warnings=tuple(_warnings(case)),
        failures=tuple(_failures(case, library)),
        untranslated=tuple(one.message for one, said in told if said is None),
        # Last: the others collect them.
        english=tuple(case.english),
        helpdesk=helpdesk(library),
        link=link(library, client.id, report.domain),
        code=code(report),
    )


def _chosen(report: Report) -> tuple[ClientRow, Setting | None, Setting | None]:
    """The client that steps are for, and what is set up in it.

    Raises:
        ExportError: there is no client, or nothing that can be used.
    """
    client = report.client
    if client is None:
        raise ExportError("instructions are for a mail client: say which with --client")
    incoming = next((one for one in report.incoming if one.is_usable), None)
    outgoing = next((one for one in report.outgoing if one.is_usable), None)
    if incoming is None and outgoing is None:
        raise ExportError(
            f"nothing safe is left for {report.domain} in {client.name}: "
            "advisor recommend says why, and names a way out"
        )
    return client, incoming, outgoing


def _failures(case: Case, library: Library) -> Iterator[Failure]:
    guides = library.entries("instructions")
    return failures(
        case,
        guides.get(case.client.id, {}).get("errors") or (),
        guides[ANY].get("likely") or (),
        library.entries("errors"),
        library.single("causes")["classes"],
    )


def _guide(guides: Mapping[str, Any], client: ClientRow) -> tuple[Mapping[str, Any], bool]:
    """How *client* is set up in its version, and whether that is told for this client."""
    own = guides.get(client.id, {}).get("guides", ())
    if client.version:
        wanted = numbers(client.version)
        fitting = [one for one in own if covers(one["range"], wanted)]
    else:
        fitting = [one for one in own if _shares(one["range"], client.range)]
    return (fitting[0], True) if fitting else (guides[ANY]["guides"][0], False)


def _shares(first: str, second: str) -> bool:
    """Have two ranges versions in common?"""
    (low, high), (start, end) = bounds(first), bounds(second)
    return low < end and start < high


def _warnings(case: Case) -> Iterator[Notice]:
    for one in case.guide.get("warnings") or ():
        if case.holds(one.get("when") or ()):
            shows = case.label(one["shows"]) if one.get("shows") else None
            yield Notice(shows, case.say(one["say"]))


def _remarks(case: Case, is_own: bool) -> Iterator[str]:
    if not is_own:
        yield case.say("remark-generic")
    elif case.guide["confidence"] == "unverified":
        yield case.say("remark-unverified")
    if case.has_foreign_labels:
        yield case.say("remark-labels")
