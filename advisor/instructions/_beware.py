"""What to beware of, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from advisor.instructions._case import Case
from advisor.model.language import FACT
from advisor.model.report import Finding
from advisor.model.telling import concerns

# Findings that the steps themselves already say.
_SAID = frozenset({"client-types-port"})


def beware(case: Case, rules: Mapping[str, Any]) -> Iterator[tuple[Finding, str | None]]:
    """What to beware of, each with how the language says it; None where it cannot."""
    report = case.report
    known = {str(one.endpoint) for one in (*report.incoming, *report.outgoing)}
    for one in report.findings:
        is_about_settings = known.issuperset(one.about)
        if one.code in _SAID or (is_about_settings and not concerns(one, case.chosen, ())):
            continue
        yield one, one.message if case.is_english else _told(one, rules.get(one.code), case)


def _told(finding: Finding, rule: Mapping[str, Any] | None, case: Case) -> str | None:
    """*finding* in the language of *case*: the sentence of its *rule*, and each fact in it."""
    english = rule["then"].get("finding") if rule else None
    if not english or FACT.sub(_filled_with(finding.facts), english) != finding.message:
        return None
    sentence = case.told(english)
    if sentence is None:
        return None
    facts = {name: _fact(name, finding.facts.get(name), case) for name in FACT.findall(sentence)}
    said = {name: value for name, value in facts.items() if value is not None}
    return FACT.sub(_filled_with(said), sentence) if len(said) == len(facts) else None


def _filled_with(facts: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    return lambda place: facts.get(place[1], "unknown")


def _fact(name: str, value: str | None, case: Case) -> str | None:
    """The fact *name* in the language of *case*; None where it has no words for it."""
    if value is None:
        return case.language.words.get("unknown")
    return _TELLS.get(name, _as_it_is)(value, case)


def _as_it_is(value: str, _: Case) -> str:
    return value


def _sentences(value: str, case: Case) -> str | None:
    return case.told(value)


def _word(value: str, case: Case) -> str | None:
    return case.language.words.get(value)


def _words(value: str, case: Case) -> str | None:
    return case.language.listed(value)


def _date(value: str, case: Case) -> str | None:
    return case.language.date(value)


def _capitals(value: str, _: Case) -> str:
    return value.upper()


def _client(value: str, case: Case) -> str:
    """The client's name, with a version behind it or not."""
    name = case.report.client.name if case.report.client else ""
    return case.client.name + value[len(name) :] if value.startswith(name) else value


def _provider(value: str, case: Case) -> str:
    return case.language.texts.get(value, value)


def _place(value: str, case: Case) -> str:
    """A host, with its port or without."""
    host, gap, port = value.partition(" port ")
    return f"{host}, {case.language.words.get('port', 'port')} {port}" if gap else host


def _label(value: str, case: Case) -> str:
    return case.mentioned(value)


def _labels(value: str, case: Case) -> str:
    """Labels in quotation marks, with words such as “and” between them."""
    parts = re.split("“([^”]*)”", value)
    return "".join(
        case.say("quoted", text=case.mentioned(part)) if at % 2 else _between(part, case)
        for at, part in enumerate(parts)
    )


def _between(value: str, case: Case) -> str:
    words = case.language.words
    return re.sub(r"\b(?:and|or|on)\b", lambda word: words.get(word[0], word[0]), value)


def _domains(value: str, case: Case) -> str:
    return f" {case.language.words.get('and', 'and')} ".join(value.split(" and "))


# Facts that are more than a name or a number.
_TELLS: Mapping[str, Callable[[str, Case], str | None]] = {
    "client.choice": _labels,
    "client.label": _label,
    "client.label_note": _sentences,
    "client.leaks": _sentences,
    "client.name": _client,
    "client.opportunistic": _labels,
    "client.says": _sentences,
    "client.says_here": _sentences,
    "client.trap": _labels,
    "conflict.field": _word,
    "conflict.protocol": _capitals,
    "domain.problem": _word,
    "observed.cert_until": _date,
    "observed.login_form_words": _word,
    "observed.problem": _word,
    "provider.name": _provider,
    "provider.notes": _sentences,
    "setting.protocol": _capitals,
    "setting.role": _word,
    "setting.security_words": _word,
    "setting.where": _place,
    "source.foreign": _domains,
    "source.title": _word,
    "sources.unheard_titles": _words,
}
