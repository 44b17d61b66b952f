"""A secret stays one."""

from __future__ import annotations

import copy
import pickle
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.model.secret import Secret


def test_no_text_shows_it() -> None:
    """However it is printed."""
    secret = Secret(b"hunter2")
    for shown in (repr(secret), str(secret), f"{secret}", f"{[secret]}"):
        assert "hunter2" not in shown


@pytest.mark.parametrize("use", [copy.copy, copy.deepcopy, pickle.dumps])
def test_it_is_not_copied(use: object) -> None:
    """A copy would outlive the wiping."""
    with pytest.raises(TypeError):
        use(Secret(b"x"))  # type: ignore[operator]


def test_it_is_wiped() -> None:
    """At the end of its block, whoever holds its octets sees them gone."""
    with Secret(b"hunter2") as secret:
        octets = secret.octets
    assert octets == b""


@given(
    secret=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=4, max_size=40),
    before=st.binary(max_size=5),
    after=st.binary(max_size=5),
    upper=st.booleans(),
)
def test_it_is_taken_out_of_texts(secret: str, before: bytes, after: bytes, upper: bool) -> None:
    """As it is, and in base64 with anything around it."""
    held = Secret(secret.encode())
    plain = f"you said {secret}, did you"
    assert secret.lower() not in held.masked(plain.upper() if upper else plain).lower()
    encoded = b64encode(before + secret.encode() + after).decode()
    size = len(secret) * 8 // 6 - 1
    start = -(-len(before) * 8 // 6)
    assert encoded[start : start + size] not in held.masked(encoded)


def test_what_a_cut_leaves_of_it_is_taken_out() -> None:
    """A long text is cut before it is masked."""
    assert Secret(b"hunter2").masked("you said hunte…") == "you said …"
