"""The engine: 150 rules over 40 settings with observations."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import cycle, islice, product
from statistics import median
from typing import Any

from advisor.engine import facts
from advisor.engine.case import Case, MailDomain
from advisor.engine.evaluate import judge
from advisor.engine.rulebook import rulebook
from advisor.knowledge.library import Library
from advisor.model.observation import Live
from advisor.model.report import Setting
from tests import make

from .rows import Row, interleaved, ms, ratio

RULES = 150
SETTINGS = 40
RUNS = 41
BUDGET = 0.003

_ENDPOINTS = (
    ("imap", 993, "tls"),
    ("imap", 143, "starttls"),
    ("pop3", 995, "tls"),
    ("pop3", 110, "starttls"),
    ("smtp", 465, "tls"),
    ("smtp", 587, "starttls"),
    ("smtp", 25, "starttls"),
    ("imap", 143, "none"),
)
_SOURCES = ("autoconfig-https", "srv", "ispdb", "mx-autoconfig-base", "siblings")


def rows() -> Iterator[Row]:
    """Every row of this group."""
    library = Library()
    entries = library.entries("rules")
    about_settings = {key: one for key, one in entries.items() if one["each"] == "setting"}
    yield from _judged("all bundled", repeated(entries), library.single("order"))
    yield from _judged("each: setting", repeated(about_settings), library.single("order"))


def repeated(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """150 stable rules: *entries* again and again, under other ids."""
    stable = [one for one in entries.values() if one["status"] == "stable"]
    numbered = enumerate(islice(cycle(stable), RULES))
    return {f"{one['id']}-{n}": {**one, "id": f"{one['id']}-{n}"} for n, one in numbered}


def case() -> Case:
    """A domain with 40 settings: eight endpoints of five hosts, looked at with mixed success."""
    hosts = ("mail", "imap", "mx1.hoster", "old", "mail2")
    settings = [
        _setting(host, at, number) for number, (host, at) in enumerate(product(hosts, _ENDPOINTS))
    ]
    assert len(settings) == SETTINGS
    answers = [
        make.answer(source, *(make.candidate(str(s.endpoint), s.security) for s in settings[n::5]))
        for n, source in enumerate(_SOURCES)
    ]
    domain = MailDomain(mail="mx", mx=("mx1.example.org",), wildcard=False)
    return make.case(*settings, answers=tuple(answers), domain=domain)


def _setting(host: str, at: tuple[str, int, str], number: int) -> Setting:
    protocol, port, security = at
    live = (Live.CONFIRMED, Live.CONFIRMED, Live.FAILED)[number % 3]
    seen = make.observation(
        tls=None if security == "none" else make.tls(chain_ok=live is Live.CONFIRMED),
        starttls_offered=security == "starttls" or None,
        cleartext_login_possible=security != "tls",
    )
    return make.setting(
        f"{protocol}://{host}.example.org:{port}",
        security,
        live=live,
        observation=seen,
        sources=(_SOURCES[number % 5],),
        mechanisms=("PLAIN", "LOGIN"),
    )


def _judged(kind: str, entries: Mapping[str, Any], order: Mapping[str, Any]) -> Iterator[Row]:
    """What judging takes, part by part, beside the least that anybody needs."""
    book, one = rulebook(entries, order), case()
    rules, base = book.rules["setting"].rules, facts.common(one)
    others = facts.Others(one.settings)
    all_in_one = compiled(entries[rule.id]["when"] for rule in rules)
    seen = [facts.setting(setting, one, base, others) for setting in one.settings]

    def predicates() -> int:
        return sum(rule.holds(facts) for facts in seen for rule in rules)

    matches = sum(map(all_in_one, seen))
    assert predicates() == matches
    works: dict[str, Callable[[], object]] = {
        f"judge(), {RULES} rules ({kind}) × {SETTINGS} settings": lambda: judge(one, book),
        "    the facts alone": lambda: [facts.setting(s, one, base, others) for s in one.settings],
        f"    our predicates alone ({len(rules)} about settings, {matches} hold)": predicates,
        "    the same, compiled into one function": lambda: sum(map(all_in_one, seen)),
    }
    taken = interleaved({name: _timed(work) for name, work in works.items()}, RUNS)
    floor = list(taken.values())[-1]
    for number, (name, times) in enumerate(taken.items()):
        middle = median(times)
        yield Row(
            name,
            ms(middle),
            f"{ratio(times, floor):.1f} × one function",
            "" if number else f"<= {ms(BUDGET)}",
            None if number else middle <= BUDGET,
        )


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    def seconds() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return seconds


def compiled(conditions: Iterable[Any]) -> Callable[[facts.Facts], int]:
    """One Python function that counts which of *conditions* hold of some facts."""
    constants: list[re.Pattern[str]] = []
    sums = " + ".join(f"({_expression(one, constants)})" for one in conditions)
    scope: dict[str, Any] = {"patterns": constants}
    exec(f"def count(facts):\n    get = facts.get\n    return {sums}", scope)
    count: Callable[[facts.Facts], int] = scope["count"]
    return count


def _expression(when: Any, patterns: list[re.Pattern[str]]) -> str:
    if isinstance(when, list):
        return " or ".join(f"({_expression(part, patterns)})" for part in when) or "False"
    parts = [
        f"not ({_expression(test, patterns)})" if name == "not" else _test(name, test, patterns)
        for name, test in when.items()
    ]
    return " and ".join(parts) or "True"


def _test(name: str, test: Mapping[str, Any], patterns: list[re.Pattern[str]]) -> str:
    return " and ".join(_check(name, *operation, patterns) for operation in test.items())


def _check(name: str, operator: str, operand: Any, patterns: list[re.Pattern[str]]) -> str:
    get = f"get({name!r})"
    known = f"(v := {get}) is not None and"
    match operator:
        case "equals":
            return f"({get} == {operand!r})"
        case "in":
            return f"({get} in {tuple(operand)!r})"
        case "contains":
            return f"({known} ({' or '.join(f'{item!r} in v' for item in operand)}))"
        case "above" | "below":
            return f"({known} v {'>' if operator == 'above' else '<'} {operand!r})"
        case "exists":
            empty: tuple[object, ...] = (None, "", "unknown", [], ())
            return f"({get} {'not in' if operand else 'in'} {empty!r})"
        case "not":
            return f"(not ({_test(name, operand, patterns)}))"
        case "matches":
            patterns.append(re.compile(operand))
            return f"({known} patterns[{len(patterns) - 1}].search(str(v)) is not None)"
    raise ValueError(f"no such operator: {operator}")
