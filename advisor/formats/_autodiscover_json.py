"""The JSON of Autodiscover v2 → ``Pointer``. It names the address of a service, never settings."""

from __future__ import annotations

import json
from typing import Any

from advisor.errors import FormatError
from advisor.formats._autodiscover_document import Pointer
from advisor.formats._web_address import web_address
from advisor.model.evidence import Problem
from advisor.model.text import printable

MAX_DOCUMENT = 256 * 1024


def parse_json(document: bytes) -> Pointer:
    """What *document* says.

    Raises:
        FormatError: it is no such JSON, or the address in it is no https one.
    """
    if len(document) > MAX_DOCUMENT:
        raise FormatError(Problem.TOO_LARGE, "the document is too large for Autodiscover JSON")
    try:
        read = json.loads(document)
    except (ValueError, RecursionError):
        raise _bad("the document is no JSON") from None
    if not isinstance(read, dict):
        raise _bad("the document is JSON, and not Autodiscover’s")
    told = {key.lower(): value for key, value in read.items()}
    if "url" in told:
        return Pointer(url=_https(told["url"]))
    error = " ".join(_text(told.get(key)) for key in ("errorcode", "errormessage")).strip()
    if not error:
        raise _bad("the document has neither Url nor ErrorCode: it is no Autodiscover JSON")
    return Pointer(error=error)


def _https(url: Any) -> str:
    found = web_address(url, https_only=True) if isinstance(url, str) else None
    if found is None:
        raise _bad("its Url is no https address")
    return found.url


def _text(value: Any) -> str:
    return printable(str(value), 120) if isinstance(value, str | int) else ""


def _bad(message: str) -> FormatError:
    return FormatError(Problem.BAD_DOCUMENT, message)
