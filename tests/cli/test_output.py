"""Handing a result out, to the last byte."""

import os

import pytest

from advisor.cli import _output


def test_a_result_is_written_whole_however_little_is_taken_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A pipe may take part of a write, or nothing for now."""
    reader, writer = os.pipe()
    taken: list[int] = []
    real = os.write

    def slowly(descriptor: int, data: memoryview) -> int:
        taken.append(len(data))
        if len(taken) % 3 == 0:
            raise BlockingIOError
        return real(descriptor, data[:7])

    monkeypatch.setattr(os, "write", slowly)
    data = bytes(range(256)) * 4
    _output._write_all(writer, data)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        assert file.read() == data
    assert len(taken) > len(data) // 7
