"""Instructions as one HTML file: nothing is loaded from elsewhere, and it prints well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from advisor.instructions.qr import svg
from advisor.model.instructions import Instructions, Step
from advisor.model.language import Language
from advisor.model.text import printable

# Nothing in the page may load or run anything, whatever somebody smuggled into a name.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

# A table's rows are named by their boxes.
_ROW = ' scope="row"'

# Contrast is 7:1 or better in both schemes.
_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1f; --soft: #4a4a55; --paper: #fff;
  --line: #c9c9d2; --band: #f1f2f6; --mark: #123f8a; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf1; --soft: #b9b9c6; --paper: #17171b;
  --line: #44444f; --band: #24242b; --mark: #a9c7ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
header { display: flex; gap: 1rem; align-items: center; justify-content: space-between;
  border-bottom: 2px solid var(--mark); margin-bottom: 1rem; }
header img { max-height: 4rem; max-width: 12rem; background: #fff; padding: .2rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: .4rem 0; }
h2 { font-size: 1.1rem; margin: 1.2rem 0 .4rem; color: var(--mark); }
p { margin: .2rem 0; }
ol, ul { margin: 0; padding-left: 1.6rem; }
li { margin: .5rem 0; break-inside: avoid; }
ol > li::marker { font-weight: 700; color: var(--mark); }
.soft { color: var(--soft); }
.where { color: var(--soft); font-size: .95em; }
table { border-collapse: collapse; margin: .3rem 0; width: 100%; }
th, td { border: 1px solid var(--line); padding: .2rem .5rem; text-align: left;
  vertical-align: top; }
thead th { background: var(--band); font-size: .85em; }
tbody th { font-weight: 400; width: 45%; }
td { font-weight: 600; }
a { color: var(--mark); }
code { background: var(--band); padding: .1rem .3rem; }
footer { border-top: 1px solid var(--line); margin-top: 1rem; padding-top: .4rem;
  font-size: .9em; color: var(--soft); }
@media print {
  :root { --ink: #000; --soft: #333; --paper: #fff; --line: #999; --band: #eee; --mark: #000; }
  @page { margin: 12mm 14mm; }
  body { max-width: none; padding: 0; font-size: 8.5pt; line-height: 1.25; }
  h1 { font-size: 13pt; } h2 { font-size: 10pt; margin: .6rem 0 .2rem; break-after: avoid; }
  li { margin: .15rem 0; } th, td { padding: 0 .4rem; } table { margin: .1rem 0; }
}
"""


def page(found: Instructions, language: Language) -> str:
    """The whole page for *found* in *language*; every text is escaped."""
    client = found.client
    name = f"{client.name} {client.version}" if client.version else client.name
    title = language.say("page-title", address=found.address or found.domain, client=name)
    tongue = Tongue(language, found.english)
    desk = found.helpdesk.language if found.helpdesk else None
    return frame(
        language,
        title,
        [
            *_header(found, title),
            *_list("page-notes", ([one] for one in found.notes), tongue, desk),
            *_link(found, language),
            "<ol>",
            *(_step(one, tongue) for one in found.steps),
            "</ol>",
            *_list(
                "page-warnings",
                ([*quoted(one.shows, language), one.means] for one in found.warnings),
                tongue,
            ),
            *_list("page-beware", ([one] for one in found.beware), tongue),
            *_list("page-in-english", ([one] for one in found.untranslated), tongue, "en"),
            *_list(
                "page-failures",
                ([*quoted(one.shows, language), one.means, *one.fixes] for one in found.failures),
                tongue,
            ),
            *_footer(found),
        ],
    )


def frame(language: Language, title: str, body: Iterable[str]) -> str:
    """A page in *language* around *body*, which is HTML already."""
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{text(language.id)}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{text(title)}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            *body,
            "</body>",
            "</html>",
            "",
        ]
    )


def text(value: str) -> str:
    """*value* as it may stand in HTML, in an element or an attribute."""
    return escape(printable(value))


class Tongue:
    """The language of a page, and what on it is in English."""

    def __init__(self, language: Language, english: Iterable[str]) -> None:
        self.language = language
        self._english = frozenset(english)
        marks = {text(language.say("quoted", text=one)): text(one) for one in self._english}
        self._spans = {
            mark: mark.replace(inner, f'<span lang="en">{inner}</span>', 1)
            for mark, inner in marks.items()
        }
        longest = sorted(map(re.escape, marks), key=len, reverse=True)
        self._quoted = re.compile("|".join(longest)) if longest else None

    def element(self, tag: str, value: str, attributes: str = "") -> str:
        """*value* in an element, marked where it, or what it quotes, is in English."""
        if value in self._english:
            return f'<{tag}{attributes} lang="en">{text(value)}</{tag}>'
        inner = text(value)
        if self._quoted:
            inner = self._quoted.sub(lambda found: self._spans[found[0]], inner)
        return f"<{tag}{attributes}>{inner}</{tag}>"


def _header(found: Instructions, title: str) -> Iterator[str]:
    yield f"<header><h1>{text(title)}</h1>"
    if found.helpdesk and found.helpdesk.logo:
        yield f'<img src="{escape(found.helpdesk.logo)}" alt="{text(found.helpdesk.name)}">'
    yield "</header>"
    yield "<main>"


def _link(found: Instructions, language: Language) -> Iterator[str]:
    """The address that sets the program up by itself, to open or to scan."""
    if found.link is None:
        return
    yield f"<section><p>{text(language.say('page-link'))}</p>"
    yield f'<p><a href="{text(found.link)}">{text(found.link)}</a></p>'
    yield svg(found.link, printable(found.link)) or ""
    yield "</section>"


def _step(step: Step, tongue: Tongue) -> str:
    parts = ["<li>", tongue.element("p", step.text)]
    if step.where:
        parts.append(tongue.element("p", step.where, ' class="where"'))
    if step.command:
        parts.append(f"<p><code>{text(step.command)}</code></p>")
    if step.entries:
        heads = "".join(
            f'<th scope="col">{text(tongue.language.say(key))}</th>'
            for key in ("page-field", "page-value")
        )
        rows = "".join(
            f"<tr>{tongue.element('th', one.field, _ROW)}{tongue.element('td', one.value)}</tr>"
            for one in step.entries
        )
        parts.append(f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>")
    if step.then:
        parts.append(tongue.element("p", step.then))
    return "".join([*parts, "</li>"])


def quoted(shows: str | None, language: Language) -> list[str]:
    """What a program *shows*, in the quotation marks of *language*; nothing for None."""
    return [language.say("quoted", text=shows)] if shows else []


def _list(
    heading: str, items: Iterable[list[str]], tongue: Tongue, lang: str | None = None
) -> Iterator[str]:
    """The heading of that key and its list, or nothing; *lang* is the language of the items."""
    shown = [
        "<li>" + "".join(tongue.element("p", line) for line in lines) + "</li>" for lines in items
    ]
    if shown:
        marked = f' lang="{text(lang)}"' if lang and lang != tongue.language.id else ""
        yield f"<section><h2>{text(tongue.language.say(heading))}</h2>"
        yield f"<ul{marked}>"
        yield from shown
        yield "</ul></section>"


def _footer(found: Instructions) -> Iterator[str]:
    yield "</main>"
    lines = list(found.remarks)
    if found.helpdesk:
        lines.append(" · ".join(filter(None, (found.helpdesk.name, found.helpdesk.contact))))
    if lines:
        yield "<footer>" + "".join(f"<p>{text(line)}</p>" for line in lines) + "</footer>"
