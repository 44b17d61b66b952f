"""Reading JSON from strangers: one object, in UTF-8, bounded in size and depth."""

from __future__ import annotations

import json
from typing import Any

from advisor.errors import FormatError
from advisor.model.evidence import Problem
from advisor.model.text import printable

MAX_DOCUMENT = 256 * 1024


def read(document: bytes, what: str) -> dict[str, Any]:
    """The object that *document* is; *what* names its kind in messages, such as "PACC JSON".

    Raises:
        FormatError: too large, a web page, not UTF-8, no JSON, too deep, or no object.
    """
    if len(document) > MAX_DOCUMENT:
        raise FormatError(Problem.TOO_LARGE, f"the document is too large for {what}")
    if document[:200].lstrip().startswith(b"<"):
        raise bad(f"the document is a web page or XML, not {what}")
    try:
        found = json.loads(document.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
    except UnicodeDecodeError:
        raise bad(f"the document is not UTF-8, which {what} must be") from None
    except json.JSONDecodeError as error:
        said = f"{printable(error.msg, 80)} in line {error.lineno}, column {error.colno}"
        raise bad(f"the document is not valid JSON, hence no {what}: {said}") from None
    except (ValueError, RecursionError):
        raise bad(f"the document nests too deep for {what}, or has endless numbers") from None
    if not isinstance(found, dict):
        raise bad(f"the document is JSON, but no object: it is not {what}")
    return found


def bad(message: str) -> FormatError:
    """The error for a document that is not what it should be."""
    return FormatError(Problem.BAD_DOCUMENT, message)
