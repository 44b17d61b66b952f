"""The facts that rules see are exactly those that the vocabulary names."""

import pytest

from advisor.engine import facts
from advisor.engine.conflicts import Conflict
from advisor.engine.vocabulary import FACTS, NUMBER, NUMBERS, TEXT, TEXTS, YES_NO
from advisor.model.endpoint import Protocol
from advisor.model.evidence import Provider, Trust
from advisor.model.observation import Live
from tests.make import answer, candidate, case, certificate, observation, setting, tls

FITS = {
    TEXT: lambda value: isinstance(value, str),
    NUMBER: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    YES_NO: lambda value: isinstance(value, bool),
    TEXTS: lambda value: all(isinstance(item, str) for item in value),
    NUMBERS: lambda value: all(isinstance(item, int) for item in value),
}
PROVIDER = Provider("example", "Example", "https://example.org", "accepted", "no", "no", "open")


def every_scope() -> dict[str, facts.Facts]:
    """Facts of each scope with as much known as possible."""
    one = setting(live=Live.CONFIRMED, observation=observation(error="e"))
    told = answer("srv", candidate())
    whole = case(one, answers=(told,), provider=PROVIDER)
    base = facts.common(whole)
    conflict = Conflict(Protocol.IMAP, "host", "a; b", ("srv",))
    summed = base | facts.summary((one,))
    return {
        "setting": facts.setting(one, whole, base, facts.Others((one,))),
        "source": facts.source(told, whole, summed, (one,)),
        "conflict": facts.conflict(conflict, summed),
        "domain": summed,
    }


@pytest.mark.parametrize("scope", FACTS)
def test_facts_and_vocabulary_agree(scope: str) -> None:
    """Every named fact is computed (but for the client's), no other, and with its type."""
    computed = every_scope()[scope]
    named = {name for name in FACTS[scope] if not name.startswith("client.")}
    assert set(computed) == named
    wrong = {
        name: value
        for name, value in computed.items()
        if value is not None and not FITS[FACTS[scope][name][0]](value)
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("version", "number", "name"),
    [
        ("TLSv1.3", 1.3, "TLS 1.3"),
        ("TLSv1.2", 1.2, "TLS 1.2"),
        ("TLSv1", 1.0, "TLS 1.0"),
        ("SSLv3", 0.3, "SSL 3.0"),
        ("SSLv2", 0.2, "SSL 2.0"),
    ],
)
def test_versions_of_the_family_are_ordered_by_number(
    version: str, number: float, name: str
) -> None:
    """SSL 2.0 and 3.0 are older than TLS 1.0, and the numbers say so."""
    assert (facts.tls_number(version), facts.tls_name(version)) == (number, name)


def test_days_left_are_negative_after_the_end() -> None:
    """An expired certificate has a negative number of days left."""
    over = tls(certificate=certificate(not_after="2026-11-20T00:00:00+00:00"))
    seen = facts.observed(observation(tls=over), case().now)
    assert seen["observed.cert_days_left"] == -4


def test_a_source_backed_by_a_better_one_is_not_what_the_answer_rests_on() -> None:
    """Unsigned SRV beside authenticated autoconfig is no reason to ask for confirmation."""
    first = setting(sources=("autoconfig-https", "srv"))
    good = answer("autoconfig-https", candidate())
    weak = answer("srv", candidate(), trust=Trust.UNAUTHENTICATED)
    whole = case(first, answers=(good, weak))
    base = facts.common(whole)
    assert facts.source(good, whole, base, (first,))["source.used"]
    assert not facts.source(weak, whole, base, (first,))["source.used"]
