"""Taking passwords out of a text before anything of it is shown."""

from __future__ import annotations

import re

_MECHANISM = (
    r"(?:PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|NTLM|GSSAPI|EXTERNAL|XOAUTH2|OAUTHBEARER"
    r"|SCRAM-SHA-[0-9]{1,3}(?:-PLUS)?)"
)
_NAMED = r"(?:pass(?:word|wd|phrase|code)?|pwd|secret|(?:access|refresh)?_?token)"
_QUOTED = r"(?:\"[^\"\n]{0,256}\"|\S{1,256})"
_SECRETS = re.compile(
    # What follows an AUTH or AUTHENTICATE command, but no other mechanism's name.
    rf"(?P<auth>\bAUTH(?:ENTICATE)? {_MECHANISM} )(?!{_MECHANISM}\b)"
    r"[A-Za-z0-9+/]{4,4096}={0,2}(?=\s|['\"\\]|$)"
    # A tagged LOGIN of IMAP, and PASS of POP3.
    r"|(?P<login>(?<!\S)(?![2-5][0-9][0-9]\b)(?:[A-Za-z]{0,8}[0-9.]{1,8}|[A-Za-z]) LOGIN )"
    rf"{_QUOTED} {_QUOTED}"
    r"|(?P<pass>(?:^|[\s:>])PASS )[^\n]{1,256}"
    # password=…, "password": "…", pwd: …
    rf"|(?P<named>(?<![A-Za-z])(?i:{_NAMED})['\"]{{0,2}} ?[=:] ?['\"]?)[^\s'\"&,;]{{1,256}}"
    # What looks like base64: padded, or long and of all sorts.
    r"|(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{6,4096}={1,2}(?![A-Za-z0-9+/=])"
    r"|(?<![A-Za-z0-9+/])(?=[A-Z0-9+/]{0,64}[a-z])(?=[a-z0-9+/]{0,64}[A-Z])"
    r"(?=[A-Za-z+/]{0,64}[0-9])[A-Za-z0-9+/]{24,4096}",
    re.MULTILINE,
)
_HIDDEN = "\u2022"
_RUN = re.compile(rf"{_HIDDEN}(?: ?{_HIDDEN})*")


def masked(text: str) -> str:
    """*text*, of the same length, in which passwords, tokens and AUTH data are dots.

    What looks like one of them is taken for one. Line ends are needed to see where a password
    ends, and white space stays where it is.
    """
    return _SECRETS.sub(_hidden, text)


def _hidden(match: re.Match[str]) -> str:
    kept = match.group(match.lastgroup) if match.lastgroup else ""
    return kept + re.sub(r"\S", _HIDDEN, match.group()[len(kept) :])


def shortened(text: str) -> str:
    """*text* with each run of dots written as "…", so that not even a length is told."""
    return _RUN.sub("…", text)
