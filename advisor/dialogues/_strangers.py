"""Recognising what is no mail server of the expected kind, and which software greets."""

from __future__ import annotations

import re

from advisor.dialogues._lines import quoted
from advisor.errors import RemoteProtocolError
from advisor.model.evidence import Problem

_FTP = re.compile(rb"220[ -](?!.*SMTP).*(?:FTPd|FTP (?:server|service)|FileZilla)", re.IGNORECASE)

# The first that fits, so the special ones stand before the general.
_OPENINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), what)
    for pattern, what in (
        (rb"SSH-", "an SSH server"),
        (rb"HTTP/|\s*<(?:!doctype|html|\?xml)", "a web server"),
        (rb"\* (?:OK|PREAUTH|BYE)\b", "an IMAP server"),
        (rb"(?:\+OK|-ERR)\b", "a POP3 server"),
        (rb'"(?:IMPLEMENTATION|SASL|SIEVE|STARTTLS|VERSION)"', "a ManageSieve server"),
        (_FTP.pattern, "an FTP server"),
        (rb"20[01][ -]", "a news (NNTP) server"),
        (rb"[2-5][0-5]\d(?:[ -]|$)", "an SMTP server"),
        (rb"[\x14-\x17]\x03[\x00-\x04]", "a server that speaks TLS from the first byte"),
        (rb"\xff[\xfb-\xfe]", "a Telnet server"),
        (rb"RFB \d", "a VNC server"),
    )
)

# Names as the products write them; a host name that contains one is no evidence.
_PRODUCTS = tuple(
    (re.compile(rf"(?<![\w.@-])(?:{pattern})(?![\w@]|[.-][a-z])", re.IGNORECASE), name)
    for pattern, name in (
        (r"Gimap|gsmtp|Gpop|X-GM-EXT-1", "Gmail"),
        (r"Proton Mail Bridge|Proton(?:mail)? Bridge", "Proton Mail Bridge"),
        (r"Microsoft ESMTP MAIL Service|Microsoft Exchange(?: Server)?", "Microsoft Exchange"),
        (r"Dovecot(?: Pro)?", "Dovecot"),
        (r"Postfix", "Postfix"),
        (r"Exim", "Exim"),
        (r"Cyrus(?: IMAP\d?| POP3)?(?: Murder)?", "Cyrus"),
        (r"Courier-IMAP|Courier", "Courier"),
        (r"Zimbra", "Zimbra"),
        (r"Stalwart", "Stalwart"),
        (r"OpenSMTPD", "OpenSMTPD"),
        (r"Sendmail", "Sendmail"),
        (r"Haraka", "Haraka"),
        (r"hMailServer", "hMailServer"),
        (r"MailEnable", "MailEnable"),
        (r"SmarterMail", "SmarterMail"),
        (r"MDaemon", "MDaemon"),
        (r"IceWarp", "IceWarp"),
        (r"Kerio(?: Connect| MailServer)?", "Kerio Connect"),
        (r"Axigen", "Axigen"),
        (r"CommuniGate(?: Pro)?", "CommuniGate Pro"),
        (r"GroupWise", "GroupWise"),
        (r"(?:Lotus |HCL )?Domino", "Domino"),
        (r"Apache James|JAMES", "Apache James"),
        (r"Coremail", "Coremail"),
    )
)


def not_this(protocol: str, line: bytes) -> RemoteProtocolError:
    """The error for a line that is not *protocol*'s, saying what it looks like."""
    text = quoted(line)
    for pattern, what in _OPENINGS:
        if pattern.match(line) and f" {protocol} " not in what:
            message = f"the server answers like {what}, not like one for {protocol}: “{text}”"
            break
    else:
        message = f"the server answers with something that is not {protocol}: “{text}”"
    return RemoteProtocolError(Problem.NOT_THIS_PROTOCOL, message, text)


def is_ftp(line: bytes) -> bool:
    """Does a 220 greeting come from an FTP server? FTP and SMTP begin alike."""
    return bool(_FTP.match(line))


def software(*texts: str | None) -> str | None:
    """The product that *texts* from a server name, or None; a guess, for it may be disguised."""
    for text in texts:
        for pattern, name in _PRODUCTS:
            if text and pattern.search(text):
                return name
    return None
