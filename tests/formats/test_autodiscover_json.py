"""The JSON of Autodiscover v2."""

from __future__ import annotations

import json

import pytest

from advisor.errors import FormatError
from advisor.formats.autodiscover import Pointer, parse_json


def test_version_2_names_an_address() -> None:
    """Whatever the case of its keys."""
    url = "https://a.example/x"
    for key in ("Url", "url", "URL"):
        assert parse_json(json.dumps({"Protocol": "EWS", key: url}).encode()) == Pointer(url)


def test_version_2_tells_its_error() -> None:
    """On one safe line."""
    told = parse_json(b'{"ErrorCode":"InvalidProtocol","ErrorMessage":"a\\u202e\\nb"}')
    assert told.error.startswith("InvalidProtocol a")
    assert told.error.isprintable()


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html/>",
        b"[]",
        b"{}",
        b'{"Url":1}',
        b'{"Url":"http://a.example/"}',
        b'{"Url":"https://127.0.0.1/"}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"1" * 200_000,
        b"\xff\xfe\x00",
        b" " * 300_000,
    ],
)
def test_what_is_no_version_2_is_refused(document: bytes) -> None:
    """Also when it is nested without end."""
    with pytest.raises(FormatError):
        parse_json(document)
