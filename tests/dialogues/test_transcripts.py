"""Every transcript, played whole, byte by byte, and with bytes that do not belong there."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.dialogues import imap, managesieve, pop3, smtp
from advisor.model.evidence import Problem
from tests import converse
from tests.converse import TRANSCRIPTS, Outcome, Transcript

DIALOGUES = {
    "imap": imap.DIALOGUE,
    "managesieve": managesieve.DIALOGUE,
    "pop3": pop3.DIALOGUE,
    "smtp": smtp.DIALOGUE,
}
FILES = sorted(TRANSCRIPTS.glob("*/*.txt"))
WORDS = {True: "yes", False: "no", None: "unknown"}

every_transcript = pytest.mark.parametrize(
    "path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}"
)


def played(path: Path, piece: int = 0, trailing: bytes = b"") -> tuple[Transcript, Outcome]:
    transcript = converse.read(path)
    dialogue = DIALOGUES[path.parent.name]
    return transcript, converse.play(dialogue, transcript, piece=piece, trailing=trailing)


def compare(transcript: Transcript, outcome: Outcome) -> None:
    """Everything that the transcript's head says must be so."""
    seen, failure, expected = outcome.seen, outcome.failure, transcript.expected
    facts = {
        "reached": seen.reached.value,
        "problem": failure.problem.value if failure else "",
        "software": seen.software or "",
        "starttls": WORDS[seen.starttls_offered],
        "cleartext": WORDS[seen.cleartext_login_possible],
        "login-disabled": WORDS[seen.login_disabled],
        "before": "|".join(seen.capabilities_before),
        "after": "|".join(seen.capabilities_after),
        "mechanisms-before": " ".join(seen.mechanisms_before),
        "mechanisms-after": " ".join(seen.mechanisms_after),
    }
    wanted = {"problem": ""} | {key: expected[key] for key in facts if key in expected}
    for key in ("before", "after"):
        if key in wanted and "|" not in wanted[key]:
            wanted[key] = wanted[key].replace(" ", "|")
    assert {key: facts[key] for key in wanted} == wanted
    if "says" in expected:
        assert expected["says"] in str(failure)
    assert not [line for line in outcome.wire.lines if line[0] == "C"], "not all was said"


@every_transcript
@pytest.mark.parametrize("piece", [0, 1, 7], ids=["whole", "byte by byte", "in sevens"])
def test_a_conversation_gives_the_same_however_its_bytes_arrive(path: Path, piece: int) -> None:
    """What a server says decides, never how the network cuts it into pieces."""
    compare(*played(path, piece))


@every_transcript
@pytest.mark.parametrize("piece", [0, 1], ids=["whole", "byte by byte"])
def test_bytes_behind_the_agreement_to_tls_are_an_injection(path: Path, piece: int) -> None:
    """RFC 9051 §6.2.1, RFC 3207 §4: nothing said in clear text survives into TLS."""
    transcript, outcome = played(path, piece, trailing=b"* CAPABILITY AUTH=FORGED\r\n")
    if any(who == converse.TLS for who, _ in transcript.lines):
        assert outcome.failure is not None
        assert outcome.failure.problem is Problem.INJECTION
        assert "FORGED" not in "".join(outcome.seen.capabilities_after)
    else:
        compare(transcript, outcome)


@every_transcript
def test_no_conversation_logs_in_or_pipelines(path: Path) -> None:
    """Each write is one harmless command, and none comes before the greeting was read."""
    transcript, outcome = played(path)
    assert transcript.lines[0][0] == "S"
    for data in outcome.wire.sent:
        assert data.count(b"\r\n") == 1
        command = data.split()[1 if path.parent.name == "imap" else 0]
        assert command in {
            *(b"CAPABILITY", b"STARTTLS", b"LOGOUT", b"CAPA", b"STLS", b"QUIT", b"EHLO", b"HELO")
        }


def test_there_are_transcripts_for_every_dialogue() -> None:
    """A protocol without transcripts is not tested."""
    assert {path.parent.name for path in FILES} == set(DIALOGUES)
