"""What an IMAP server has no reason to say before encryption, and anybody on the way could.

See: "Why TLS is better without STARTTLS" (USENIX Security 2021), on mailbox data, alerts and
referrals that mail programs take from the time before TLS.
"""

from __future__ import annotations

import re

MAILBOX, ALERT, REFERRAL = "mailbox", "alert", "referral"

# mailbox-data / message-data    (RFC 9051 §9; LSUB and RECENT are RFC 3501's)
_MAILBOX = re.compile(
    rb"\* (?:(?:LIST|LSUB|STATUS|E?SEARCH|FLAGS|NAMESPACE|VANISHED)\b"
    rb"|\d+ (?:EXISTS|RECENT|EXPUNGE|FETCH)\b)",
    re.IGNORECASE,
)
# resp-text-code of a status response, untagged or tagged    (RFC 9051 §7.1, RFC 2221 §4)
_CODE = re.compile(rb"\S+ (?:OK|NO|BAD|BYE|PREAUTH) \[(ALERT|REFERRAL)\b", re.IGNORECASE)


def early(line: bytes) -> str | None:
    """The kind of *line*, where it has no business before encryption."""
    if _MAILBOX.match(line):
        return MAILBOX
    code = _CODE.match(line)
    return code[1].decode().lower() if code else None
