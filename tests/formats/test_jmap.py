"""The JMAP session object."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formats.jmap import CORE, is_session


def test_a_session_names_the_core() -> None:
    """RFC 8620 §2: the capability object must have it."""
    assert is_session(f'{{"capabilities": {{"{CORE}": {{}}}}}}'.encode())


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"[]", b"{}", b'{"capabilities": []}', b'{"capabilities": {"x": 1}}', b"\xff"],
)
def test_everything_else_is_none(content: bytes) -> None:
    """A web page above all."""
    assert not is_session(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_one_or_not(content: bytes) -> None:
    """Whatever a stranger sends; without the name of the core it is none."""
    assert not is_session(content)
