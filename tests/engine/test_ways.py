"""Where somebody is led who has to change something."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from advisor.engine.ways import Way, Ways
from advisor.knowledge.library import Library
from advisor.model.endpoint import Protocol, Security
from advisor.model.observation import Live

TLS, STARTTLS = Security.TLS, Security.STARTTLS
ORDER = (TLS, STARTTLS)
UP, DOWN = Live.CONFIRMED, Live.FAILED


def ways(live: Mapping[Security, Live] | None = None, client: str | None = None) -> Ways:
    """The ways for sending."""
    program = Library().client(client) if client else None
    return Ways(program, Protocol.SMTP, live or {})


def place(way: Way | None) -> tuple[Security, int] | None:
    """How it begins, and where."""
    return (way.security, way.port) if way else None


BEST = [
    ({}, (TLS, 465)),
    ({TLS: UP, STARTTLS: UP}, (TLS, 465)),
    ({TLS: DOWN, STARTTLS: UP}, (STARTTLS, 587)),
    ({TLS: UP, STARTTLS: DOWN}, (TLS, 465)),
    ({TLS: DOWN}, (TLS, 465)),
    ({TLS: DOWN, STARTTLS: DOWN}, (TLS, 465)),
]


@pytest.mark.parametrize(("live", "expected"), BEST)
def test_the_best_is_the_first_that_can_work(
    live: Mapping[Security, Live], expected: tuple[Security, int]
) -> None:
    """A failure counts against it only where another way works."""
    assert place(ways(live).best(ORDER)) == expected


def test_the_order_is_not_ours() -> None:
    """The caller says what comes first; with no order there is no way."""
    assert place(ways().best((STARTTLS, TLS))) == (STARTTLS, 587)
    assert ways().best(()) is None


# (port, what the settings mean, whether that works, what is nearest)
NEAREST = [
    (587, "opportunistic", Live.NOT_CHECKED, (STARTTLS, 587)),
    (465, "opportunistic", Live.NOT_CHECKED, (TLS, 465)),
    (2525, "opportunistic", Live.NOT_CHECKED, (STARTTLS, 2525)),
    (2525, "implicit", UP, (TLS, 2525)),
    (2525, "opportunistic", DOWN, (TLS, 465)),
    (2525, "none", UP, (TLS, 465)),
    (143, "opportunistic", Live.NOT_CHECKED, (TLS, 465)),
]


@pytest.mark.parametrize(("port", "means", "live", "expected"), NEAREST)
def test_the_nearest_keeps_the_port_where_it_can(
    port: int, means: str, live: Live, expected: tuple[Security, int]
) -> None:
    """A port of another protocol, or one where it fails, is left."""
    assert place(ways().nearest(port, means, live, ORDER)) == expected


def test_a_client_is_led_only_to_what_it_has() -> None:
    """In its own words."""
    best = ways(client="outlook 2016").on(STARTTLS)
    assert best is not None
    assert best.label == "TLS"
    assert ways(client="outlook express").on(STARTTLS) is None
    assert place(ways({TLS: DOWN, STARTTLS: UP}, "outlook express").best(ORDER)) == (TLS, 465)
