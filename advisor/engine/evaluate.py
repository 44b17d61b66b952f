"""Facts × rules → verdicts, order and findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from advisor.engine import facts
from advisor.engine.case import Case
from advisor.engine.conflicts import conflicts
from advisor.engine.rulebook import Rule, Rulebook
from advisor.model.auth import AuthMethod, Username
from advisor.model.observation import Live
from advisor.model.report import Finding, Reason, Setting, Verdict
from advisor.model.text import printable

if TYPE_CHECKING:
    from advisor.model.client import Client

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_LIVE = (Live.CONFIRMED, Live.NOT_CHECKED, Live.FAILED)

UNJUDGED = Reason(
    rule="unjudged",
    effect="acceptable",
    because="No rule speaks about a setting of this kind, so nothing is known for or against it.",
    references=(),
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Settings with verdicts and reasons, best first; findings, worst first."""

    settings: tuple[Setting, ...]
    findings: tuple[Finding, ...]


def judge(case: Case, rulebook: Rulebook) -> Judgement:
    """What the rules make of *case*; the same case and rules always give the same judgement."""
    base = facts.common(case)
    others = facts.Others(case.settings)
    raised: list[Finding] = []
    weighed = []
    for place, one in enumerate(case.settings):
        seen = facts.setting(one, case, base, others)
        speaking = rulebook.rules["setting"].speaking(seen)
        raised += findings(speaking, seen, (str(one.endpoint),))
        weighed.append(_weigh(one, speaking, place, case))
    ordered = _crown(_sort(weighed, rulebook))
    base |= facts.summary(ordered)
    for scope, things in _other_things(case, base, ordered):
        for seen, about in things:
            speaking = rulebook.rules[scope].speaking(seen)
            raised += findings(speaking, seen, about)
    return Judgement(ordered, tidy(raised))


def _other_things(
    case: Case, base: facts.Facts, ordered: Sequence[Setting]
) -> Iterable[tuple[str, list[tuple[facts.Facts, tuple[str, ...]]]]]:
    yield (
        "source",
        [(facts.source(a, case, base, ordered), (a.question.id,)) for a in case.answers],
    )
    yield (
        "conflict",
        [(facts.conflict(c, base), c.sources) for c in conflicts(case.answers, case.servers)],
    )
    yield "domain", [(base, (case.subject.domain.ascii,))]


@dataclass(frozen=True, slots=True)
class _Weighed:
    setting: Setting
    cap: Verdict
    reasons: tuple[Reason, ...]
    preference: int
    place: int


def _weigh(one: Setting, speaking: Sequence[Rule], place: int, case: Case) -> _Weighed:
    caps = [rule.cap for rule in speaking if rule.cap]
    cap = max(caps, key=lambda verdict: verdict.rank, default=Verdict.RECOMMENDED)
    preference = sum(rule.reason.points for rule in speaking)
    reasons = tuple([rule.reason for rule in speaking])
    if not reasons:
        cap, reasons = Verdict.ACCEPTABLE, (UNJUDGED,)
    for rule in speaking:
        one = _use(one, rule.then.get("use") or {}, case)
    if case.client:
        one = _labelled(one, case.client)
    return _Weighed(one, cap, reasons, preference, place)


def _labelled(one: Setting, client: Client) -> Setting:
    label = client.label_for(one.protocol, one.security, one.port)
    first = one.auth[0] if one.auth else AuthMethod.PASSWORD
    fitting = (s for s in client.sign_in if s.does == first and one.protocol in s.protocols)
    sign_in = next(fitting, None)
    return replace(
        one,
        label=label.label if label else None,
        sign_in_label=sign_in.label if sign_in else None,
    )


def _use(one: Setting, use: Mapping[str, Any], case: Case) -> Setting:
    if use.get("username") and not one.username:
        username = Username(use["username"])
        local_part, domain = case.subject.local_part, case.subject.domain.ascii
        one = replace(
            one,
            username=username.fill(local_part, domain),
            username_form=username.form,
            username_template=username.template,
        )
    if use.get("auth"):
        first = [AuthMethod(name) for name in use["auth"] if name in one.auth]
        one = replace(one, auth=(*first, *(method for method in one.auth if method not in first)))
    return one


def _sort(weighed: Sequence[_Weighed], rulebook: Rulebook) -> list[_Weighed]:
    keys: dict[str, Callable[[_Weighed], int]] = {
        "verdict": lambda one: one.cap.rank,
        "live": lambda one: _LIVE.index(one.setting.live),
        "preference": lambda one: -one.preference,
        "trust": lambda one: one.setting.trust.rank,
        "source": lambda one: one.place,
    }
    chosen = [keys[name] for name in rulebook.setting_keys]
    return sorted(weighed, key=lambda one: (*(key(one) for key in chosen), one.place))


def _crown(ordered: Sequence[_Weighed]) -> tuple[Setting, ...]:
    """Recommended is the best uncapped one of each list; other uncapped ones are acceptable."""
    crowned: set[str] = set()
    settings = []
    for one in ordered:
        verdict = one.cap
        if verdict is Verdict.RECOMMENDED:
            wanted = facts.role(one.setting.protocol)
            key = one.setting.protocol.value if wanted == "service" else wanted
            if key in crowned or one.setting.live is Live.FAILED:
                verdict = Verdict.ACCEPTABLE
            else:
                crowned.add(key)
        settings.append(replace(one.setting, verdict=verdict, reasons=one.reasons))
    return tuple(settings)


def findings(speaking: Iterable[Rule], seen: facts.Facts, about: tuple[str, ...]) -> list[Finding]:
    """What the *speaking* rules have to tell."""
    return [
        Finding(
            rule.id,
            rule.severity,
            fill(rule.then["finding"], seen),
            rule.because,
            about,
            rule.references,
            rule.origin,
            named(rule.then["finding"], seen),
        )
        for rule in speaking
        if rule.then.get("finding")
    ]


def fill(template: str, seen: facts.Facts) -> str:
    """*template* with its ``{facts}``; lists joined, absent ones as "unknown"."""

    known = named(template, seen)
    return _PLACEHOLDER.sub(lambda match: known.get(match.group(1), "unknown"), template)


def named(template: str, seen: facts.Facts) -> dict[str, str]:
    """The facts that *template* names, as it shows them; without those that are absent."""
    return {
        name: ", ".join(map(str, found)) if isinstance(found, list) else printable(str(found))
        for name in _PLACEHOLDER.findall(template)
        if (found := seen.get(name)) is not None and found != []
    }


def tidy(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, with everything it is about; worst first, then by code and text."""
    merged: dict[tuple[str, str], Finding] = {}
    for one in findings:
        key = (one.code, one.message)
        if key in merged:
            about = tuple(dict.fromkeys((*merged[key].about, *one.about)))
            merged[key] = replace(merged[key], about=about)
        else:
            merged[key] = one
    return tuple(sorted(merged.values(), key=lambda f: (f.severity.rank, f.code, f.message)))


def apply_one(rule: Rule, seen: facts.Facts) -> dict[str, Any] | None:
    """What *rule* alone does with the facts *seen*, as its examples say it; None for nothing."""
    if not rule.holds(seen):
        return None
    done = {name: value for name, value in rule.then.items() if value is not None}
    for said in ("finding", "instead"):
        if said in done:
            done[said] = fill(done[said], seen)
    if "publish" in done:
        done["publish"] = [{**one, "where": fill(one["where"], seen)} for one in done["publish"]]
    if "change" in done:
        done["change"] = {name: fill(to, seen) for name, to in done["change"].items()}
    return done
