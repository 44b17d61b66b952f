"""Instructions as one HTML file: nothing is loaded from elsewhere, and it prints well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from advisor.errors import InputError
from advisor.formats.qr import svg
from advisor.model.instructions import Instructions, Step
from advisor.model.language import Language
from advisor.model.text import printable

# Nothing in the page may load or run anything, whatever somebody smuggled into a name.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

# A table's rows are named by their boxes.
_ROW = ' scope="row"'

# Contrast is 7:1 or better in both schemes.
_STYLE = """
:root { color-scheme: light dark; --ink: #1c1c22; --soft: #474753; --paper: #ffffff;
  --line: #d3d4de; --band: #f3f4f8; --mark: #1a4480; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf2; --soft: #bcbcc9; --paper: #16161b;
  --line: #3d3d49; --band: #212129; --mark: #a8c7fa; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 44rem; padding: 2rem 1.25rem 3rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.55 system-ui, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; letter-spacing: -.01em; margin: 0; text-wrap: balance; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 0 0 .5rem; color: var(--mark); }
p { margin: 0; }
p + p { margin-top: .2rem; }
a { color: var(--mark); }
header { display: flex; gap: 1.5rem; align-items: center; justify-content: space-between;
  padding-bottom: 1rem; border-bottom: 3px solid var(--mark); }
header img { flex: none; max-height: 4rem; max-width: 12rem; padding: .3rem; background: #fff;
  border-radius: .3rem; }
section { margin-top: 2rem; }
section.card { display: flex; gap: 1.25rem; align-items: center; justify-content: space-between;
  padding: 1rem 1.25rem; background: var(--band); border-radius: .6rem; break-inside: avoid; }
.card svg { flex: none; width: 10.5rem; height: auto; border-radius: .3rem; }
ol { list-style: none; margin: 2rem 0 0; padding: 0; counter-reset: step; }
ol > li { counter-increment: step; position: relative; padding: 0 0 1.4rem 3rem; }
ol > li::before { content: counter(step); position: absolute; left: 0; top: -.1rem; width: 1.9rem;
  height: 1.9rem; border-radius: 50%; background: var(--mark); color: var(--paper);
  font: 700 1rem/1.9rem system-ui, sans-serif; text-align: center; }
ul { margin: 0; padding-left: 1.2rem; }
ul > li { margin: 0 0 .6rem; break-inside: avoid; }
ul > li::marker { color: var(--mark); }
.soft, .where { color: var(--soft); }
li > p:first-child:not(:last-child) { font-weight: 600; }
ol > li > p:first-child:not(:last-child) { font-weight: 400; }
table { width: 100%; table-layout: fixed; margin: .6rem 0; border-collapse: collapse;
  break-inside: avoid; }
th, td { padding: .35rem .7rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); }
thead th { font-size: .8rem; color: var(--soft); }
th { overflow-wrap: break-word; hyphens: auto; }
th:first-child { width: 42%; }
tbody th { font-weight: 400; }
td { font-weight: 600; }
code { display: block; margin: .4rem 0; padding: .4rem .7rem; border-radius: .3rem;
  background: var(--band); font: .95em/1.4 ui-monospace, monospace; }
.pages { columns: 15rem; column-gap: 2rem; list-style: none; margin-top: 1.5rem; padding: 0; }
footer { margin-top: 2.5rem; padding-top: .8rem; border-top: 1px solid var(--line);
  font-size: .9rem; color: var(--soft); }
@media (max-width: 34rem) { body { padding: 1.25rem 1rem 2rem; } h1 { font-size: 1.4rem; }
  ol > li { padding-left: 2.5rem; }
  section.card { display: block; } .card svg { display: block; margin: 1rem auto 0; } }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #333; --paper: #fff; --line: #aaa;
    --band: #f2f2f2; --mark: #123; }
  @page { margin: 11mm 15mm; }
  body { max-width: none; padding: 0; font-size: 8.6pt; line-height: 1.25; }
  h1 { font-size: 15pt; } h2 { font-size: 10.5pt; margin: 0 0 .1rem; break-after: avoid; }
  header { padding-bottom: .4rem; border-bottom-width: 2px; } header img { max-height: 11mm; }
  section { margin-top: .6rem; } section.card { padding: 1mm 4mm; border: 1px solid var(--line); }
  .card svg { width: 28mm; }
  p + p { margin-top: .05rem; }
  ol { margin-top: .7rem; }
  ol > li { padding: 0 0 .35rem 2rem; break-inside: avoid; }
  ol > li::before { top: 0; width: 1.3rem; height: 1.3rem; font-size: 8pt; line-height: 1.3rem;
    print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  ul > li { margin-bottom: .12rem; }
  table { margin: .1rem 0; } th, td { padding: .08rem .5rem; } thead th { font-size: 7.5pt; }
  code { margin: .1rem 0; padding: .1rem .4rem; }
  footer { margin-top: .6rem; padding-top: .2rem; font-size: 8pt; }
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
    """What sets the program up by itself: an address to open or to scan, and a code to scan."""
    if found.link is not None:
        address = text(found.link)
        yield f'<section class="card"><div><p>{text(language.say("page-link"))}</p>'
        yield f'<p><a href="{address}">{address}</a></p></div>'
        yield f"{drawing(found, found.link)}</section>"
    picture = drawing(found, found.code) if found.code is not None else ""
    if picture:
        words = text(language.say(f"scan-{found.client.id}"))
        yield f'<section class="card"><p>{words}</p>{picture}</section>'


def drawing(found: Instructions, content: str) -> str:
    """*content* as a QR code, or nothing where none can be drawn."""
    try:
        return svg(content, printable(f"QR: {found.client.name}"))
    except InputError:
        return ""


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
