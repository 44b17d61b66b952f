"""Which ports are closed for this network as a whole."""

from __future__ import annotations

import pytest

from advisor.model.evidence import Problem
from advisor.model.observation import Live, ProbeResult, Reached
from advisor.probing.egress import egress
from tests.make import endpoint, result


def open_(host: str, port: int) -> ProbeResult:
    """A server that answers there."""
    return result(endpoint(f"smtp://{host}:{port}"))


def trouble(host: str, port: int, problem: Problem) -> ProbeResult:
    """Not even a connection."""
    at = endpoint(f"smtp://{host}:{port}")
    return result(at, Live.FAILED, reached=Reached.NOTHING, problem=problem)


def silent(host: str, port: int) -> ProbeResult:
    """Packets that vanish."""
    return trouble(host, port, Problem.TIMEOUT)


A, B, C = "a.example", "b.example", "c.example"


@pytest.mark.parametrize(
    ("results", "states"),
    [
        ([], {}),
        ([open_(A, 465)], {"465": "open"}),
        ([silent(A, 25)], {"25": "unknown"}),
        ([silent(A, 25), silent(B, 25)], {"25": "unknown"}),
        ([silent(A, 25), open_(A, 465)], {"25": "unknown", "465": "open"}),
        (
            [silent(A, 25), silent(B, 25), open_(A, 465), open_(B, 465)],
            {"25": "blocked", "465": "open"},
        ),
        (
            [silent(A, 25), silent(B, 25), open_(A, 465), silent(B, 465)],
            {"25": "unknown", "465": "open"},
        ),
        (
            [silent(A, 25), silent(B, 25), open_(C, 25), open_(A, 465), open_(B, 465)],
            {"25": "open", "465": "open"},
        ),
        ([trouble(A, 25, Problem.REFUSED)], {"25": "open"}),
        (
            [
                trouble(A, 25, Problem.UNREACHABLE),
                trouble(B, 25, Problem.UNREACHABLE),
                open_(A, 993),
                open_(B, 993),
            ],
            {"25": "blocked", "993": "open"},
        ),
    ],
)
def test_only_silence_beside_answers_blames_the_network(
    results: list[ProbeResult], states: dict[str, str]
) -> None:
    """Two hosts that are up and silent on one port; a refusal is an answer."""
    assert egress(results) == states
    assert egress(reversed(results)) == states


def test_silence_after_the_connection_is_the_servers() -> None:
    """The port is open, whatever follows."""
    at = endpoint("smtp://a.example:25")
    late = result(at, Live.FAILED, reached=Reached.CONNECT, problem=Problem.TIMEOUT)
    assert egress([late]) == {"25": "open"}


def test_what_was_not_checked_says_nothing() -> None:
    """A look that was given up is no silence."""
    at = endpoint("smtp://a.example:25")
    cut = result(at, Live.NOT_CHECKED, reached=Reached.NOTHING, problem=Problem.CUT_OFF)
    assert egress([cut]) == {}


def test_ports_stand_in_order() -> None:
    """By number, so that the same network gives the same report."""
    found = egress([open_(A, 993), open_(A, 25), open_(A, 143)])
    assert list(found) == ["25", "143", "993"]


def test_one_host_on_two_ways_is_one_host() -> None:
    """Two silent looks at one server do not make a network."""
    plain = result(endpoint("smtp://a.example:25", "none"), Live.FAILED,
                   reached=Reached.NOTHING, problem=Problem.TIMEOUT)  # fmt: skip
    assert egress([silent(A, 25), plain, open_(A, 465)])["25"] == "unknown"
