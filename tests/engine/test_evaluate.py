"""Verdicts, order and findings, with rules made for the test."""

from itertools import permutations

from advisor.engine.conflicts import conflicts
from advisor.engine.evaluate import judge
from advisor.knowledge.library import Library
from advisor.model.auth import AuthMethod, UsernameForm
from advisor.model.endpoint import Protocol
from advisor.model.evidence import Trust
from advisor.model.observation import Live
from advisor.model.report import Severity, Verdict
from tests.make import answer, candidate, case, endpoint, rule, rules, setting

S465 = setting("smtp://smtp.example.org:465")
S587 = setting("smtp://smtp.example.org:587", "starttls")
S25 = setting("smtp://smtp.example.org:25", "starttls")

P465 = rule("first-465", when={"setting.port": {"equals": 465}}, then={"prefer": 20})
P587 = rule("then-587", when={"setting.port": {"equals": 587}}, then={"prefer": 10})
NO25 = rule("no-25", when={"setting.port": {"equals": 25}}, then={"verdict": "discouraged"})


def ports(judged: object) -> list[int]:
    """The ports in their order."""
    return [one.port for one in judged.settings]  # type: ignore[attr-defined]


def test_preference_orders_settings_of_equal_standing() -> None:
    """More points come first, and the first one of its list is recommended."""
    judged = judge(case(S587, S465), rules(P465, P587))
    assert ports(judged) == [465, 587]
    assert [one.verdict for one in judged.settings] == [Verdict.RECOMMENDED, Verdict.ACCEPTABLE]


def test_a_changed_preference_turns_the_order_around_and_is_the_reason() -> None:
    """An overlay's rule decides, and its id and origin stand in the reasons."""
    own = rule("then-587", when=P587["when"], then={"prefer": 30}, origin="overlay")
    judged = judge(case(S465, S587), rules(P465, own))
    assert ports(judged) == [587, 465]
    assert [(r.rule, r.origin, r.points) for r in judged.settings[0].reasons] == [
        ("then-587", "overlay", 30)
    ]


def test_a_verdict_outweighs_any_preference() -> None:
    """What is discouraged comes after what is not, whatever its points."""
    much = rule("much", when=NO25["when"], then={"prefer": 1000})
    judged = judge(case(S25, S587), rules(NO25, much, P587))
    assert ports(judged) == [587, 25]
    assert judged.settings[1].verdict is Verdict.DISCOURAGED


def test_the_worst_verdict_wins() -> None:
    """No rule can make good what another one forbids."""
    bad = rule("bad", then={"verdict": "forbidden"})
    good = rule("good", then={"verdict": "acceptable"})
    assert judge(case(S465), rules(bad, good)).settings[0].verdict is Verdict.FORBIDDEN


def test_confirmed_comes_before_unchecked_before_failed() -> None:
    """A live check weighs more than preference, by the order of the keys."""
    dead = setting("smtp://a.example.org:465", live=Live.FAILED)
    works = setting("smtp://b.example.org:587", "starttls", live=Live.CONFIRMED)
    judged = judge(case(dead, S465, works), rules(P465, P587))
    assert [one.host[0] for one in judged.settings] == ["b", "s", "a"]
    assert judged.settings[2].verdict is not Verdict.RECOMMENDED


def test_the_order_of_the_keys_is_data() -> None:
    """With preference before live, the preferred one stays first although it failed."""
    dead = setting("smtp://a.example.org:465", live=Live.FAILED)
    works = setting("smtp://b.example.org:587", "starttls", live=Live.CONFIRMED)
    judged = judge(case(works, dead), rules(P465, P587, settings=["preference", "live"]))
    assert [one.host[0] for one in judged.settings] == ["a", "b"]


def test_trust_decides_between_equals() -> None:
    """The better vouched-for source wins where nothing else differs."""
    plain = setting("imap://b.example.org:993", trust=Trust.UNAUTHENTICATED)
    judged = judge(case(plain, setting()), rules(rule("any")))
    assert judged.settings[0].trust is Trust.AUTHENTICATED


def test_the_judgement_does_not_depend_on_the_order_of_rules() -> None:
    """The same facts and rules give the same judgement."""
    told = {judge(case(S587, S25, S465), rules(*p)) for p in permutations((P465, P587, NO25))}
    assert len(told) == 1


def test_a_setting_that_no_rule_speaks_about_is_acceptable_and_says_so() -> None:
    """Silence is no recommendation."""
    one = judge(case(S465), rules()).settings[0]
    assert (one.verdict, one.reasons[0].rule) == (Verdict.ACCEPTABLE, "unjudged")


def test_use_fills_a_missing_user_name_only() -> None:
    """A rule supplies what nobody said, and leaves alone what somebody did."""
    fill = rule("fill", then={"use": {"username": "%EMAILADDRESS%"}})
    open_one = setting(username="", username_form=UsernameForm.UNKNOWN)
    told = setting(username="alice", username_form=UsernameForm.LOCALPART)
    assert judge(case(open_one), rules(fill)).settings[0].username == "alice@example.org"
    assert judge(case(told), rules(fill)).settings[0].username == "alice"


