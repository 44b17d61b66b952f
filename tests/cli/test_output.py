"""Handing a result out, to the last byte."""

import os
import subprocess
import sys
from pathlib import Path

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


@pytest.mark.parametrize(
    "words",
    [
        ["export", "json", "a@posteo.de", "--output", "there"],
        ["export", "thunderbird-qr@png", "a@posteo.de", "--output", "there"],
        ["export", "--domain-owner", "posteo.de", "--output", "kit"],
        ["instructions", "a@posteo.de", "--client", "kmail", "--output", "there"],
    ],
    ids=["text", "picture", "folder", "page"],
)  # fmt: skip
def test_a_full_disk_leaves_what_was_there(words: list[str], tmp_path: Path) -> None:
    """The whole file or none of it: no half, no draft; one line and exit code 2."""
    there = tmp_path / "there"
    there.write_text("old")
    # A file may have 512 bytes, and no signal ends the program at them.
    line = 'ulimit -f 1; exec "$@"'
    done = subprocess.run(
        ["sh", "-c", line, "sh", sys.executable, "-m", "advisor", *words, "--offline", "--quiet"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert "cannot be written: File too large" in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["there"]
    assert there.read_text() == "old"
