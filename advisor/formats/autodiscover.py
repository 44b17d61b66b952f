"""Autodiscover: "plain old XML" of Outlook, read leniently and written strictly, and the v2 JSON.

Knows what is said of IMAP, POP3, SMTP, Exchange Web Services, ActiveSync, and of the CalDAV and
CardDAV sections that eM Client reads. MAPI, web mail, public folders and free/busy are skipped.

See: [MS-OXDSCLI] §2.2.3 and §2.2.4; [MS-ASCMD] §2.2.1.1. Of v2 there is no specification.
"""

from __future__ import annotations

from advisor.formats._autodiscover_document import NO_SUCH_ADDRESS, Pointer, Refusal, Settings
from advisor.formats._autodiscover_json import parse_json
from advisor.formats._autodiscover_read import parse
from advisor.formats._autodiscover_write import render, request

__all__ = [
    "NO_SUCH_ADDRESS",
    "Pointer",
    "Refusal",
    "Settings",
    "parse",
    "parse_json",
    "render",
    "request",
]
