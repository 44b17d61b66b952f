"""Instructions on a terminal, as Markdown, and as the helpdesk's page or ours."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.cli._markdown import escaped
from advisor.cli._output import Paint
from advisor.cli._session import Session
from advisor.cli._wrap import wrapped
from advisor.instructions.html import quoted
from advisor.model.instructions import Instructions, Step
from advisor.model.language import Language
from advisor.model.text import printable


def title(found: Instructions, language: Language) -> str:
    """Whose account, in what program."""
    client = found.client
    name = f"{client.name} {client.version}" if client.version else client.name
    return printable(language.say("page-title", address=found.address or found.domain, client=name))


def text(found: Instructions, language: Language, paint: Paint) -> str:
    """The page for a terminal."""
    lines = [paint.bold(title(found, language))]
    if found.helpdesk:
        contact = f" · {found.helpdesk.contact}" if found.helpdesk.contact else ""
        lines.append(paint.dim(printable(found.helpdesk.name + contact)))
    for number, step in enumerate(found.steps, 1):
        lines += ["", *wrapped(printable(step.text), f"{number}. ", "   "), *_step(step, paint)]
    for heading, told in _sections(found, language):
        lines += ["", paint.bold(heading)]
        for first, *rest in told:
            lines += wrapped(printable(first), "  - ", "    ")
            for one in rest:
                lines += wrapped(printable(one), "    ", "    ")
    for one in found.remarks:
        lines += ["", *map(paint.dim, wrapped(printable(one)))]
    return "\n".join(lines)


def _step(step: Step, paint: Paint) -> Iterator[str]:
    if step.where:
        yield from map(paint.dim, wrapped(printable(step.where), "   "))
    if step.command:
        yield f"     {printable(step.command)}"
    width = max((len(printable(entry.field)) for entry in step.entries), default=0)
    for entry in step.entries:
        yield f"     {printable(entry.field).ljust(width)}   {paint.bold(printable(entry.value))}"
    if step.then:
        yield from wrapped(printable(step.then), "   ")


def markdown(found: Instructions, language: Language) -> str:
    """The page for a ticket or a wiki."""
    lines = [f"# {escaped(title(found, language))}", ""]
    if found.helpdesk:
        contact = f" · {found.helpdesk.contact}" if found.helpdesk.contact else ""
        lines += [escaped(found.helpdesk.name + contact), ""]
    for number, step in enumerate(found.steps, 1):
        where = f" ({escaped(step.where)})" if step.where else ""
        lines.append(f"{number}. {escaped(step.text)}{where}")
        if step.command:
            lines += ["", f"        {printable(step.command)}", ""]
        lines += [f"    - {escaped(e.field)}: **{escaped(e.value)}**" for e in step.entries]
        if step.then:
            lines.append(f"    - {escaped(step.then)}")
    for heading, told in _sections(found, language):
        lines += ["", f"## {escaped(heading)}", ""]
        lines += ["- " + "  \n  ".join(map(escaped, one)) for one in told]
    if found.remarks:
        lines += ["", *(f"*{escaped(one)}*  " for one in found.remarks)]
    return "\n".join(lines)


def html_page(session: Session, found: Instructions, language: Language) -> str:
    """The page for a browser: by the helpdesk's template, where it has one.

    Raises:
        InputError: the template cannot be used.
    """
    from advisor.instructions import templates
    from advisor.instructions.html import page
    from advisor.knowledge.helpdesk import template

    source = template(session.library, templates.PAGE)
    if source is None:
        return page(found, language)
    return templates.own_page(source, found, language)


def _sections(found: Instructions, language: Language) -> Iterator[tuple[str, list[list[str]]]]:
    """The parts after the steps: a heading, and items of one or more lines each."""
    parts = {
        "page-link": [[found.link]] if found.link else [],
        "page-notes": [[one] for one in found.notes],
        "page-warnings": [[*quoted(one.shows, language), one.means] for one in found.warnings],
        "page-beware": [[one] for one in found.beware],
        "page-in-english": [[one] for one in found.untranslated],
        "page-failures": [
            [*quoted(one.shows, language), " ".join((one.means, *one.fixes))]
            for one in found.failures
        ],
    }
    for key, told in parts.items():
        if told:
            yield language.say(key), told
