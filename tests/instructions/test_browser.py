"""The pages in a real browser: on paper, by day and by night, and what they load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import PAPERS, Page, chromium
from tests.pictures import scanned
from tests.run import advisor

pytestmark = pytest.mark.lab

# For people who see less well; 4.5 is what WCAG 2.2 §1.4.3 asks of small print.
CONTRAST = 4.5
# How many of the longest pages are printed: each costs a sixth of a second a paper.
LONGEST = 6
# The lowest ratio of any text to what is behind it, by WCAG 2.2, "relative luminance".
_LOWEST = """
(() => {
  const part = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number);
    return .2126 * part(r) + .7152 * part(g) + .0722 * part(b); };
  const ratio = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  const behind = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if (c !== 'rgba(0, 0, 0, 0)') return c; } return 'rgb(255, 255, 255)'; };
  const all = [];
  for (const e of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(e);
    if ([...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
      all.push(ratio(light(style.color), light(behind(e))));
    const mark = getComputedStyle(e, '::before');
    if (mark.content !== 'none' && mark.content !== 'open-quote')
      all.push(ratio(light(mark.color), light(mark.backgroundColor)));
  }
  return Math.min(...all);
})()
"""


DESK = """
name: Rechenzentrum der Beispieluniversität
contact: "Rufen Sie 030 123456 an, oder schreiben Sie an help@example.org, Montag bis Freitag 9-17"
notes: {any: [Schalten Sie außerhalb der Universität zuerst das VPN ein.]}
links: {ios-mail: "https://autoconfig.example.org/{domain}/mail.mobileconfig"}
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for every client, in the language with the longer words, with a helpdesk's own."""
    desk = tmp_path_factory.mktemp("desk")
    (desk / "helpdesk.yaml").write_text(DESK, encoding="utf-8")
    folder = tmp_path_factory.mktemp("pages") / "de"
    words = ["--all-clients", "--offline", "--language", "de", "--output", str(folder)]
    words += ["--rules", str(desk)]
    ran = advisor("instructions", "alice@gmail.com", *words)
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One browser for all tests here."""
    with chromium(tmp_path_factory.mktemp("browser")) as found:
        yield found


def longest(folder: Path) -> list[Path]:
    """The pages with the most in them, and the index."""
    found = sorted(folder.glob("*.html"), key=lambda one: one.stat().st_size, reverse=True)
    return [*found[:LONGEST], folder / "index.html"]


def test_a_page_is_two_sheets_at_most(pages: Path, page: Page) -> None:
    """Of A4 and of Letter, as the page wants its own margins."""
    for file in longest(pages):
        page.open(file)
        for paper in PAPERS:
            sheets = len(re.findall(rb"/Type\s*/Page\b", page.printed(paper)))
            assert 1 <= sheets <= 2, (file.name, paper)


def test_a_page_loads_nothing_but_itself(pages: Path, page: Page) -> None:
    """Neither a picture nor a style, a font or a favourite icon of somebody else's."""
    for file in longest(pages):
        page.open(file)
        assert page.asked == [file.as_uri()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read(pages: Path, page: Page, scheme: str) -> None:
    """By day and by night, with the colours that the browser computes."""
    for file in longest(pages):
        page.open(file, scheme)
        assert page.value(_LOWEST) >= CONTRAST, file.name
    shade = page.value("getComputedStyle(document.body).backgroundColor")
    assert (shade == "rgb(255, 255, 255)") is (scheme == "light")


def test_a_page_can_be_heard(pages: Path, page: Page) -> None:
    """Its outline, landmarks and tables are what a screen reader needs."""
    for file in longest(pages):
        page.open(file)
        assert page.value("document.documentElement.lang") == "de"
        assert page.value("document.title.length") > 0
        heads = page.value("[...document.querySelectorAll('h1,h2,h3')].map(e => e.tagName)")
        assert heads[0] == "H1"
        assert set(heads[1:]) <= {"H2"}
        marks = page.value("['header', 'main'].map(n => document.querySelectorAll(n).length)")
        assert marks == [1, 1]
        assert page.value("document.querySelectorAll('th:not([scope])').length") == 0
        assert page.value("document.querySelectorAll('img:not([alt])').length") == 0
        named = "svg:not([role=img]), svg:not([aria-label])"
        assert page.value(f"document.querySelectorAll('{named}').length") == 0


def test_a_page_fits_a_telephone(pages: Path, page: Page) -> None:
    """Nothing has to be pushed sideways."""
    small = {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": True}
    page.call("Emulation.setDeviceMetricsOverride", **small)
    try:
        for file in longest(pages):
            page.open(file)
            assert page.value("document.documentElement.scrollWidth") <= 320, file.name
    finally:
        page.call("Emulation.clearDeviceMetricsOverride")


def test_the_code_on_a_page_can_be_scanned(pages: Path, page: Page, tmp_path: Path) -> None:
    """From the screen, by night as well."""
    page.open(pages / "thunderbird-android.html", "dark")
    text = scanned(page.picture(), tmp_path)
    words = ["thunderbird-qr", "alice@gmail.com", "--offline"]
    assert text == advisor("export", *words).out.strip()