def test_use_brings_sign_in_methods_to_the_front() -> None:
    """Only those that are there, in the order the rule gives."""
    prefer = rule("prefer", then={"use": {"auth": ["oauth2", "password"]}})
    one = setting(auth=(AuthMethod.CHALLENGE, AuthMethod.PASSWORD))
    assert judge(case(one), rules(prefer)).settings[0].auth == (
        AuthMethod.PASSWORD,
        AuthMethod.CHALLENGE,
    )


def test_findings_are_filled_merged_and_sorted_by_severity() -> None:
    """One finding names everything it is about; errors come first."""
    note = rule("a-note", then={"finding": "hosts below example.org"})
    wrong = rule("wrong", severity="error", each="domain", then={"finding": "no {domain.name}"})
    judged = judge(case(S465, S587), rules(note, wrong))
    assert [(f.code, f.severity, f.message) for f in judged.findings] == [
        ("wrong", Severity.ERROR, "no example.org"),
        ("a-note", Severity.NOTE, "hosts below example.org"),
    ]
    assert judged.findings[1].about == (str(S465.endpoint), str(S587.endpoint))


def test_a_finding_shows_strangers_text_escaped() -> None:
    """What a server said cannot move the cursor of the person who reads about it."""
    tell = rule("tell", each="source", then={"finding": "said: {source.reason}"})
    judged = judge(case(answers=(answer(reason="\x1b[2J\u202e"),)), rules(tell))
    assert judged.findings[0].message == "said: \\x1b[2J\\u202e"


def test_conflicts_are_told_once_per_protocol() -> None:
    """Sources that name no host in common disagree; each is named with what it says."""
    tell = rule("conflict", each="conflict", then={"finding": "{conflict.says}"})
    told = (
        answer("autoconfig-https", candidate("imap://a.example.org:993")),
        answer("srv", candidate("imap://b.example.org:993")),
        answer("guess", candidate("imap://c.example.org:993")),
    )
    judged = judge(case(answers=told), rules(tell))
    assert [f.message for f in judged.findings] == [
        "title of autoconfig-https: a.example.org; title of srv: b.example.org"
    ]


def test_sources_that_share_a_host_do_not_conflict() -> None:
    """Naming one more host, or one more port, is no contradiction."""
    tell = rule("conflict", each="conflict", then={"finding": "{conflict.says}"})
    told = (
        answer("srv", candidate(), candidate("imap://b.example.org:993")),
        answer("ispdb", candidate("imap://imap.example.org:143", "starttls"), candidate()),
        answer("guess", candidate("imap://imap.example.org:110", "none")),
    )
    assert judge(case(answers=told), rules(tell)).findings == ()


def test_other_ports_of_the_same_host_are_variants() -> None:
    """Each source with what it says of the host in dispute, and of no other host."""
    told = (
        answer("srv", candidate("smtp://smtp.example.org:587", "starttls")),
        answer(
            "ispdb",
            candidate("smtp://smtp.example.org:465"),
            candidate("smtp://other.example.org:25", "none"),
        ),
        answer("catalogue", candidate("smtp://smtp.example.org:587")),
        answer("mx-autoconfig-full", candidate("smtp://away.example.org:465")),
    )
    variants = [one for one in conflicts(told) if one.field == "port and security"]
    says = (
        "title of srv: smtp.example.org port 587 with STARTTLS; "
        "title of ispdb: smtp.example.org port 465 with TLS from the first byte; "
        "title of catalogue: smtp.example.org port 587 with TLS from the first byte"
    )
    assert [(one.protocol, one.sources, one.says) for one in variants] == [
        (Protocol.SMTP, ("srv", "ispdb", "catalogue"), says)
    ]
    assert any(one.field == "host" for one in conflicts(told))


def test_a_variant_is_a_note_and_another_host_a_warning() -> None:
    """By the rules as they are shipped."""
    other = (
        answer("srv", candidate("smtp://smtp.example.org:587", "starttls")),
        answer("ispdb", candidate("smtp://smtp.example.org:465")),
    )
    told = judge(case(answers=other), Library().rulebook).findings
    severities = {one.code: one.severity for one in told if one.code.startswith("source-")}
    assert severities == {"source-variant": Severity.NOTE}
    hosts = (answer("srv", candidate()), answer("ispdb", candidate("imap://b.example.org:993")))
    told = judge(case(answers=hosts), Library().rulebook).findings
    severities = {one.code: one.severity for one in told if one.code.startswith("source-")}
    assert severities == {"source-conflict": Severity.WARNING}


def test_alternatives_do_not_count_what_failed() -> None:
    """A rule about alternatives sees those that may still work."""
    only = rule(
        "only-starttls",
        when={"alternatives.security": {"not": {"contains": ["tls"]}}},
        then={"finding": "only {setting.security}"},
    )
    dead = setting("smtp://smtp.example.org:465", live=Live.FAILED)
    told = judge(case(S587, dead), rules(only)).findings
    assert any(str(endpoint("smtp://smtp.example.org:587")) in f.about for f in told)
