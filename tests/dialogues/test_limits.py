"""Whatever a server sends, a dialogue ends within the limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.dialogues import imap, managesieve, pop3, smtp
from advisor.dialogues._base import Dialogue, ReadLine, Seen
from advisor.dialogues._lines import CAPABILITIES, LINE, LINES, REPLY
from advisor.errors import RemoteProtocolError
from advisor.model.endpoint import Security
from advisor.model.evidence import Problem
from advisor.model.text import printable

every_dialogue = pytest.mark.parametrize(
    "dialogue",
    [imap.DIALOGUE, managesieve.DIALOGUE, pop3.DIALOGUE, smtp.DIALOGUE],
    ids=lambda d: d.protocol.value,
)
OPENING = {"imap": b"* OK hi", "managesieve": b'"SIEVE" "x"', "pop3": b"+OK hi", "smtp": b"220 hi"}
ENDLESS = {"imap": b"* 1 EXISTS", "managesieve": b'"X" "y"', "pop3": b"+OK X", "smtp": b"250-X"}
# A ManageSieve greeting is a whole reply.
REPLIES = {"managesieve": 0}
LIKELY = (
    b"* OK x|a1 OK|a2 OK|a3 OK|* CAPABILITY IMAP4rev1 STARTTLS|* BYE|* PREAUTH|*|* |+||* X {5}"
    b'|* X {0}|"SASL" "PLAIN"|"STARTTLS"|"X" {3}|OK|NO|BYE "x"|+OK|'
    b"-ERR|.|STLS|SASL PLAIN|220 x|250 STARTTLS|250-AUTH x|500|250|220-"
)
likely_line = st.one_of(st.binary(max_size=60), st.sampled_from(LIKELY.split(b"|")))


def fed(dialogue: Dialogue, security: Security, lines: list[bytes]) -> tuple[Seen, int]:
    """What is seen when the server says *lines* whenever it is listened to, and how many."""
    seen, read = Seen(), 0
    talk = dialogue.inspect(seen, security, "[127.0.0.1]")
    reply = None
    try:
        while True:
            step = talk.send(reply)
            reply = None
            if isinstance(step, ReadLine):
                if read == len(lines):
                    talk.throw(RemoteProtocolError(Problem.CLOSED, "closed"))
                reply, read = lines[read], read + 1
    except (StopIteration, RemoteProtocolError):
        return seen, read


@every_dialogue
@given(
    lines=st.lists(likely_line, max_size=12),
    security=st.sampled_from(Security),
    opened=st.booleans(),
)
def test_any_lines_end_in_a_result(
    dialogue: Dialogue, lines: list[bytes], security: Security, opened: bool
) -> None:
    """No line from a server raises anything but a protocol error, and all that is kept is safe."""
    if opened:
        lines = [OPENING[dialogue.protocol], *lines]
    seen, _ = fed(dialogue, security, lines)
    kept = (seen.greeting or "", *seen.capabilities_before, *seen.capabilities_after)
    assert all(printable(text) == text for text in kept)


@every_dialogue
def test_an_endless_reply_is_cut(dialogue: Dialogue) -> None:
    """A reply of more than 1,000 lines is not read to its end."""
    name = dialogue.protocol
    _, read = fed(dialogue, Security.TLS, [OPENING[name], *[ENDLESS[name]] * (2 * LINES)])
    assert read == LINES + 1 + REPLIES.get(name, 1)


@every_dialogue
def test_a_bulky_reply_is_cut(dialogue: Dialogue) -> None:
    """A reply of more than 64 KiB is not read to its end."""
    name = dialogue.protocol
    line = ENDLESS[name] + b" " + b"x" * 4000
    _, read = fed(dialogue, Security.TLS, [OPENING[name], *[line] * 100])
    assert read <= REPLY // 4000 + 2


@every_dialogue
def test_a_line_beyond_the_limit_is_refused(dialogue: Dialogue) -> None:
    """A driver that would let a longer line through does not get away with it."""
    seen, read = fed(dialogue, Security.TLS, [OPENING[dialogue.protocol] + b"x" * LINE, b"more"])
    assert (seen.greeting, read) == (None, 1)


def test_at_most_200_capabilities_are_kept() -> None:
    """The first ones stay, in their order."""
    names = b" ".join(b"X%d" % number for number in range(900))
    seen, _ = fed(imap.DIALOGUE, Security.TLS, [b"* OK [CAPABILITY %b] hi" % names])
    assert len(seen.capabilities_after) == CAPABILITIES
    assert seen.capabilities_after[:2] == ("X0", "X1")
