"""Every sign-in transcript, played whole and byte by byte."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path

import pytest

from tests import converse
from tests.converse import TRANSCRIPTS
from tests.dialogues.test_transcripts import DIALOGUES

FILES = sorted(TRANSCRIPTS.glob("*/login/*.txt"))

every_transcript = pytest.mark.parametrize(
    "path", FILES, ids=lambda path: f"{path.parts[-3]}/{path.stem}"
)


@every_transcript
@pytest.mark.parametrize("piece", [0, 1, 7], ids=["whole", "byte by byte", "in sevens"])
def test_a_sign_in_ends_the_same_however_its_bytes_arrive(path: Path, piece: int) -> None:
    """What the server says decides, and exactly the bytes of the transcript are sent."""
    transcript = converse.read(path)
    outcome = converse.play_sign_in(DIALOGUES[path.parts[-3]], transcript, piece=piece)
    failure, ending, expected = outcome.failure, outcome.ending, transcript.expected
    if "problem" in expected:
        assert failure is not None
        assert (failure.problem.value, ending) == (expected["problem"], None)
        told = str(failure)
    else:
        assert (failure, ending is not None) == (None, True)
        assert ending is not None
        assert ending.accepted == (expected["accepted"] == "yes")
        told = ending.line.decode()
    assert expected.get("says", "") in told
    assert not outcome.wire.lines, "not all was said"


@every_transcript
def test_what_holds_the_secret_is_marked_as_such(path: Path) -> None:
    """So that it is sent inside verified TLS only, and shown nowhere."""
    transcript = converse.read(path)
    outcome = converse.play_sign_in(DIALOGUES[path.parts[-3]], transcript)
    secret = transcript.expected["secret"].encode()
    shown = b"\n".join(outcome.wire.shown)
    assert secret not in shown
    assert b64encode(secret) not in shown
    answers = re.findall(rb"[A-Za-z0-9+/]{16,}={0,2}", b"\n".join(outcome.wire.sent))
    assert not [one for one in answers if one in shown]


def test_every_protocol_can_sign_in() -> None:
    """A protocol whose sign-in has no transcript is not tested."""
    assert {path.parts[-3] for path in FILES} == set(DIALOGUES)
